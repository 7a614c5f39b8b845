"""Tests against the service `hydrant` of the job, which AWS_ENDPOINT_URL names."""

import json
import os
import urllib.request

import boto3
import pytest

ROLE = "arn:aws:iam::000000000000:role/firehose"


def admin(path, body=None):
    """GET /_hydrant/PATH, or POST it with a body."""
    text = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{os.environ['AWS_ENDPOINT_URL']}/_hydrant/{path}", text)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


@pytest.fixture(autouse=True)
def empty():
    """Each test begins with a server that has nothing."""
    admin("reset", {})


def test_a_record_comes_back():
    kinesis = boto3.client("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    put = kinesis.put_record(StreamName="clicks", PartitionKey="ann", Data=b"/cart")
    iterator = kinesis.get_shard_iterator(StreamName="clicks", ShardId=put["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    (record,) = kinesis.get_records(ShardIterator=iterator)["Records"]
    assert (record["PartitionKey"], record["Data"]) == ("ann", b"/cart")


def test_a_buffer_of_five_minutes_is_written_after_five_minutes():
    firehose = boto3.client("firehose")
    firehose.create_delivery_stream(DeliveryStreamName="events", ExtendedS3DestinationConfiguration={
        "RoleARN": ROLE, "BucketARN": "arn:aws:s3:::lake", "Prefix": "events/"})
    firehose.put_record(DeliveryStreamName="events", Record={"Data": b"/cart\n"})
    admin("clock/advance", {"seconds": 299})
    assert admin("state")["objects"] == []
    admin("clock/advance", {"seconds": 1})
    (delivered,) = admin("state")["objects"]
    assert delivered["bucket"] == "lake"
    assert delivered["key"].startswith("events/2026/01/31/")
    assert delivered["size"] == len(b"/cart\n")
