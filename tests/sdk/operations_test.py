"""Every operation of Kinesis that boto3 knows, called as boto3's documentation shows it.

An operation is a function of the same name, in the words of boto3, that calls it and looks at what
it did. boto3 decides which there are: one that it learns and this file does not know fails.
"""

import json

import boto3
import pytest
from botocore import xform_name

from conftest import SESSION
from resources import REGION, configuration, stream_arn

STREAM, FIRST_SHARD = "clicks", "shardId-000000000000"
ARN = stream_arn(STREAM)
MODEL = SESSION.client("kinesis", region_name=REGION).meta.service_model
# What the service has learnt since, and hydrant has not: channels, queues, and distribution.
NEWER = {name for name in MODEL.operation_names
         if "Queue" in name or "Channel" in name or "DistributionStrategy" in name}
OPERATIONS = {}


def operation(function):
    OPERATIONS[function.__name__] = function
    return function


@pytest.fixture
def server(start):
    delays = {f"{what}Ms": 0 for what in (
        "createStream", "deleteStream", "reshard", "updateStream", "consumer")}
    return start(clock="real", config=configuration(
        delays=delays, streams=[{"StreamName": STREAM, "ShardCount": 1}]))


@pytest.fixture
def kinesis(server):
    """A client in boto3's default settings."""
    return boto3.client("kinesis", region_name=REGION, endpoint_url=server.url,
                        aws_access_key_id="test", aws_secret_access_key="test")


@pytest.mark.parametrize("name", sorted(
    xform_name(name) for name in MODEL.operation_names if name not in NEWER))
def test_operation(name, kinesis):
    assert name in OPERATIONS, "boto3 has an operation that no function of this file calls"
    OPERATIONS[name](kinesis)


@pytest.mark.parametrize("name", sorted(NEWER))
def test_a_newer_operation_is_told_to_be_unknown(server, name):
    status, body = server.post("{}", target=f"Kinesis_20131202.{name}")
    assert (status, json.loads(body)["__type"]) == (400, "UnknownOperationException")


# ---------------------------------------------------------------- what several of them look at

def summary(kinesis, stream=STREAM):
    return kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]


def shards(kinesis):
    return kinesis.list_shards(StreamName=STREAM)["Shards"]


def open_shards(kinesis):
    return [s["ShardId"] for s in shards(kinesis)
            if "EndingSequenceNumber" not in s["SequenceNumberRange"]]


def tags_of(kinesis, arn=ARN):
    return {t["Key"]: t["Value"] for t in kinesis.list_tags_for_resource(ResourceARN=arn)["Tags"]}


def put(kinesis, data=b"data", key="a"):
    return kinesis.put_record(StreamName=STREAM, Data=data, PartitionKey=key)


def register(kinesis, name="reader"):
    return kinesis.register_stream_consumer(StreamARN=ARN, ConsumerName=name)["Consumer"]


def consumers(kinesis):
    return {c["ConsumerName"]: c["ConsumerStatus"]
            for c in kinesis.list_stream_consumers(StreamARN=ARN)["Consumers"]}


def iterator_at_start(kinesis):
    return kinesis.get_shard_iterator(StreamName=STREAM, ShardId=FIRST_SHARD,
                                      ShardIteratorType="TRIM_HORIZON")["ShardIterator"]


# ---------------------------------------------------------------- streams

@operation
def create_stream(kinesis):
    kinesis.create_stream(StreamName="made", ShardCount=3, Tags={"team": "blue"})
    made = summary(kinesis, "made")
    assert (made["StreamStatus"], made["OpenShardCount"]) == ("ACTIVE", 3)
    assert tags_of(kinesis, made["StreamARN"]) == {"team": "blue"}


@operation
def delete_stream(kinesis):
    kinesis.delete_stream(StreamName=STREAM)
    assert kinesis.list_streams()["StreamNames"] == []


