"""What happens when records fill the memory that they may take."""

import os
import re
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from resources import buffering, bucket, configuration, direct_put

RECORD = b"x" * 900_000
FULL = "The records held in memory have reached memory.maxMiB (4 MiB)."


@pytest.fixture
def start_small(start):
    def start_one(when_full):
        return start("--memory.maxMiB", "4", "--memory.whenFull", when_full,
                     "--throttle.scale", "100", config=configuration(
                         streams=[{"StreamName": "clicks"}],
                         deliveryStreams=[direct_put("events", bucket(
                             "events", BufferingHints=buffering(128, 60)))]))

    return start_one


def put_to_stream(server):
    server.kinesis.put_record(StreamName="clicks", Data=RECORD, PartitionKey="a")


def put_to_firehose(server):
    server.firehose.put_record(DeliveryStreamName="events", Record={"Data": RECORD})


def refusal(put, server):
    with pytest.raises(ClientError) as refused:
        put(server)
    return refused.value.response


def test_a_full_memory_refuses_records_and_says_why(start_small):
    server = start_small("refuse")
    for _ in range(2):
        put_to_stream(server)
        put_to_firehose(server)
    of_stream, of_firehose = refusal(put_to_stream, server), refusal(put_to_firehose, server)
    assert of_stream["Error"] == {"Code": "ProvisionedThroughputExceededException",
                                  "Message": FULL}
    assert of_firehose["Error"] == {"Code": "ServiceUnavailableException", "Message": FULL}
    assert of_firehose["ResponseMetadata"]["HTTPStatusCode"] == 503

    server.flush()
    put_to_firehose(server)
    assert [len(content) for content in server.objects().values()] == [2 * len(RECORD)]


def test_a_full_memory_can_trim_what_streams_hold_and_never_what_is_undelivered(start_small):
    server = start_small("trim")
    put_to_firehose(server)
    for _ in range(8):
        put_to_stream(server)
    (shard,) = server.stream("clicks")["shards"]
    assert shard["incomingRecords"] == 8
    assert shard["recordsHeld"] + shard["recordsTrimmedEarly"] == 8
    assert 1 <= shard["recordsHeld"] <= 3, "the newest, as far as there is room beside the others"
    for _ in range(3):
        put_to_firehose(server)
    assert refusal(put_to_firehose, server)["Error"]["Message"] == FULL
    server.advance(60)
    assert [len(content) for content in server.objects().values()] == [4 * len(RECORD)]


MIB = 2**20
BATCH_RECORDS, RECORD_BYTES, SHARDS = 500, 8000, 64
BATCH_MIB = BATCH_RECORDS * RECORD_BYTES / MIB
# Beside records: requests of some MiB on their way in, and what an allocator holds ready.
BESIDE_MIB = 16


@pytest.fixture
def start_busy(start):
    """A program with a stream of many shards, and a function that puts batches of random records into
    it: what it returns are the refusals, as pairs of code and message."""

    def start_one(*flags):
        server = start("--throttle.scale", "1000", *flags, config=configuration(
            streams=[{"StreamName": "clicks", "ShardCount": SHARDS}]))
        kinesis = server.kinesis

        def fill(batches):
            refusals = []
            for _ in range(batches):
                answer = kinesis.put_records(StreamName="clicks", Records=[
                    {"Data": os.urandom(RECORD_BYTES), "PartitionKey": str(number)}
                    for number in range(BATCH_RECORDS)])
                refusals += [(each["ErrorCode"], each["ErrorMessage"])
                             for each in answer["Records"] if "ErrorCode" in each]
            return refusals

        return server, fill

    return start_one


def resident_mib(server, name="VmRSS"):
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.M)[1]) / 1024


@pytest.mark.parametrize("when_full", ["refuse", "trim"])
def test_a_flood_takes_no_more_memory_than_records_may(start_busy, when_full):
    server, fill = start_busy("--memory.maxMiB", "16", "--memory.whenFull", when_full)
    before = resident_mib(server)
    refusals = fill(batches=64)
    assert resident_mib(server, "VmHWM") - before < 16 + BESIDE_MIB
    if when_full == "trim":
        assert refusals == []
    else:
        assert len(refusals) > 56 * BATCH_RECORDS
        assert set(refusals) == {("ProvisionedThroughputExceededException",
                                  "The records held in memory have reached memory.maxMiB (16 MiB).")}


@pytest.mark.parametrize("go", [
    pytest.param(lambda server: server.advance(25 * 3600), id="have aged out"),
    pytest.param(lambda server: server.kinesis.delete_stream(StreamName="clicks"), id="are deleted"),
    pytest.param(lambda server: server.reset(), id="are forgotten"),
])
def test_memory_is_given_back_when_records(start_busy, go):
    server, fill = start_busy()
    before = resident_mib(server)
    fill(batches=20)
    server.reset()  # what an allocator does the first time is no promise
    fill(batches=20)
    assert resident_mib(server) - before > 19 * BATCH_MIB
    go(server)
    assert resident_mib(server) - before < BESIDE_MIB
