"""Where records go that cannot be delivered, what is kept of them, and what is told of it."""

import base64
import gzip
import json

import pytest
from botocore.exceptions import ClientError

from compressed import decompress
from resources import (ACCOUNT, REGION, bucket, configuration, direct_put, extracting, lambda_arn,
                       partitioned, processed_by, processor, transformed_by,
                       transforming)

NAME = "events"
NULL_KEY = ("DynamicPartitioning.MetadataExtractionFailed",
            "partitionKeys values must not be null or empty")
ORDER = ["rawData", "errorCode", "errorMessage", "attemptsMade", "arrivalTimestamp",
         "attemptEndingTimestamp"]
LINES = processor("AppendDelimiterToRecord")
LOGGING = {"Enabled": True, "LogGroupName": "/aws/kinesisfirehose/events",
           "LogStreamName": "DestinationDelivery"}


@pytest.fixture
def start_with(start):
    """Starts a program with one delivery stream into the bucket `results`."""

    def start_one(*processors, **settings):
        processing = {"ProcessingConfiguration": processed_by(*processors)} if processors else {}
        return start(config=configuration(
            deliveryStreams=[direct_put(NAME, {**bucket("results"), **settings, **processing})]))

    return start_one


def put(server, *texts):
    answer = server.firehose.put_record_batch(DeliveryStreamName=NAME,
                                              Records=[{"Data": text} for text in texts])
    assert answer["FailedPutCount"] == 0


def under(server, prefix):
    """The contents of the objects whose names begin so."""
    return [content for name, content in server.objects().items() if name.startswith(prefix)]


def failures(content):
    return [json.loads(line) for line in content.decode().split("\n")]


def raw(record):
    return base64.b64decode(record["rawData"])


# ---------------------------------------------------------------- partitions

def test_a_record_without_its_partition_key_fails_alone(start_with):
    server = start_with(extracting("{k: .k}"), LINES, **partitioned("k=!{partitionKeyFromQuery:k}/"))
    good = [b'{"k":"a","n":1}', b'{"k":7}', b'{"k":true}', b'{"k":"a","n":2}']
    bad = [b'{"n":3}', b'{"k":null}', b'{"k":""}']
    put(server, good[0], bad[0], good[1], bad[1], good[2], bad[2], good[3])
    server.flush(NAME)
    assert under(server, "results/k=a/") == [good[0] + b"\n" + good[3] + b"\n"]
    assert under(server, "results/k=7/") == [good[1] + b"\n"]
    assert under(server, "results/k=true/") == [good[2] + b"\n"]
    (content,) = under(server, "results/errors/processing-failed/")
    records = failures(content)
    assert [raw(record) for record in records] == bad
    for record in records:
        assert list(record) == ORDER
        assert (record["errorCode"], record["errorMessage"]) == NULL_KEY
        assert record["attemptsMade"] == 1
    assert len(server.objects()) == 4


def test_a_record_that_jq_cannot_read_fails_with_what_is_wrong(start_with):
    server = start_with(extracting('{k: .k | strptime("%Y-%m-%d") | mktime | tostring}'),
                        **partitioned("k=!{partitionKeyFromQuery:k}/"))
    put(server, b"no JSON", b'{"k":5}', b'{"k":"2026-01-01"}')
    server.flush(NAME)
    assert under(server, "results/k=1767225600/") == [b'{"k":"2026-01-01"}']
    first, second = failures(*under(server, "results/errors/processing-failed/"))
    assert (raw(first), first["errorMessage"]) == (b"no JSON", "Non JSON record provided")
    assert raw(second) == b'{"k":5}'
    assert "strptime/1 requires" in second["errorMessage"]
    assert {first["errorCode"], second["errorCode"]} == {NULL_KEY[0]}


def test_a_record_that_would_open_one_partition_too_many_goes_to_the_errors(start_with):
    server = start_with(extracting("{k: .k}"), **partitioned("k=!{partitionKeyFromQuery:k}/"))
    texts = [json.dumps({"k": str(number)}) for number in range(510)]
    put(server, *texts[:255])
    put(server, *texts[255:], texts[0])
    server.flush(NAME)
    assert sum(name.startswith("results/k=") for name in server.objects()) == 500
    records = failures(*under(server, "results/errors/processing-failed/"))
    assert [raw(record).decode() for record in records] == texts[500:]
    assert {record["errorCode"] for record in records} == {
        "DynamicPartitioning.ActivePartitionsLimitExceeded"}
    assert (texts[0] * 2).encode() in under(server, "results/k=0/")

    put(server, texts[505])
    server.flush(NAME)
    assert under(server, "results/k=505/") == [texts[505].encode()], "partitions are open no more"