@operation
def list_streams(kinesis):
    kinesis.create_stream(StreamName="another", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    listed = kinesis.list_streams()
    assert (listed["StreamNames"], listed["HasMoreStreams"]) == (["another", STREAM], False)
    assert [s["StreamModeDetails"]["StreamMode"] for s in listed["StreamSummaries"]] == [
        "ON_DEMAND", "PROVISIONED"]


@operation
def describe_stream(kinesis):
    described = kinesis.describe_stream(StreamName=STREAM)["StreamDescription"]
    assert described["StreamARN"] == ARN
    assert [s["ShardId"] for s in described["Shards"]] == [FIRST_SHARD]
    assert described["RetentionPeriodHours"] == 24


@operation
def describe_stream_summary(kinesis):
    described = kinesis.describe_stream_summary(StreamARN=ARN)["StreamDescriptionSummary"]
    assert (described["StreamName"], described["ConsumerCount"]) == (STREAM, 0)


@operation
def update_stream_mode(kinesis):
    kinesis.update_stream_mode(StreamARN=ARN, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    assert summary(kinesis)["StreamModeDetails"] == {"StreamMode": "ON_DEMAND"}


@operation
def update_max_record_size(kinesis):
    kinesis.update_max_record_size(StreamARN=ARN, MaxRecordSizeInKiB=2048)
    assert summary(kinesis)["MaxRecordSizeInKiB"] == 2048
    put(kinesis, data=b"x" * ((2 << 20) - len("a")), key="a")


@operation
def update_stream_warm_throughput(kinesis):
    commit(kinesis)
    kinesis.create_stream(StreamName="warm", StreamModeDetails={"StreamMode": "ON_DEMAND"})
    changed = kinesis.update_stream_warm_throughput(StreamName="warm", WarmThroughputMiBps=100)
    assert (changed["StreamName"], changed["StreamARN"]) == ("warm", stream_arn("warm"))
    assert changed["WarmThroughput"]["TargetMiBps"] == 100


@operation
def increase_stream_retention_period(kinesis):
    kinesis.increase_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=48)
    assert summary(kinesis)["RetentionPeriodHours"] == 48


@operation
def decrease_stream_retention_period(kinesis):
    kinesis.increase_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=48)
    kinesis.decrease_stream_retention_period(StreamName=STREAM, RetentionPeriodHours=30)
    assert summary(kinesis)["RetentionPeriodHours"] == 30


@operation
def enable_enhanced_monitoring(kinesis):
    changed = kinesis.enable_enhanced_monitoring(
        StreamName=STREAM, ShardLevelMetrics=["IncomingBytes", "OutgoingBytes"])
    assert changed["CurrentShardLevelMetrics"] == []
    assert sorted(changed["DesiredShardLevelMetrics"]) == ["IncomingBytes", "OutgoingBytes"]


@operation
def disable_enhanced_monitoring(kinesis):
    enable_enhanced_monitoring(kinesis)
    changed = kinesis.disable_enhanced_monitoring(
        StreamName=STREAM, ShardLevelMetrics=["IncomingBytes"])
    assert changed["DesiredShardLevelMetrics"] == ["OutgoingBytes"]
    assert summary(kinesis)["EnhancedMonitoring"] == [{"ShardLevelMetrics": ["OutgoingBytes"]}]


@operation
def start_stream_encryption(kinesis):
    kinesis.start_stream_encryption(StreamName=STREAM, EncryptionType="KMS",
                                    KeyId="alias/aws/kinesis")
    described = summary(kinesis)
    assert (described["EncryptionType"], described["KeyId"]) == ("KMS", "alias/aws/kinesis")
    assert put(kinesis)["EncryptionType"] == "KMS"


@operation
def stop_stream_encryption(kinesis):
    start_stream_encryption(kinesis)
    kinesis.stop_stream_encryption(StreamName=STREAM, EncryptionType="KMS",
                                   KeyId="alias/aws/kinesis")
    described = summary(kinesis)
    assert (described["EncryptionType"], described.get("KeyId")) == ("NONE", None)


# ---------------------------------------------------------------- shards

@operation
def list_shards(kinesis):
    (shard,) = kinesis.list_shards(StreamName=STREAM)["Shards"]
    assert shard["HashKeyRange"] == {"StartingHashKey": "0", "EndingHashKey": str(2**128 - 1)}


