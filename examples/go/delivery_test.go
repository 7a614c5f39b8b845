// What a project can assert about its streams: what was delivered, what failed and why, and when.
package orders

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
)

func put(t *testing.T, stream string, texts ...string) {
	t.Helper()
	var records []firehosetypes.Record
	for _, text := range texts {
		records = append(records, firehosetypes.Record{Data: []byte(text)})
	}
	answer, err := firehose.NewFromConfig(hydrant.Config()).PutRecordBatch(t.Context(),
		&firehose.PutRecordBatchInput{DeliveryStreamName: aws.String(stream), Records: records})
	if err != nil {
		t.Fatal(err)
	}
	if *answer.FailedPutCount != 0 {
		t.Fatalf("%d records were refused", *answer.FailedPutCount)
	}
}

func TestABufferOfFiveMinutesIsWrittenAfterFiveMinutes(t *testing.T) {
	hydrant.Reset(t)
	put(t, "events", "one\n", "two\n")
	hydrant.Advance(t, 299)
	if early := hydrant.Delivered(t, "lake/events"); early != "" {
		t.Fatalf("after 299 seconds there is %q", early)
	}
	hydrant.Advance(t, 1)
	if got := hydrant.Delivered(t, "lake/events"); got != "one\ntwo\n" {
		t.Fatalf("after 300 seconds there is %q", got)
	}
}

func TestWhatIsNoJSONFailsToBePartitioned(t *testing.T) {
	hydrant.Reset(t)
	put(t, "events-by-country", `{"country":"KR","n":1}`, "oops", `{"country":"US","n":2}`)
	hydrant.Flush(t)
	if got := hydrant.Delivered(t, "lake/by-country/country=KR"); got != `{"country":"KR","n":1}` {
		t.Errorf("in the folder of KR there is %q", got)
	}
	var failure struct {
		ErrorCode string
		RawData   []byte
	}
	line := hydrant.Delivered(t, "lake/errors/processing-failed")
	if err := json.Unmarshal([]byte(line), &failure); err != nil {
		t.Fatalf("no failure record: %q", line)
	}
	if failure.ErrorCode != "DynamicPartitioning.MetadataExtractionFailed" {
		t.Errorf("the failure is %s", failure.ErrorCode)
	}
	if string(failure.RawData) != "oops" {
		t.Errorf("the record that failed is %q", failure.RawData)
	}
}

func TestThe1001stRecordOfASecondIsRefused(t *testing.T) {
	hydrant.Reset(t)
	client := kinesis.NewFromConfig(hydrant.Config())
	records := make([]types.PutRecordsRequestEntry, 500)
	for i := range records {
		records[i] = types.PutRecordsRequestEntry{PartitionKey: aws.String("ann"), Data: []byte("/cart\n")}
	}
	for range 2 {
		answer, err := client.PutRecords(t.Context(),
			&kinesis.PutRecordsInput{StreamName: aws.String("clicks"), Records: records})
		if err != nil || *answer.FailedRecordCount != 0 {
			t.Fatalf("500 records: %v, %v", answer, err)
		}
	}
	oneMore := func() error {
		_, err := client.PutRecord(t.Context(), &kinesis.PutRecordInput{
			StreamName: aws.String("clicks"), PartitionKey: aws.String("ann"), Data: []byte("/cart\n")})
		return err
	}
	var refused *types.ProvisionedThroughputExceededException
	if err := oneMore(); !errors.As(err, &refused) {
		t.Fatalf("the 1001st record: %v", err)
	}
	hydrant.Advance(t, 1)
	if err := oneMore(); err != nil {
		t.Fatalf("a second later: %v", err)
	}
}
