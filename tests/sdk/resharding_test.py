"""A producer that never stops while the shards of its stream are split and merged."""

import json
import re

import pytest

from resources import buffering, bucket, configuration, from_stream

STREAM = "numbers"
CALLS, RECORDS_OF_CALL, SECONDS_BETWEEN = 100, 500, 0.5
# Long enough for several calls to arrive while the stream is UPDATING.
RESHARD_MS = 3000


@pytest.fixture
def start_with_shards(start):
    def start_one(shards):
        return start("--delays.reshardMs", RESHARD_MS, config=configuration(
            streams=[{"StreamName": STREAM, "ShardCount": shards}],
            deliveryStreams=[from_stream("to-s3", STREAM,
                                         bucket("numbers", BufferingHints=buffering(5, 60)))]))

    return start_one


def open_shards(kinesis):
    shards = kinesis.list_shards(StreamName=STREAM)["Shards"]
    return [s for s in shards if "EndingSequenceNumber" not in s["SequenceNumberRange"]]


def split(kinesis):
    (shard,) = open_shards(kinesis)
    kinesis.split_shard(StreamName=STREAM, ShardToSplit=shard["ShardId"],
                        NewStartingHashKey=str(2**127))


def merge(kinesis):
    first, second = open_shards(kinesis)
    kinesis.merge_shards(StreamName=STREAM, ShardToMerge=first["ShardId"],
                         AdjacentShardToMerge=second["ShardId"])


def resize(kinesis):
    count = 3 - len(open_shards(kinesis))
    kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=count,
                               ScalingType="UNIFORM_SCALING")


def records_of(call):
    first = call * RECORDS_OF_CALL
    return [{"Data": json.dumps({"test": n}), "PartitionKey": f"key-{n}"}
            for n in range(first, first + RECORDS_OF_CALL)]


@pytest.mark.parametrize("shards, reshard", [(1, split), (2, merge), (1, resize), (2, resize)],
                         ids=["split", "merge", "to two", "to one"])
def test_every_record_is_delivered_once(start_with_shards, shards, reshard):
    server = start_with_shards(shards)
    kinesis, written_to, statuses = server.kinesis, set(), set()
    for call in range(CALLS):
        if call == CALLS // 2:
            reshard(kinesis)
        answer = kinesis.put_records(StreamName=STREAM, Records=records_of(call))
        assert answer["FailedRecordCount"] == 0, f"in call {call}"
        written_to |= {entry["ShardId"] for entry in answer["Records"]}
        statuses.add(server.stream(STREAM)["status"])
        server.advance(SECONDS_BETWEEN)
    assert statuses == {"ACTIVE", "UPDATING"}
    assert len(written_to) == 3, "one before and two behind, or the other way round"
    assert len(open_shards(kinesis)) == 3 - shards

    server.advance(122)
    delivered = b"".join(server.objects().values()).decode()
    numbers = re.findall(r'\{"test": (\d+)\}', delivered)
    assert re.sub(r'\{"test": \d+\}', "", delivered) == ""
    assert sorted(map(int, numbers)) == list(range(CALLS * RECORDS_OF_CALL))
