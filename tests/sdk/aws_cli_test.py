"""The AWS CLI, and the tour of the README with it."""

import base64
import json
import subprocess

import pytest

from client_program import environment
from conftest import BIN
from hydrant_process import ROOT, program
from resources import (bucket, configuration, direct_put, extracting, partitioned, processed_by,
                       stream_arn)


@pytest.fixture
def aws():
    """Runs one command of the CLI; the JSON that it prints, or None."""

    def run(*arguments, **variables):
        done = subprocess.run([BIN / "aws", *arguments], capture_output=True, text=True,
                              timeout=120, check=False, env=environment(**variables))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout else None

    return run


def test_the_cli_writes_and_reads(start, aws):
    server = start(config=configuration(
        deliveryStreams=[direct_put("events", bucket("events"))]))

    def kinesis(*arguments):
        return aws("--endpoint-url", server.url, "kinesis", *arguments)

    assert kinesis("create-stream", "--stream-name", "cli", "--shard-count", "1") is None
    put = kinesis("put-record", "--stream-name", "cli", "--partition-key", "a", "--data", "안녕")
    assert put["ShardId"] == "shardId-000000000000"
    iterator = kinesis("get-shard-iterator", "--stream-name", "cli", "--shard-id", put["ShardId"],
                       "--shard-iterator-type", "TRIM_HORIZON")["ShardIterator"]
    read = kinesis("get-records", "--shard-iterator", iterator)
    (record,) = read["Records"]
    assert base64.b64decode(record["Data"]).decode() == "안녕"
    assert record["SequenceNumber"] == put["SequenceNumber"]
    assert read["MillisBehindLatest"] == 0

    assert aws("--endpoint-url", server.url, "firehose", "put-record", "--delivery-stream-name",
               "events", "--record", '{"Data": "hello"}')["RecordId"]
    server.advance(60)
    assert list(server.objects().values()) == [b"hello"]


def test_the_cli_speaks_tls_with_the_certificate_that_was_made(start, aws):
    server = start(config=configuration(streams=[{"StreamName": "cli", "ShardCount": 1}]))
    listed = aws("kinesis", "list-streams", AWS_ENDPOINT_URL=server.tls_url,
                 AWS_CA_BUNDLE=server.authority())
    assert listed["StreamNames"] == ["cli"]


def test_the_cli_waits_for_streams_and_reshards_them(start, aws):
    server = start("--delays.createStreamMs", 50, "--delays.deleteStreamMs", 50,
                   "--delays.reshardMs", 0, clock="real")
    stream = "--stream-name", "cli"

    def kinesis(*arguments):
        return aws("kinesis", *arguments, AWS_ENDPOINT_URL=server.url)

    kinesis("create-stream", *stream, "--shard-count", "2")
    kinesis("wait", "stream-exists", *stream)
    listed = kinesis("list-shards", *stream)["Shards"]
    kinesis("merge-shards", *stream, "--shard-to-merge", listed[0]["ShardId"],
            "--adjacent-shard-to-merge", listed[1]["ShardId"])
    kinesis("split-shard", *stream, "--shard-to-split", "shardId-000000000002",
            "--new-starting-hash-key", "10")
    ranges = [shard["HashKeyRange"]["StartingHashKey"] for shard in
              kinesis("list-shards", *stream, "--shard-filter", "Type=AT_LATEST")["Shards"]]
    assert ranges == ["0", "10"]
    kinesis("delete-stream", *stream)
    kinesis("wait", "stream-not-exists", *stream)
    assert kinesis("list-streams")["StreamNames"] == []


