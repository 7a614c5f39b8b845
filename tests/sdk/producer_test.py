"""An application that puts its events straight into a delivery stream."""

import json
import re
from datetime import datetime, timedelta

import pytest

from resources import bucket, buffering, configuration, direct_put, from_stream

EVENT = {
    "user_id": "Aster-Kotlin-Sapphire-564", "app_version": "v1.5.16(90)",
    "device_manufacturer": "LG", "device_name": "LG G7 ThinQ", "device_os": "Android",
    "event": "interest_service_click", "interest_id": 1201, "index": 1,
    "interest_name": "관심사", "interest_service_id": None,
    "timestamp": "2019-04-30T07:30:00Z",
}


@pytest.fixture
def server(start):
    return start(clock="virtual@2019-04-30T06:25:30Z", config=configuration(
        streams=[{"StreamName": "clicks", "ShardCount": 1}],
        deliveryStreams=[
            direct_put("test", bucket("events", BufferingHints=buffering(5, 60))),
            from_stream("clicks-to-s3", "clicks", bucket("clicks"))]))


def text_of(**changes):
    return json.dumps({**EVENT, **changes}, ensure_ascii=False)


def test_delivery_streams_are_listed_by_type(server):
    listed = server.firehose.list_delivery_streams(DeliveryStreamType="DirectPut")
    assert listed["DeliveryStreamNames"] == ["test"]
    assert listed["HasMoreDeliveryStreams"] is False
    every = server.firehose.list_delivery_streams()["DeliveryStreamNames"]
    assert every == ["clicks-to-s3", "test"]


def test_a_record_is_delivered_as_it_was_put(server):
    answer = server.firehose.put_record(DeliveryStreamName="test", Record={"Data": text_of()})
    assert re.fullmatch(r"[A-Za-z0-9+/=]{224}", answer["RecordId"])
    assert answer["Encrypted"] is False
    server.advance(60)
    (content,) = server.objects().values()
    assert content.decode() == text_of()


def test_records_of_a_batch_are_delivered_one_behind_the_other(server):
    texts = [text_of(interest_id=number, interest_name=name)
             for number, name in ((1101, "둘"), (1301, "오십오"), (1201, "하나"))]
    answer = server.firehose.put_record_batch(DeliveryStreamName="test",
                                              Records=[{"Data": text} for text in texts])
    assert answer["FailedPutCount"] == 0
    assert len({entry["RecordId"] for entry in answer["RequestResponses"]}) == len(texts)
    server.advance(60)
    (content,) = server.objects().values()
    assert content.decode() == "".join(texts)


def test_objects_are_named_by_the_arrival_of_their_first_record(server, named):
    put_at, moment = [], datetime(2019, 4, 30, 6, 25, 30)
    for seconds in (30, 60, 66):
        server.advance(seconds)
        moment += timedelta(seconds=seconds)
        put_at.append(moment)
        server.firehose.put_record(DeliveryStreamName="test", Record={"Data": str(seconds)})
    server.advance(60)
    parts = [named(name) for name in server.objects()]
    assert sorted(part["time"] for part in parts) == [
        f"{at:%Y-%m-%d-%H-%M-%S}" for at in put_at] == [
        "2019-04-30-06-26-00", "2019-04-30-06-27-00", "2019-04-30-06-28-06"]
    for part in parts:
        assert part["prefix"] == "events/2019/04/30/06/"
        assert (part["stream"], part["version"], part["end"]) == ("test", "1", "")
    assert len({part["id"] for part in parts}) == 3


def test_a_buffer_is_written_when_it_is_60_seconds_old_and_not_before(server):
    server.firehose.put_record(DeliveryStreamName="test", Record={"Data": text_of()})
    server.advance(59.9)
    assert server.objects() == {}
    server.advance(0.1)
    assert len(server.objects()) == 1


def test_a_full_buffer_is_written_at_once(server):
    megabyte = {"Data": b"x" * 1_000_000}
    for _ in range(3):
        answer = server.firehose.put_record_batch(DeliveryStreamName="test", Records=[megabyte] * 2)
        assert answer["FailedPutCount"] == 0
    server.advance(0)
    assert [len(content) for content in server.objects().values()] == [6_000_000]


def test_a_delivery_stream_can_be_made_and_removed_by_a_client(server):
    firehose = server.firehose
    made = firehose.create_delivery_stream(DeliveryStreamName="orders",
                                           ExtendedS3DestinationConfiguration=bucket("orders"))
    described = firehose.describe_delivery_stream(DeliveryStreamName="orders")
    description = described["DeliveryStreamDescription"]
    assert description["DeliveryStreamStatus"] == "ACTIVE"
    assert description["DeliveryStreamARN"] == made["DeliveryStreamARN"]
    firehose.put_record(DeliveryStreamName="orders", Record={"Data": b"1"})
    server.advance(60)
    assert list(server.objects().values()) == [b"1"]
    firehose.delete_delivery_stream(DeliveryStreamName="orders")
    with pytest.raises(firehose.exceptions.ResourceNotFoundException) as gone:
        firehose.put_record(DeliveryStreamName="orders", Record={"Data": b"2"})
    assert gone.value.response["Error"]["Message"] == (
        "Firehose orders under account 123456789012 not found.")
