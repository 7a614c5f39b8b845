"""Every operation of Firehose that boto3 knows, called as boto3's documentation shows it.

An operation is a function of the same name, in the words of boto3, that calls it and looks at what
it did. boto3 decides which there are: one that it learns and this file does not know fails.
"""

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from conftest import SESSION
from resources import (ACCOUNT, REGION, ROLE, bucket, configuration, direct_put, extracting,
                       from_stream, partitioned, processed_by, processor, stream_arn, transforming)

NAME = "events"
ARN = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/{NAME}"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-3333-4444-555555555555"
MODEL = SESSION.client("firehose", region_name=REGION).meta.service_model
DESTINATION_ID = "destinationId-000000000001"
OPERATIONS = {}


def operation(function):
    OPERATIONS[function.__name__] = function
    return function


@pytest.fixture
def server(start):
    return start(config=configuration(
        streams=[{"StreamName": "clicks", "ShardCount": 1}],
        deliveryStreams=[direct_put(NAME, bucket("events"))]))


@pytest.fixture
def firehose(server):
    """A client in boto3's default settings, with its checks of what is sent."""
    return boto3.client("firehose", region_name=REGION, endpoint_url=server.url,
                        aws_access_key_id="test", aws_secret_access_key="test")


@pytest.mark.parametrize("name", sorted(map(xform_name, MODEL.operation_names)))
def test_operation(name, firehose):
    assert name in OPERATIONS, "boto3 has an operation that no function of this file calls"
    OPERATIONS[name](firehose)


# ---------------------------------------------------------------- what several of them look at

def describe(firehose, name=NAME):
    return firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]


def extended_s3(firehose, name=NAME):
    (destination,) = describe(firehose, name)["Destinations"]
    return destination["ExtendedS3DestinationDescription"]


def tags_of(firehose, **page):
    return firehose.list_tags_for_delivery_stream(DeliveryStreamName=NAME, **page)


def error_of(call, **request):
    with pytest.raises(ClientError) as caught:
        call(**request)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


# ---------------------------------------------------------------- delivery streams

@operation
def create_delivery_stream(firehose):
    made = firehose.create_delivery_stream(
        DeliveryStreamName="made", DeliveryStreamType="DirectPut", Tags=[{"Key": "team"}],
        ExtendedS3DestinationConfiguration=bucket("made"))
    assert made["DeliveryStreamARN"] == ARN.replace(NAME, "made")
    described = describe(firehose, "made")
    assert (described["DeliveryStreamStatus"], described["VersionId"]) == ("ACTIVE", "1")
    assert error_of(firehose.create_delivery_stream, DeliveryStreamName="made",
                    S3DestinationConfiguration=bucket("made")) == (
        "ResourceInUseException", f"Firehose made under accountId {ACCOUNT} already exists")


@operation
def delete_delivery_stream(firehose):
    firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"is discarded"})
    firehose.delete_delivery_stream(DeliveryStreamName=NAME, AllowForceDelete=True)
    assert firehose.list_delivery_streams()["DeliveryStreamNames"] == []
    assert error_of(firehose.describe_delivery_stream, DeliveryStreamName=NAME) == (
        "ResourceNotFoundException", f"Firehose {NAME} under account {ACCOUNT} not found.")


@operation
def describe_delivery_stream(firehose):
    described = describe(firehose)
    assert described["DeliveryStreamARN"] == ARN
    assert described["HasMoreDestinations"] is False
    assert "LastUpdateTimestamp" not in described
    assert described["DeliveryStreamEncryptionConfiguration"] == {"Status": "DISABLED"}
    (destination,) = described["Destinations"]
    assert set(destination) == {"DestinationId", "S3DestinationDescription",
                                "ExtendedS3DestinationDescription"}
    assert destination["DestinationId"] == DESTINATION_ID