def test_the_cli_changes_what_a_stream_is(start, aws):
    server = start(config=configuration(streams=[{"StreamName": "cli", "ShardCount": 1}]))
    stream, arn = ("--stream-name", "cli"), stream_arn("cli")

    def kinesis(*arguments):
        return aws("kinesis", *arguments, AWS_ENDPOINT_URL=server.url)

    kinesis("add-tags-to-stream", *stream, "--tags", "team=blue,stage=test")
    assert kinesis("list-tags-for-stream", *stream)["Tags"] == [
        {"Key": "stage", "Value": "test"}, {"Key": "team", "Value": "blue"}]
    consumer = kinesis("register-stream-consumer", "--stream-arn", arn, "--consumer-name", "reader")
    listed = kinesis("list-stream-consumers", "--stream-arn", arn)["Consumers"]
    assert [c["ConsumerARN"] for c in listed] == [consumer["Consumer"]["ConsumerARN"]]
    kinesis("increase-stream-retention-period", *stream, "--retention-period-hours", "48")
    kinesis("start-stream-encryption", *stream, "--encryption-type", "KMS", "--key-id", "alias/k")
    kinesis("enable-enhanced-monitoring", *stream, "--shard-level-metrics", "IncomingBytes")
    kinesis("update-stream-mode", "--stream-arn", arn, "--stream-mode-details",
            "StreamMode=ON_DEMAND")
    described = kinesis("describe-stream-summary", *stream)["StreamDescriptionSummary"]
    assert described["RetentionPeriodHours"] == 48
    assert (described["EncryptionType"], described["KeyId"]) == ("KMS", "alias/k")
    assert described["EnhancedMonitoring"] == [{"ShardLevelMetrics": ["IncomingBytes"]}]
    assert described["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}
    assert described["ConsumerCount"] == 1


def test_the_cli_makes_changes_and_removes_a_delivery_stream(start, aws):
    server = start()
    name = "--delivery-stream-name", "lake"

    def firehose(*arguments):
        return aws("firehose", *arguments, AWS_ENDPOINT_URL=server.url)

    def described():
        return firehose("describe-delivery-stream", *name)["DeliveryStreamDescription"]

    destination = {**bucket("lake", CompressionFormat="GZIP", ProcessingConfiguration=processed_by(
        extracting("{k: .k}"))), **partitioned("k=!{partitionKeyFromQuery:k}/")}
    firehose("create-delivery-stream", *name, "--delivery-stream-type", "DirectPut",
             "--extended-s3-destination-configuration", json.dumps(destination),
             "--tags", "Key=team,Value=blue")
    assert described()["DeliveryStreamStatus"] == "ACTIVE"
    put = firehose("put-record-batch", *name, "--records",
                   json.dumps([{"Data": '{"k":"a"}'}, {"Data": '{"k":"b"}'}]))
    assert put["FailedPutCount"] == 0

    firehose("tag-delivery-stream", *name, "--tags", "Key=stage,Value=test")
    firehose("untag-delivery-stream", *name, "--tag-keys", "team")
    assert firehose("list-tags-for-delivery-stream", *name)["Tags"] == [
        {"Key": "stage", "Value": "test"}]
    firehose("start-delivery-stream-encryption", *name)
    assert described()["DeliveryStreamEncryptionConfiguration"]["Status"] == "ENABLED"
    firehose("stop-delivery-stream-encryption", *name)
    firehose("update-destination", *name, "--current-delivery-stream-version-id", "1",
             "--destination-id", "destinationId-000000000001",
             "--extended-s3-destination-update", '{"CompressionFormat": "UNCOMPRESSED"}')
    assert described()["VersionId"] == "2"
    assert firehose("put-record", *name, "--record", json.dumps({"Data": '{"k":"c"}'}))["RecordId"]
    server.flush("lake")
    assert [key.rpartition("/")[0] for key in server.objects()] == [
        "lake/k=a", "lake/k=b", "lake/k=c"]
    assert list(server.objects().values())[2] == b'{"k":"c"}'

    assert firehose("list-delivery-streams")["DeliveryStreamNames"] == ["lake"]
    firehose("delete-delivery-stream", *name)
    assert firehose("list-delivery-streams")["DeliveryStreamNames"] == []


def test_the_tour_of_the_readme_works():
    done = subprocess.run([ROOT / "examples/tour.sh"], capture_output=True, text=True, timeout=300,
                          check=False, env=environment(HYDRANT_PROGRAM=program()))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith(" checks passed")
