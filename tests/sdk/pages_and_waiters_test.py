"""The paginators and waiters of boto3."""

import pytest

from resources import configuration, stream_arn

STREAM = "clicks"


@pytest.fixture
def server(start):
    return start("--delays.createStreamMs", 100, "--delays.deleteStreamMs", 100, clock="real",
                 config=configuration(streams=[{"StreamName": STREAM, "ShardCount": 5}]))


def pages(client, operation, member, size, **arguments):
    """The items of each page, and all of them."""
    found = [page[member] for page in client.get_paginator(operation).paginate(
        PaginationConfig={"PageSize": size}, **arguments)]
    return [len(items) for items in found], [item for items in found for item in items]


SHARDS = [f"shardId-{number:012}" for number in range(5)]


def test_streams_come_in_pages(server):
    names = [f"stream-{number}" for number in range(4)]
    for name in names:
        server.kinesis.create_stream(StreamName=name, ShardCount=1)
    assert pages(server.kinesis, "list_streams", "StreamNames", 2) == ([2, 2, 1], [STREAM, *names])


def test_shards_come_in_one_page(server):
    # As on AWS, which refuses the name of the stream that boto3 sends along with the next token.
    sizes, found = pages(server.kinesis, "list_shards", "Shards", None, StreamName=STREAM)
    assert (sizes, [shard["ShardId"] for shard in found]) == ([5], SHARDS)


def test_the_shards_of_a_description_come_in_pages(server):
    paginator = server.kinesis.get_paginator("describe_stream")
    found = [[shard["ShardId"] for shard in page["StreamDescription"]["Shards"]]
             for page in paginator.paginate(StreamName=STREAM, PaginationConfig={"PageSize": 2})]
    assert found == [SHARDS[:2], SHARDS[2:4], SHARDS[4:]]


def test_consumers_come_in_pages(server):
    names = [f"consumer-{number}" for number in range(3)]
    for name in names:
        server.kinesis.register_stream_consumer(StreamARN=stream_arn(STREAM), ConsumerName=name)
    sizes, found = pages(server.kinesis, "list_stream_consumers", "Consumers", 2,
                         StreamARN=stream_arn(STREAM))
    assert (sizes, sorted(consumer["ConsumerName"] for consumer in found)) == ([2, 1], names)


def test_waiters_see_a_stream_come_and_go(server):
    kinesis, patience = server.kinesis, {"Delay": 0.05, "MaxAttempts": 1000}
    kinesis.create_stream(StreamName="short", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="short", WaiterConfig=patience)
    assert server.stream("short")["status"] == "ACTIVE"
    kinesis.delete_stream(StreamName="short")
    kinesis.get_waiter("stream_not_exists").wait(StreamName="short", WaiterConfig=patience)
    assert kinesis.list_streams()["StreamNames"] == [STREAM]
