"""The limits of one call and of one shard, as a producer meets them."""

import json
import re

import pytest
from botocore.exceptions import ClientError

from resources import ACCOUNT, bucket, configuration, from_stream

STREAM = "limits"
KEY = "a-partition-key-of-25-byt"
FIRST_SHARD = "shardId-000000000000"


@pytest.fixture
def start_with_stream(start):
    def start_one(*flags):
        return start(*flags, config=configuration(
            streams=[{"StreamName": STREAM, "ShardCount": 1}],
            deliveryStreams=[from_stream("to-s3", STREAM, bucket("limits"))]))

    return start_one


def numbered(count):
    return [{"Data": json.dumps({"test": n}), "PartitionKey": KEY} for n in range(count)]


def put(server, records):
    return server.kinesis.put_records(StreamName=STREAM, Records=records)


def stored(server):
    return server.stream(STREAM)["shards"][0]["incomingRecords"]


def test_a_call_with_more_than_500_records_is_refused_whole(start_with_stream):
    server = start_with_stream()
    records = numbered(1000)
    with pytest.raises(ClientError) as refused:
        put(server, records)
    error = refused.value.response["Error"]
    assert error["Code"] == "ValidationException"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    entries = [f"PutRecordsRequestEntry(data=java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}], "
               f"explicitHashKey=null, partitionKey={KEY})"
               for size in (len(record["Data"]) for record in records)]
    head, tail = ("1 validation error detected: Value '[",
                  "]' at 'records' failed to satisfy constraint: Member must have length less "
                  "than or equal to 500")
    assert error["Message"].startswith(head + ", ".join(entries[:3]))
    assert error["Message"].endswith(tail)
    assert stored(server) == 0
    server.advance(300)
    assert server.objects() == {}


def test_a_call_of_500_records_is_delivered_in_its_order(start_with_stream):
    server = start_with_stream()
    answer = put(server, numbered(500))
    assert answer["FailedRecordCount"] == 0
    assert {entry["ShardId"] for entry in answer["Records"]} == {FIRST_SHARD}
    numbers = [entry["SequenceNumber"] for entry in answer["Records"]]
    assert numbers == sorted(set(numbers), key=int)
    assert all(re.fullmatch(r"49\d{54}", number) for number in numbers)
    server.advance(62)
    (content,) = server.objects().values()
    assert content.decode() == "".join(f'{{"test": {n}}}' for n in range(500))


def large_records(count=20, size=55_000):
    return [{"Data": b"a" * size, "PartitionKey": KEY} for _ in range(count)]


@pytest.mark.parametrize("seconds_between, refused", [(0, 41), (0.83, 10), (1.245, 3)])
def test_a_shard_takes_a_mebibyte_a_second(start_with_stream, seconds_between, refused):
    server = start_with_stream()
    answers = []
    for call in range(3):
        if call and seconds_between:
            server.advance(seconds_between)
        answers.append(put(server, large_records()))
    entries = [entry for answer in answers for entry in answer["Records"]]
    failed = [entry for entry in entries if "ErrorCode" in entry]
    assert (len(entries), len(failed)) == (60, refused)
    assert sum(answer["FailedRecordCount"] for answer in answers) == refused
    assert stored(server) == 60 - refused
    for entry in failed:
        assert entry["ErrorCode"] == "ProvisionedThroughputExceededException"
        assert entry["ErrorMessage"] == (f"Rate exceeded for shard {FIRST_SHARD} in stream "
                                         f"{STREAM} under account {ACCOUNT}.")
        assert "SequenceNumber" not in entry


def test_the_1001st_record_of_an_instant_is_refused(start_with_stream):
    server = start_with_stream()
    assert put(server, numbered(500))["FailedRecordCount"] == 0
    assert put(server, numbered(500))["FailedRecordCount"] == 0
    assert put(server, numbered(500))["FailedRecordCount"] == 500
    server.advance(0.1)
    assert put(server, numbered(500))["FailedRecordCount"] == 400


def test_with_room_for_bursts_1500_records_in_half_a_second_pass(start_with_stream):
    server = start_with_stream("--throttle.burstSeconds", "1.5")
    for call in range(3):
        if call:
            server.advance(0.23)
        assert put(server, numbered(500))["FailedRecordCount"] == 0
    server.advance(62)
    (content,) = server.objects().values()
    assert content.decode() == "".join(f'{{"test": {n}}}' for n in range(500)) * 3


def test_with_room_for_bursts_more_than_a_mebibyte_passes_in_one_call(start_with_stream):
    server = start_with_stream("--throttle.burstSeconds", "1.5")
    assert put(server, large_records())["FailedRecordCount"] == 0
    assert stored(server) == 20


def test_a_refused_call_of_one_record_is_an_error(start_with_stream):
    server = start_with_stream()
    assert put(server, large_records(19))["FailedRecordCount"] == 0
    with pytest.raises(ClientError) as refused:
        server.kinesis.put_record(StreamName=STREAM, Data=b"a" * 55_000, PartitionKey=KEY)
    assert refused.value.response["Error"]["Code"] == "ProvisionedThroughputExceededException"