@operation
def list_delivery_streams(firehose):
    for name in ("b", "a", "B"):
        firehose.create_delivery_stream(DeliveryStreamName=name,
                                        ExtendedS3DestinationConfiguration=bucket(name))
    firehose.create_delivery_stream(**from_stream("from-clicks", "clicks", bucket("clicks")))
    page = firehose.list_delivery_streams(Limit=3)
    assert (page["DeliveryStreamNames"], page["HasMoreDeliveryStreams"]) == (["B", "a", "b"], True)
    rest = firehose.list_delivery_streams(ExclusiveStartDeliveryStreamName="b")
    assert rest["DeliveryStreamNames"] == [NAME, "from-clicks"]
    assert rest["HasMoreDeliveryStreams"] is False
    kinesis = firehose.list_delivery_streams(DeliveryStreamType="KinesisStreamAsSource")
    assert kinesis["DeliveryStreamNames"] == ["from-clicks"]


@operation
def update_destination(firehose):
    def update(version, **changes):
        return firehose.update_destination(
            DeliveryStreamName=NAME, DestinationId=DESTINATION_ID,
            CurrentDeliveryStreamVersionId=version, ExtendedS3DestinationUpdate=changes)

    before = extended_s3(firehose)
    update("1", Prefix="new/", CompressionFormat="GZIP")
    described = describe(firehose)
    assert described["VersionId"] == "2"
    assert described["LastUpdateTimestamp"] >= described["CreateTimestamp"]
    assert extended_s3(firehose) == {**before, "Prefix": "new/", "CompressionFormat": "GZIP"}
    assert error_of(update, version="1", Prefix="newer/") == (
        "ConcurrentModificationException",
        f"Cannot update firehose: {NAME} since the current version id: 2 and specified version "
        "id: 1 do not match")
    assert extended_s3(firehose)["Prefix"] == "new/"


# ---------------------------------------------------------------- records

@operation
def put_record(firehose):
    put = firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"data"})
    assert (len(put["RecordId"]), put["Encrypted"]) == (224, False)


@operation
def put_record_batch(firehose):
    put = firehose.put_record_batch(DeliveryStreamName=NAME,
                                    Records=[{"Data": b"data"}, {"Data": b""}])
    assert (put["FailedPutCount"], put["Encrypted"]) == (0, False)
    ids = [entry["RecordId"] for entry in put["RequestResponses"]]
    assert len(set(ids)) == 2


# ---------------------------------------------------------------- tags

@operation
def tag_delivery_stream(firehose):
    firehose.tag_delivery_stream(DeliveryStreamName=NAME, Tags=[{"Key": "team", "Value": "blue"},
                                                                {"Key": "bare"}])
    firehose.tag_delivery_stream(DeliveryStreamName=NAME, Tags=[{"Key": "team", "Value": "red"}])
    tags = {tag["Key"]: tag.get("Value", "") for tag in tags_of(firehose)["Tags"]}
    assert tags == {"team": "red", "bare": ""}


@operation
def untag_delivery_stream(firehose):
    firehose.tag_delivery_stream(DeliveryStreamName=NAME, Tags=[{"Key": "team"}, {"Key": "stage"}])
    firehose.untag_delivery_stream(DeliveryStreamName=NAME, TagKeys=["team", "unknown"])
    assert [tag["Key"] for tag in tags_of(firehose)["Tags"]] == ["stage"]


@operation
def list_tags_for_delivery_stream(firehose):
    keys = [f"key-{number:02}" for number in range(50)]
    for first in (0, 25):
        firehose.tag_delivery_stream(DeliveryStreamName=NAME, Tags=[
            {"Key": key, "Value": "v"} for key in keys[first:first + 25]])
    page = tags_of(firehose, Limit=20)
    assert ([tag["Key"] for tag in page["Tags"]], page["HasMoreTags"]) == (keys[:20], True)
    rest = tags_of(firehose, ExclusiveStartTagKey=keys[19])
    assert ([tag["Key"] for tag in rest["Tags"]], rest["HasMoreTags"]) == (keys[20:], False)
    code, _ = error_of(firehose.tag_delivery_stream, DeliveryStreamName=NAME,
                       Tags=[{"Key": "one too many"}])
    assert code == "LimitExceededException"


