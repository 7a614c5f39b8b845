package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
)

func allOf(ctx context.Context, client *kinesis.Client, name string, shard *string) (
	[]types.Record, error) {
	begin, err := client.GetShardIterator(ctx, &kinesis.GetShardIteratorInput{
		StreamName: &name, ShardId: shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	if err != nil {
		return nil, err
	}
	var records []types.Record
	for iterator := begin.ShardIterator; ; {
		page, err := client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: iterator})
		if err != nil {
			return nil, err
		}
		records = append(records, page.Records...)
		if *page.MillisBehindLatest == 0 {
			return records, nil
		}
		iterator = page.NextShardIterator
	}
}

func put(ctx context.Context, client *kinesis.Client, name string) ([]seen, error) {
	one, err := client.PutRecord(ctx, &kinesis.PutRecordInput{
		StreamName: &name, PartitionKey: aws.String("every byte"), Data: everyByte()})
	if err != nil {
		return nil, err
	}
	placed := []seen{{"shard": one.ShardId, "sequence": one.SequenceNumber}}
	var entries []types.PutRecordsRequestEntry
	for _, key := range []string{"a", "b", "c"} {
		entries = append(entries, types.PutRecordsRequestEntry{
			PartitionKey: aws.String(key), Data: []byte("data of " + key)})
	}
	more, err := client.PutRecords(ctx, &kinesis.PutRecordsInput{
		StreamName: &name, Records: entries})
	if err != nil {
		return nil, err
	}
	for _, r := range more.Records {
		placed = append(placed, seen{"shard": r.ShardId, "sequence": r.SequenceNumber})
	}
	return placed, nil
}

func roundTrip(ctx context.Context, client *kinesis.Client, name string) error {
	if _, err := client.CreateStream(ctx, &kinesis.CreateStreamInput{
		StreamName: &name, ShardCount: aws.Int32(2)}); err != nil {
		return err
	}
	waiter := kinesis.NewStreamExistsWaiter(client, func(o *kinesis.StreamExistsWaiterOptions) {
		o.MinDelay = time.Second / 10
	})
	exists, err := waiter.WaitForOutput(
		ctx, &kinesis.DescribeStreamInput{StreamName: &name}, time.Minute)
	if err != nil {
		return err
	}
	placed, err := put(ctx, client, name)
	if err != nil {
		return err
	}
	var read []seen
	for _, shard := range exists.StreamDescription.Shards {
		records, err := allOf(ctx, client, name, shard.ShardId)
		if err != nil {
			return err
		}
		for _, r := range records {
			read = append(read, seen{"shard": shard.ShardId, "sequence": r.SequenceNumber,
				"key": r.PartitionKey, "data": r.Data,
				"arrival": float64(r.ApproximateArrivalTimestamp.UnixMilli()) / 1000})
		}
	}
	tell(seen{"status": exists.StreamDescription.StreamStatus,
		"shards": len(exists.StreamDescription.Shards), "put": placed, "read": read})
	return nil
}

func tellRefusal(err error) {
	var refusal smithy.APIError
	var response *awshttp.ResponseError
	if !errors.As(err, &refusal) || !errors.As(err, &response) {
		tell(seen{"type": "none"})
		return
	}
	tell(seen{"type": refusal.ErrorCode(), "message": refusal.ErrorMessage(),
		"status": response.HTTPStatusCode(), "requestId": response.ServiceRequestID()})
}

func refusals(ctx context.Context, client *kinesis.Client, name string) error {
	_, err := client.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{
		StreamName: aws.String(name + "-missing")})
	var typed *types.ResourceNotFoundException
	if err != nil && !errors.As(err, &typed) {
		return err
	}
	tellRefusal(err)
	_, err = client.CreateStream(ctx, &kinesis.CreateStreamInput{
		StreamName: &name, ShardCount: aws.Int32(1)})
	tellRefusal(err)
	_, err = client.GetRecords(ctx, &kinesis.GetRecordsInput{ShardIterator: aws.String("x")})
	tellRefusal(err)
	_, err = client.PutRecord(ctx, &kinesis.PutRecordInput{StreamName: &name,
		PartitionKey: aws.String(strings.Repeat("k", 257)), Data: everyByte()})
	tellRefusal(err)
	return nil
}

func deliver(ctx context.Context, client *firehose.Client, name string) error {
	one, err := client.PutRecord(ctx, &firehose.PutRecordInput{DeliveryStreamName: &name,
		Record: &firehosetypes.Record{Data: []byte("one\n")}})
	if err != nil {
		return err
	}
	more, err := client.PutRecordBatch(ctx, &firehose.PutRecordBatchInput{
		DeliveryStreamName: &name,
		Records:            []firehosetypes.Record{{Data: []byte("two\n")}, {Data: everyByte()}}})
	if err != nil {
		return err
	}
	ids := []*string{one.RecordId}
	for _, r := range more.RequestResponses {
		ids = append(ids, r.RecordId)
	}
	tell(seen{"ids": ids, "failed": more.FailedPutCount})
	return nil
}