def test_sub_records_are_partitioned_each_by_its_own_key(start_with):
    server = start_with(processor("RecordDeAggregation", SubRecordType="JSON"),
                        extracting("{k: .k}"), LINES,
                        **partitioned("k=!{partitionKeyFromQuery:k}/"))
    put(server, b'{"k":"a"}\n {"k":"b","x":[1, 2]}{"k":"a","y":"}{"}', b'{"k":"b"}')
    server.flush(NAME)
    assert {name.rpartition("/")[0]: content for name, content in server.objects().items()} == {
        "results/k=a": b'{"k":"a"}\n{"k":"a","y":"}{"}\n',
        "results/k=b": b'{"k":"b","x":[1, 2]}\n{"k":"b"}\n'}


def test_sub_records_are_cut_at_a_delimiter(start_with):
    server = start_with(
        processor("RecordDeAggregation", SubRecordType="DELIMITED",
                  Delimiter=base64.b64encode(b"####").decode()),
        extracting("{k: .k}"), **partitioned("k=!{partitionKeyFromQuery:k}/"))
    put(server, b'{"k":"a"}####{"k":"b"}####')
    server.flush(NAME)
    assert sorted(server.objects().values()) == [b'{"k":"a"}', b'{"k":"b"}']


# ---------------------------------------------------------------- functions

def test_failures_lie_where_the_error_prefix_says(start_with):
    server = start_with(
        transforming("missing", NumberOfRetries=0), Prefix="data/")
    put(server, "no JSON")
    server.flush(NAME)
    (name,) = server.objects()
    assert name.startswith("results/data/processing-failed/2026/03/31/23/events-1-2026-03-31-23-58")


def test_errors_are_named_in_the_time_zone_too(start_with):
    server = start_with(
        extracting("{k: .k}"), CustomTimeZone="Asia/Seoul",
        **{**partitioned("!{timestamp:yyyy/MM/dd/HH}/k=!{partitionKeyFromQuery:k}/"),
           "ErrorOutputPrefix": "bad/!{timestamp:yyyy/MM/dd/HH}/!{firehose:error-output-type}/"})
    put(server, '{"k":"a"}', "{}")
    server.flush(NAME)
    assert [name.rpartition("-2026-04-01-08-58-30-")[0] for name in sorted(server.objects())] == [
        "results/2026/04/01/08/k=a/events-1",
        "results/bad/2026/04/01/08/processing-failed/events-1"]


@pytest.mark.parametrize("zone, prefix", [
    ("America/St_Johns", "2026/03/31/21/"), ("Asia/Calcutta", "2026/04/01/05/"),
    ("UTC", "2026/03/31/23/")])
def test_the_default_prefix_goes_by_the_time_zone(start_with, zone, prefix):
    server = start_with(CustomTimeZone=zone)
    put(server, "data")
    (name,) = server.flush(NAME)
    stamp = prefix.rstrip("/").replace("/", "-")
    assert name.startswith(f"results/{prefix}events-1-{stamp}-")


# ---------------------------------------------------------------- logs of CloudWatch

def log_message(*messages, kind="DATA_MESSAGE"):
    return gzip.compress(json.dumps({
        "messageType": kind, "owner": ACCOUNT, "logGroup": "group", "logStream": "stream",
        "subscriptionFilters": ["filter"],
        "logEvents": [{"id": str(number), "timestamp": 1, "message": message}
                      for number, message in enumerate(messages)]}).encode())


DECOMPRESSION = processor("Decompression", CompressionFormat="GZIP")


def test_only_the_messages_of_a_log_are_delivered(start_with):
    server = start_with(DECOMPRESSION,
                        processor("CloudWatchLogProcessing", DataMessageExtraction="True"))
    put(server, log_message("one", "두번째"), log_message("is checked", kind="CONTROL_MESSAGE"),
        log_message("three"))
    server.flush(NAME)
    assert list(server.objects().values()) == ["one\n두번째\nthree\n".encode()]


def test_what_cannot_be_decompressed_goes_to_an_output_of_its_own(start_with):
    server = start_with(DECOMPRESSION, ErrorOutputPrefix="e/!{firehose:error-output-type}/")
    cut_off, spoilt = log_message("one")[:-9], bytearray(log_message("two"))
    spoilt[-6] ^= 1  # its checksum
    put(server, cut_off, gzip.compress(b"good"), bytes(spoilt))
    server.flush(NAME)
    (content,) = under(server, "results/e/decompression-failed/")
    assert [raw(record) for record in failures(content)] == [cut_off, bytes(spoilt)]
    assert under(server, "results/2026/") == [b"good"]
    assert len(server.objects()) == 2


def test_what_is_not_compressed_is_not_from_a_log(start_with):
    server = start_with(DECOMPRESSION)
    with pytest.raises(ClientError) as caught:
        put(server, gzip.compress(b"good"), "no gzip")
    assert caught.value.response["Error"] == {
        "Code": "InvalidSourceException",
        "Message": f"Put to Firehose failed for AccountId: {ACCOUNT}, FirehoseName: {NAME} because "
                   "the request is not originating from allowed source types."}
    assert server.delivery_stream(NAME)["undeliveredRecords"] == 0