@operation
def split_shard(kinesis):
    kinesis.split_shard(StreamName=STREAM, ShardToSplit=FIRST_SHARD,
                        NewStartingHashKey=str(2**127))
    assert [s.get("ParentShardId") for s in shards(kinesis)] == [None, FIRST_SHARD, FIRST_SHARD]


@operation
def merge_shards(kinesis):
    split_shard(kinesis)
    first, second = open_shards(kinesis)
    kinesis.merge_shards(StreamName=STREAM, ShardToMerge=first, AdjacentShardToMerge=second)
    last = shards(kinesis)[-1]
    assert (last["ParentShardId"], last["AdjacentParentShardId"]) == (first, second)


@operation
def update_shard_count(kinesis):
    changed = kinesis.update_shard_count(StreamName=STREAM, TargetShardCount=2,
                                         ScalingType="UNIFORM_SCALING")
    assert (changed["CurrentShardCount"], changed["TargetShardCount"]) == (1, 2)
    assert len(open_shards(kinesis)) == 2


# ---------------------------------------------------------------- records

@operation
def put_record(kinesis):
    placed = kinesis.put_record(StreamName=STREAM, Data=b"\x00\xff", PartitionKey="a")
    assert placed["ShardId"] == FIRST_SHARD
    (record,) = kinesis.get_records(ShardIterator=iterator_at_start(kinesis))["Records"]
    assert (record["Data"], record["SequenceNumber"]) == (b"\x00\xff", placed["SequenceNumber"])


@operation
def put_records(kinesis):
    answer = kinesis.put_records(StreamARN=ARN, Records=[
        {"Data": b"one", "PartitionKey": "a"},
        {"Data": b"two", "PartitionKey": "b", "ExplicitHashKey": "0"}])
    assert answer["FailedRecordCount"] == 0
    assert [r["ShardId"] for r in answer["Records"]] == [FIRST_SHARD] * 2


@operation
def get_shard_iterator(kinesis):
    placed = put(kinesis)
    iterator = kinesis.get_shard_iterator(
        StreamName=STREAM, ShardId=FIRST_SHARD, ShardIteratorType="AFTER_SEQUENCE_NUMBER",
        StartingSequenceNumber=placed["SequenceNumber"])["ShardIterator"]
    assert kinesis.get_records(ShardIterator=iterator)["Records"] == []


@operation
def get_records(kinesis):
    for data in (b"one", b"two", b"three"):
        put(kinesis, data)
    page = kinesis.get_records(ShardIterator=iterator_at_start(kinesis), Limit=2)
    assert [r["Data"] for r in page["Records"]] == [b"one", b"two"]
    page = kinesis.get_records(ShardIterator=page["NextShardIterator"])
    assert [r["Data"] for r in page["Records"]] == [b"three"]
    assert page["MillisBehindLatest"] == 0


# ---------------------------------------------------------------- consumers

@operation
def register_stream_consumer(kinesis):
    consumer = register(kinesis)
    assert consumer["ConsumerARN"].startswith(f"{ARN}/consumer/reader:")
    assert consumer["ConsumerStatus"] == "CREATING"


@operation
def describe_stream_consumer(kinesis):
    arn = register(kinesis)["ConsumerARN"]
    described = kinesis.describe_stream_consumer(ConsumerARN=arn)["ConsumerDescription"]
    assert (described["StreamARN"], described["ConsumerName"]) == (ARN, "reader")
    assert described["ConsumerStatus"] == "ACTIVE"


@operation
def list_stream_consumers(kinesis):
    register(kinesis, "one")
    register(kinesis, "two")
    assert consumers(kinesis) == {"one": "ACTIVE", "two": "ACTIVE"}


@operation
def deregister_stream_consumer(kinesis):
    register(kinesis)
    kinesis.deregister_stream_consumer(StreamARN=ARN, ConsumerName="reader")
    assert consumers(kinesis) == {}


