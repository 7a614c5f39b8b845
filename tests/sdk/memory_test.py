"""What happens when records fill the memory that they may take."""

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
