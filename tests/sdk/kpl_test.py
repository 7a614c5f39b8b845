"""The Kinesis Producer Library writes, over TLS; the Kinesis Client Library reads.

The producer packs many user records into one of the stream, and believes no shard but that which it
computes itself: an answer that names another one makes it ask for the shards anew.
"""

import base64

import pytest

from client_program import ClientProgram
from resources import configuration

pytestmark = pytest.mark.slow

STREAM = "clicks"
USER_RECORDS = 1000


def records_of(kinesis, shard):
    iterator = kinesis.get_shard_iterator(StreamName=STREAM, ShardId=shard,
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)["Records"]


def test_what_the_producer_packs_the_consumer_unpacks(start, java, leases):
    server = start(clock="real", config=configuration(
        streams=[{"StreamName": STREAM, "ShardCount": 2}]))
    with ClientProgram(java("Producer", STREAM, "127.0.0.1", server.port, USER_RECORDS),
                       server.url) as producer:
        *told, last = producer.rest()
    # Records go alone until the producer has heard of the shards; the last thousand went packed.
    assert last["packed"] < USER_RECORDS / 10
    assert len(told) > USER_RECORDS
    assert [t["put"] for t in told] == [True] * len(told)

    shards = [s["ShardId"] for s in server.kinesis.list_shards(StreamName=STREAM)["Shards"]]
    packed = {(shard, record["SequenceNumber"]): record["Data"]
              for shard in shards for record in records_of(server.kinesis, shard)}
    assert {(t["shard"], t["sequence"]) for t in told} == set(packed)
    # A record that went alone goes as it is.
    assert any(data.startswith(b"\xf3\x89\x9a\xc2") for data in packed.values())

    with ClientProgram(java("Consumer", STREAM, "app-kpl", "polling"), server.url,
                       AWS_ENDPOINT_URL_DYNAMODB=leases) as consumer:
        seen = []
        while len(seen) < len(told):
            heard = consumer.told()
            if "data" in heard:
                number = int(base64.b64decode(heard["data"]).decode().removeprefix("record "))
                assert heard["key"] == f"key {number % 10}"
                seen.append(number)
        consumer.finish()
        assert not [heard for heard in consumer.rest() if "data" in heard]
    # The producer promises no order.
    assert sorted(seen) == list(range(len(told)))