# ---------------------------------------------------------------- encryption

@operation
def start_delivery_stream_encryption(firehose):
    firehose.start_delivery_stream_encryption(
        DeliveryStreamName=NAME, DeliveryStreamEncryptionConfigurationInput={
            "KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": KEY_ARN})
    assert describe(firehose)["DeliveryStreamEncryptionConfiguration"] == {
        "KeyARN": KEY_ARN, "KeyType": "CUSTOMER_MANAGED_CMK", "Status": "ENABLED"}
    assert firehose.put_record(DeliveryStreamName=NAME, Record={"Data": b"x"})["Encrypted"] is True
    firehose.create_delivery_stream(**from_stream("from-clicks", "clicks", bucket("clicks")))
    assert error_of(firehose.start_delivery_stream_encryption,
                    DeliveryStreamName="from-clicks") == (
        "InvalidArgumentException",
        "Server side encryption from firehose is only allowed for direct put delivery streams and "
        "database as a source delivery streams")


@operation
def stop_delivery_stream_encryption(firehose):
    firehose.start_delivery_stream_encryption(DeliveryStreamName=NAME)
    described = describe(firehose)["DeliveryStreamEncryptionConfiguration"]
    assert described == {"KeyType": "AWS_OWNED_CMK", "Status": "ENABLED"}
    firehose.stop_delivery_stream_encryption(DeliveryStreamName=NAME)
    assert describe(firehose)["DeliveryStreamEncryptionConfiguration"]["Status"] == "DISABLED"
    batch = firehose.put_record_batch(DeliveryStreamName=NAME, Records=[{"Data": b"x"}])
    assert batch["Encrypted"] is False


# ---------------------------------------------------------------- what they are given

LAMBDA = transforming("transform")
PARTITIONED = partitioned("k=!{partitionKeyFromQuery:k}/")
PROCESSORS = {
    "Lambda": (LAMBDA, {}),
    "AppendDelimiterToRecord": (processor("AppendDelimiterToRecord", Delimiter="\\n"), {}),
    "Decompression": (processor("Decompression", CompressionFormat="GZIP"), {}),
    "RecordDeAggregation": (processor("RecordDeAggregation", SubRecordType="JSON"), PARTITIONED),
    "MetadataExtraction": (extracting("{k:.k}"), PARTITIONED),
}


@pytest.mark.parametrize("kind", PROCESSORS)
def test_a_processor_is_described_as_it_was_given(firehose, kind):
    given, settings = PROCESSORS[kind]
    processors = [given]
    if settings and kind != "MetadataExtraction":
        processors.append(PROCESSORS["MetadataExtraction"][0])
    firehose.create_delivery_stream(
        DeliveryStreamName="made", ExtendedS3DestinationConfiguration={
            **bucket("made"), **settings, "ProcessingConfiguration": processed_by(*processors)})
    described = extended_s3(firehose, "made")["ProcessingConfiguration"]
    assert described["Enabled"] is True
    if kind == "Lambda":
        defaults = {"NumberOfRetries": "3", "RoleArn": ROLE, "BufferSizeInMBs": "1",
                    "BufferIntervalInSeconds": "60"}
        processors = [{"Type": kind, "Parameters": given["Parameters"] +
                       processor("", **defaults)["Parameters"]}]
    assert described["Processors"] == processors


