"""From a Kinesis stream into objects: many shards, resharding, aggregates, and a function between."""

import base64
import json

from aggregation import aggregated
from resources import (bucket, buffering, configuration, from_stream, processed_by, processor,
                       python_function, transforming)

STREAM = "clicks"
LINES = processor("AppendDelimiterToRecord")


def start_from_stream(start, shards, *processors, **parts):
    return start(config=configuration(
        streams=[{"StreamName": STREAM, "ShardCount": shards}],
        deliveryStreams=[from_stream("to-s3", STREAM, bucket(
            "clicks", BufferingHints=buffering(5, 60),
            ProcessingConfiguration=processed_by(*processors, LINES)))], **parts))


def put(server, entries):
    """Puts (partition key, data) of each, and tells the shards that they went to."""
    shards = set()
    for first in range(0, len(entries), 500):
        answer = server.kinesis.put_records(StreamName=STREAM, Records=[
            {"PartitionKey": key, "Data": data} for key, data in entries[first:first + 500]])
        assert answer["FailedRecordCount"] == 0
        shards |= {entry["ShardId"] for entry in answer["Records"]}
    return shards


def lines_of(server):
    """The lines of all objects, the oldest object first."""
    oldest_first = sorted(server.objects().items(), key=lambda item: item[0].split("clicks-1-")[-1])
    return b"".join(content for _, content in oldest_first).decode().splitlines()


def numbered(first, count):
    return [(f"key-{number % 97}", f"record-{number:06}") for number in range(first, first + count)]


def test_every_record_is_delivered_once_while_the_shards_are_split_and_merged(start):
    server = start_from_stream(start, 4)
    written, shards = [], set()
    for round_number, shard_count in enumerate([4, 8, 16, 8, 4, 2, 3, 6]):
        server.kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=shard_count,
                                          ScalingType="UNIFORM_SCALING")
        # Some before the reader has seen the new shards, and some behind it.
        for part in range(3):
            entries = numbered(round_number * 900 + part * 300, 300)
            shards |= put(server, entries)
            written += entries
            server.advance((0.4, 1, 7)[part])
    server.advance(120)
    lines = lines_of(server)
    assert len(shards) > 20, "too few shards to mean anything"
    assert len(lines) == len(set(lines)), "a record came twice"
    assert sorted(lines) == sorted(data for _, data in written)
    state = server.delivery_stream("to-s3")
    assert state["undeliveredRecords"] == 0
    assert len(server.objects()) > 1


def test_records_of_a_partition_key_keep_their_order_through_resharding(start):
    server = start_from_stream(start, 2)
    written = []
    for round_number, shard_count in enumerate([4, 2, 4]):
        server.kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=shard_count,
                                          ScalingType="UNIFORM_SCALING")
        entries = numbered(round_number * 500, 500)
        put(server, entries)
        written += entries
    server.flush("to-s3")
    lines = lines_of(server)
    key_of = {data: key for key, data in written}
    for key in set(key_of.values()):
        assert [line for line in lines if key_of[line] == key] == [
            data for written_key, data in written if written_key == key]


def test_an_aggregate_is_delivered_as_the_records_that_it_holds(start):
    server = start_from_stream(start, 3)
    packs = [[(f"user-{n % 7}", f"packed-{pack}-{n}".encode()) for n in range(100)]
             for pack in range(20)]
    alone = numbered(0, 50)
    for number, pack in enumerate(packs):
        more = {"hash_keys": ["0", str(2**127)], "tags": [("name", "value")]} if number % 2 else {}
        put(server, [(f"pack-{number}", aggregated(pack, **more))])
    put(server, alone)
    server.advance(120)
    wanted = [data.decode() for pack in packs for _, data in pack] + [data for _, data in alone]
    assert sorted(lines_of(server)) == sorted(wanted)


def test_what_only_looks_like_an_aggregate_is_one_record(start):
    server = start_from_stream(start, 1)
    good = aggregated([("a", b"one"), ("b", b"two")])
    broken = [good[:-1] + bytes([good[-1] ^ 1]), good[:4], good[:20], b"\xf3\x89\x9a\xc2" + b"x" * 16]
    for data in broken:
        put(server, [("a", data)])
    server.flush("to-s3")
    assert b"".join(server.objects().values()) == b"".join(data + b"\n" for data in broken)


def test_a_function_is_told_where_each_record_of_an_aggregate_stood(start):
    server = start_from_stream(
        start, 1, transforming("told"),
        functions=[python_function("told", "telling.lambda_handler")])
    put(server, [("pack", aggregated([("a", b"one"), ("b", b"two"), ("a", b"three")])),
                 ("alone", b"four")])
    server.flush("to-s3")
    told = [json.loads(line) for line in lines_of(server)]
    assert [base64.b64decode(record["data"]) for record in told] == [
        b"one", b"two", b"three", b"four"]
    metadata = [record["kinesisRecordMetadata"] for record in told]
    assert [entry["subsequenceNumber"] for entry in metadata] == [0, 1, 2, 0]
    assert [entry["partitionKey"] for entry in metadata] == ["a", "b", "a", "alone"]
    assert len({entry["sequenceNumber"] for entry in metadata}) == 2
    assert {entry["shardId"] for entry in metadata} == {"shardId-000000000000"}
    assert len({record["recordId"] for record in told}) == 4
    for record, entry in zip(told, metadata):
        number = f'{entry["sequenceNumber"]}{entry["subsequenceNumber"]:06}'
        assert record["recordId"] == number
