"""What a project can assert about its streams: what was delivered, what failed and why, and when."""

import base64
import json

import pytest

LAMP = {"item": "lamp", "price": 20, "quantity": 2}
NOTHING = {"item": "vase", "price": 9, "quantity": 0}


def put(firehose, stream, *orders):
    answer = firehose.put_record_batch(
        DeliveryStreamName=stream, Records=[{"Data": json.dumps(order)} for order in orders])
    assert answer["FailedPutCount"] == 0


def raw(failure):
    return json.loads(base64.b64decode(failure["rawData"]))


def test_orders_are_delivered_with_their_total(hydrant, firehose):
    put(firehose, "orders", LAMP, NOTHING)
    (name,) = hydrant.flush()
    assert name.startswith("lake/orders/2026/01/31/")
    assert hydrant.lines("lake/orders") == [{**LAMP, "total": 40}]
    assert hydrant.objects("lake/errors") == {}


def test_a_buffer_of_five_minutes_is_written_after_five_minutes(hydrant, kinesis):
    kinesis.put_record(StreamName="clicks", PartitionKey="ann", Data=b"/cart\n")
    # Firehose reads a stream once a second, and counts from when it has read.
    hydrant.advance(299)
    assert hydrant.objects("lake/clicks") == {}
    hydrant.advance(2)
    assert list(hydrant.objects("lake/clicks").values()) == ["/cart\n"]


def test_a_record_that_the_function_leaves_out_is_missing(hydrant, firehose):
    put(firehose, "forgotten-orders", LAMP, NOTHING)
    hydrant.flush()
    assert hydrant.lines("lake/orders") == [LAMP]
    (failure,) = hydrant.lines("lake/errors/processing-failed")
    assert failure["errorCode"] == "Lambda.MissingRecordId"
    assert raw(failure) == NOTHING


def test_a_record_that_the_function_returns_twice_is_duplicated(hydrant, firehose):
    put(firehose, "repeated-orders", LAMP)
    hydrant.flush()
    assert hydrant.lines("lake/orders") == []
    failures = hydrant.lines("lake/errors/processing-failed")
    assert {failure["errorCode"] for failure in failures} == {"Lambda.DuplicatedRecordId"}
    assert raw(failures[0]) == LAMP


def test_the_1001st_record_of_a_second_is_refused(hydrant, kinesis):
    records = [{"PartitionKey": "ann", "Data": b"/cart\n"}] * 500
    for _ in range(2):
        answer = kinesis.put_records(StreamName="clicks", Records=records)
        assert answer["FailedRecordCount"] == 0

    def one_more():
        return kinesis.put_record(StreamName="clicks", PartitionKey="ann", Data=b"/cart\n")

    with pytest.raises(kinesis.exceptions.ProvisionedThroughputExceededException):
        one_more()
    hydrant.advance(1)
    assert one_more()["ShardId"] == "shardId-000000000000"
