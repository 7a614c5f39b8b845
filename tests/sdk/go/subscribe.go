package main

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func activeConsumer(ctx context.Context, client *kinesis.Client, stream string) (*string, error) {
	summary, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{
		StreamName: &stream})
	if err != nil {
		return nil, err
	}
	registered, err := client.RegisterStreamConsumer(ctx, &kinesis.RegisterStreamConsumerInput{
		StreamARN: summary.StreamDescriptionSummary.StreamARN, ConsumerName: aws.String("go")})
	if err != nil {
		return nil, err
	}
	arn := registered.Consumer.ConsumerARN
	for {
		described, err := client.DescribeStreamConsumer(
			ctx, &kinesis.DescribeStreamConsumerInput{ConsumerARN: arn})
		if err != nil {
			return nil, err
		}
		if described.ConsumerDescription.ConsumerStatus == types.ConsumerStatusActive {
			return arn, nil
		}
	}
}

// Tells what the first shard has until it ends.
func subscribe(ctx context.Context, client *kinesis.Client, name string) error {
	consumer, err := activeConsumer(ctx, client, name)
	if err != nil {
		return err
	}
	subscription, err := client.SubscribeToShard(ctx, &kinesis.SubscribeToShardInput{
		ConsumerARN: consumer, ShardId: aws.String("shardId-000000000000"),
		StartingPosition: &types.StartingPosition{Type: types.ShardIteratorTypeTrimHorizon}})
	if err != nil {
		return err
	}
	tell(seen{"subscribed": true})
	stream := subscription.GetStream()
	defer stream.Close()
	for member := range stream.Events() {
		event := member.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
		for _, r := range event.Records {
			tell(seen{"key": r.PartitionKey, "data": r.Data})
		}
		if event.ChildShards != nil {
			var children []*string
			for _, child := range event.ChildShards {
				children = append(children, child.ShardId)
			}
			tell(seen{"children": children, "continuation": event.ContinuationSequenceNumber})
		}
	}
	if err := stream.Err(); err != nil {
		return err
	}
	tell(seen{"ended": true})
	return nil
}