# ---------------------------------------------------------------- backup

def test_a_backup_has_every_record_as_it_came(start_with):
    server = start_with(
        transforming("missing", NumberOfRetries=0),
        S3BackupMode="Enabled", S3BackupConfiguration=bucket(
            "kept", Prefix="raw/!{timestamp:yyyy}/", CompressionFormat="GZIP",
            ErrorOutputPrefix="e/!{firehose:error-output-type}/"))
    texts = [b"one", b"\0\xff", b"", b"third"]
    put(server, *texts)
    server.advance(59)
    assert server.objects() == {}
    server.advance(1)
    (content,) = under(server, "kept/raw/2026/events-1-2026-03-31-23-58-30-")
    assert gzip.decompress(content) == b"".join(texts)
    (name,) = (name for name in server.objects() if name.startswith("kept/"))
    assert name.endswith(".gz")
    assert server.object_info(name)["ContentEncoding"] == "gzip"
    server.advance(60)
    assert under(server, "results/"), "failures lie in the bucket of the destination"
    assert len(under(server, "kept/")) == 1


def test_a_backup_without_a_prefix_lies_under_the_time(start_with):
    server = start_with(S3BackupMode="Enabled", S3BackupConfiguration=bucket("kept"))
    put(server, "data")
    server.flush(NAME)
    assert under(server, "kept/2026/03/31/23/events-1-2026-03-31-23-58-30-") == [b"data"]
    assert under(server, "results/2026/03/31/23/events-1-2026-03-31-23-58-30-") == [b"data"]


@pytest.mark.parametrize("compression", ["ZIP", "Snappy", "HADOOP_SNAPPY", "GZIP"])
def test_failures_are_compressed_as_the_destination_is(start_with, compression):
    server = start_with(
        transforming("missing", NumberOfRetries=0),
        CompressionFormat=compression, FileExtension=".data")
    put(server, "data")
    (name,) = server.flush(NAME)
    assert not name.endswith(".data"), "that is of data"
    (record,) = failures(decompress(compression, server.object(name)))
    assert raw(record) == b"data"


# ---------------------------------------------------------------- the error log

def logged(server, group="aws/kinesisfirehose/events", stream="DestinationDelivery"):
    path = server.data / "logs" / group / stream
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_failing_function_is_told_of_in_the_error_log(start_with):
    server = start_with(
        transforming("missing", NumberOfRetries=1), CloudWatchLoggingOptions=LOGGING)
    put(server, "one", "two")
    server.flush(NAME)
    assert len(failures(*under(server, "results/processing-failed/"))) == 2
    events = logged(server)
    assert [event["timestamp"] for event in events] == [1_775_001_510_000] * len(events)
    for event in events:
        assert event["message"] == {
            "deliveryStreamARN":
                f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{NAME}",
            "destination": "arn:aws:s3:::results", "deliveryStreamVersionId": 1,
            "message": "The specified Lambda function does not exist. Use a different function "
                       "that does exist.",
            "errorCode": "Lambda.ResourceNotFound", "processor": lambda_arn("missing")}
    assert 1 <= len(events) <= 2
    told = server.delivery_stream(NAME)["errorLog"]
    assert [entry["message"] for entry in told] == [event["message"] for event in events]


def test_the_error_log_tells_of_partitions_without_a_processor(start_with):
    server = start_with(extracting("{k: .k}"), CloudWatchLoggingOptions=LOGGING,
                        **partitioned("k=!{partitionKeyFromQuery:k}/"))
    put(server, "{}")
    server.flush(NAME)
    (event,) = logged(server)
    assert (event["message"]["errorCode"], event["message"]["message"]) == NULL_KEY
    assert "processor" not in event["message"]


def test_nothing_is_logged_unless_it_is_asked_for(start_with):
    server = start_with(transforming("missing", NumberOfRetries=0))
    put(server, "one")
    server.flush(NAME)
    assert not (server.data / "logs").exists()
    assert server.delivery_stream(NAME).get("errorLog", []) == []


def test_an_update_changes_what_the_next_failure_goes_by(start_with):
    server = start_with(transforming("missing", NumberOfRetries=0))
    put(server, "one")
    server.flush(NAME)
    server.firehose.update_destination(
        DeliveryStreamName=NAME, CurrentDeliveryStreamVersionId="1",
        DestinationId="destinationId-000000000001", ExtendedS3DestinationUpdate={
            "ErrorOutputPrefix": "e/!{firehose:error-output-type}/",
            "CloudWatchLoggingOptions": LOGGING,
            "ProcessingConfiguration": transformed_by("gone", NumberOfRetries=0)})
    put(server, "two")
    server.flush(NAME)
    (content,) = under(server, "results/e/processing-failed/events-2-")
    (record,) = failures(content)
    assert (raw(record), record["lambdaARN"]) == (b"two", lambda_arn("gone"))
    assert [event["message"]["deliveryStreamVersionId"] for event in logged(server)] == [2]