def test_processors_of_every_kind_go_together(firehose):
    processors = [processor("Decompression", CompressionFormat="GZIP"),
                  processor("CloudWatchLogProcessing", DataMessageExtraction="true")]
    firehose.create_delivery_stream(
        DeliveryStreamName="logs", ExtendedS3DestinationConfiguration={
            **bucket("logs"), "ProcessingConfiguration": processed_by(*processors)})
    assert extended_s3(firehose, "logs")["ProcessingConfiguration"]["Processors"] == processors
    every = [PROCESSORS[kind][0] for kind in (
        "RecordDeAggregation", "Lambda", "MetadataExtraction", "AppendDelimiterToRecord")]
    firehose.create_delivery_stream(
        DeliveryStreamName="lake", ExtendedS3DestinationConfiguration={
            **bucket("lake"), **PARTITIONED, "ProcessingConfiguration": processed_by(*every)})
    described = extended_s3(firehose, "lake")["ProcessingConfiguration"]["Processors"]
    assert [entry["Type"] for entry in described] == [entry["Type"] for entry in every]


def test_every_setting_of_a_destination_is_described_as_it_was_given(firehose):
    logging = {"Enabled": True, "LogGroupName": "/aws/kinesisfirehose/made",
               "LogStreamName": "DestinationDelivery"}
    given = {
        **bucket("made", Prefix="a/!{timestamp:yyyy}/", CompressionFormat="GZIP"),
        "ErrorOutputPrefix": "e/!{firehose:error-output-type}/",
        "EncryptionConfiguration": {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY_ARN}},
        "CloudWatchLoggingOptions": logging,
        "FileExtension": ".json.gz", "CustomTimeZone": "Asia/Seoul", "S3BackupMode": "Enabled"}
    backup = {**bucket("kept", Prefix="raw/", CompressionFormat="ZIP"),
              "CloudWatchLoggingOptions": {**logging, "LogStreamName": "BackupDelivery"}}
    firehose.create_delivery_stream(
        DeliveryStreamName="made",
        ExtendedS3DestinationConfiguration={**given, "S3BackupConfiguration": backup})
    described = extended_s3(firehose, "made")
    kept = described.pop("S3BackupDescription")
    assert described == given
    assert kept == {**backup, "EncryptionConfiguration": {"NoEncryptionConfig": "NoEncryption"}}


def test_a_source_is_described(firehose):
    firehose.create_delivery_stream(**from_stream("from-clicks", "clicks", bucket("clicks")))
    described = describe(firehose, "from-clicks")
    source = described["Source"]["KinesisStreamSourceDescription"]
    assert (source["KinesisStreamARN"], source["RoleARN"]) == (stream_arn("clicks"), ROLE)
    assert "DeliveryStreamEncryptionConfiguration" not in described
    code, message = error_of(firehose.put_record, DeliveryStreamName="from-clicks",
                             Record={"Data": b"x"})
    assert (code, message) == (
        "InvalidArgumentException",
        "This operation is not permitted on KinesisStreamAsSource delivery stream type.")


def test_records_beyond_the_quota_of_a_second_fail_one_by_one(start):
    server = start("--throttle.firehose", "true", config=configuration(
        deliveryStreams=[direct_put(NAME, bucket("events"))]))
    # 1 MiB/s outside of the largest regions: the 257th record of 4 KiB is one too many.
    records = [{"Data": bytes([number % 256]) * 4096} for number in range(300)]
    put = server.firehose.put_record_batch(DeliveryStreamName=NAME, Records=records)
    assert put["FailedPutCount"] == 300 - 256
    assert [set(entry) for entry in put["RequestResponses"]] == (
        [{"RecordId"}] * 256 + [{"ErrorCode", "ErrorMessage"}] * 44)
    assert put["RequestResponses"][-1] == {
        "ErrorCode": "ServiceUnavailableException", "ErrorMessage": "Slow down."}
    assert error_of(server.firehose.put_record, DeliveryStreamName=NAME, Record=records[0]) == (
        "ServiceUnavailableException", "Slow down.")

    server.advance(1)
    failed = [record for record, entry in zip(records, put["RequestResponses"])
              if "ErrorCode" in entry]
    again = server.firehose.put_record_batch(DeliveryStreamName=NAME, Records=failed)
    assert again["FailedPutCount"] == 0
    server.flush(NAME)
    assert b"".join(server.objects().values()) == b"".join(r["Data"] for r in records)