@operation
def subscribe_to_shard(kinesis):
    arn = register(kinesis)["ConsumerARN"]
    describe_stream_consumer_until_active(kinesis, arn)
    put(kinesis, b"before")
    events = iter(kinesis.subscribe_to_shard(
        ConsumerARN=arn, ShardId=FIRST_SHARD,
        StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"])
    assert next_record(events) == b"before"
    put(kinesis, b"while subscribed")
    assert next_record(events) == b"while subscribed"
    split_shard(kinesis)
    *_, last = [event["SubscribeToShardEvent"] for event in events]
    assert [c["ParentShards"] for c in last["ChildShards"]] == [[FIRST_SHARD]] * 2
    assert "ContinuationSequenceNumber" not in last


def describe_stream_consumer_until_active(kinesis, arn):
    status = "CREATING"
    while status == "CREATING":
        described = kinesis.describe_stream_consumer(ConsumerARN=arn)["ConsumerDescription"]
        status = described["ConsumerStatus"]
    assert status == "ACTIVE"


def next_record(events):
    for event in events:
        if event["SubscribeToShardEvent"]["Records"]:
            (record,) = event["SubscribeToShardEvent"]["Records"]
            return record["Data"]
    raise AssertionError("the subscription ended before a record came")


# ---------------------------------------------------------------- tags, policies, the account

@operation
def add_tags_to_stream(kinesis):
    kinesis.add_tags_to_stream(StreamName=STREAM, Tags={"team": "blue", "stage": "test"})
    assert tags_of(kinesis) == {"team": "blue", "stage": "test"}


@operation
def remove_tags_from_stream(kinesis):
    add_tags_to_stream(kinesis)
    kinesis.remove_tags_from_stream(StreamName=STREAM, TagKeys=["team"])
    assert tags_of(kinesis) == {"stage": "test"}


@operation
def list_tags_for_stream(kinesis):
    add_tags_to_stream(kinesis)
    listed = kinesis.list_tags_for_stream(StreamName=STREAM, Limit=1)
    assert listed["Tags"] == [{"Key": "stage", "Value": "test"}]
    assert listed["HasMoreTags"] is True


@operation
def tag_resource(kinesis):
    kinesis.tag_resource(ResourceARN=ARN, Tags={"team": "blue", "stage": "test"})
    assert tags_of(kinesis) == {"team": "blue", "stage": "test"}


@operation
def untag_resource(kinesis):
    tag_resource(kinesis)
    kinesis.untag_resource(ResourceARN=ARN, TagKeys=["stage"])
    assert tags_of(kinesis) == {"team": "blue"}


@operation
def list_tags_for_resource(kinesis):
    assert kinesis.list_tags_for_resource(ResourceARN=ARN)["Tags"] == []


POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
    "Action": "kinesis:PutRecord", "Resource": ARN}]})


@operation
def put_resource_policy(kinesis):
    kinesis.put_resource_policy(ResourceARN=ARN, Policy=POLICY)
    assert kinesis.get_resource_policy(ResourceARN=ARN)["Policy"] == POLICY


@operation
def get_resource_policy(kinesis):
    assert kinesis.get_resource_policy(ResourceARN=ARN)["Policy"] == "{}"


@operation
def delete_resource_policy(kinesis):
    put_resource_policy(kinesis)
    kinesis.delete_resource_policy(ResourceARN=ARN)
    assert kinesis.get_resource_policy(ResourceARN=ARN)["Policy"] == "{}"


@operation
def describe_limits(kinesis):
    limits = kinesis.describe_limits()
    assert (limits["OpenShardCount"], limits["OnDemandStreamCount"]) == (1, 0)
    assert limits["ShardLimit"] > 1


def commit(kinesis):
    answer = kinesis.update_account_settings(
        MinimumThroughputBillingCommitment={"Status": "ENABLED"})
    return answer["MinimumThroughputBillingCommitment"]


@operation
def describe_account_settings(kinesis):
    settings = kinesis.describe_account_settings()
    assert settings["MinimumThroughputBillingCommitment"]["Status"] == "DISABLED"


@operation
def update_account_settings(kinesis):
    assert commit(kinesis)["Status"] == "ENABLED"
    settings = kinesis.describe_account_settings()
    assert settings["MinimumThroughputBillingCommitment"]["Status"] == "ENABLED"
