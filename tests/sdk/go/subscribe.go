package main

import (
	"context"
	"errors"
	"net"
	"time"

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

// Tells what the first shard has until it ends. Once in some hundred times the SDK ends a connection
// itself: its transport takes a reply that comes before the request's body has been closed for a
// failed write. A consumer goes on behind its last record then, as it must after five minutes anyway.
func subscribe(ctx context.Context, client *kinesis.Client, name string) error {
	consumer, err := activeConsumer(ctx, client, name)
	if err != nil {
		return err
	}
	position := types.StartingPosition{Type: types.ShardIteratorTypeTrimHorizon}
	stream, err := subscribeFrom(ctx, client, consumer, position)
	if err != nil {
		return err
	}
	tell(seen{"subscribed": true})
	for {
		err = tellEvents(stream, &position)
		if !errors.Is(err, net.ErrClosed) {
			break
		}
		if stream, err = subscribeAgain(ctx, client, consumer, position); err != nil {
			return err
		}
	}
	if err == nil {
		tell(seen{"ended": true})
	}
	return err
}

func subscribeFrom(ctx context.Context, client *kinesis.Client, consumer *string,
	position types.StartingPosition) (*kinesis.SubscribeToShardEventStream, error) {
	subscription, err := client.SubscribeToShard(ctx, &kinesis.SubscribeToShardInput{
		ConsumerARN: consumer, ShardId: aws.String("shardId-000000000000"),
		StartingPosition: &position})
	if err != nil {
		return nil, err
	}
	return subscription.GetStream(), nil
}

// A subscription is refused in the five seconds behind the one before.
func subscribeAgain(ctx context.Context, client *kinesis.Client, consumer *string,
	position types.StartingPosition) (*kinesis.SubscribeToShardEventStream, error) {
	for attempt := 1; ; attempt++ {
		stream, err := subscribeFrom(ctx, client, consumer, position)
		var inUse *types.ResourceInUseException
		if !errors.As(err, &inUse) || attempt == 10 {
			return stream, err
		}
		time.Sleep(time.Second)
	}
}

// Moves the position behind what it tells.
func tellEvents(stream *kinesis.SubscribeToShardEventStream, position *types.StartingPosition) error {
	defer stream.Close()
	for member := range stream.Events() {
		event := member.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value
		for _, r := range event.Records {
			tell(seen{"key": r.PartitionKey, "data": r.Data})
			*position = types.StartingPosition{Type: types.ShardIteratorTypeAfterSequenceNumber,
				SequenceNumber: r.SequenceNumber}
		}
		if event.ChildShards != nil {
			var children []*string
			for _, child := range event.ChildShards {
				children = append(children, child.ShardId)
			}
			tell(seen{"children": children, "continuation": event.ContinuationSequenceNumber})
		}
	}
	return stream.Err()
}
