"""The table of Kinesis, and calls that give every member of it.

`call(operation, **request)` of the scripts sends a request and returns its answer; `call.refused`
sends one that the service refuses too.
"""

from datetime import datetime, timezone

from resources import stream_arn
from surface import SESSION, Surface, always, table

CREATED = datetime(2026, 3, 31, 23, 58, 30, tzinfo=timezone.utc)  # where the clock of tests stands
EARLIER = datetime(2026, 1, 1, tzinfo=timezone.utc)
STREAM, FIRST_SHARD = "clicks", "shardId-000000000000"
ARN = stream_arn(STREAM)
STREAM_ID = "abcdefghij0123456789-abc"
# Of StreamId the service says that it is reserved: it has no effect there either.
NAMED = {"StreamName": STREAM, "StreamARN": ARN, "StreamId": STREAM_ID}
BY_ARN = {"StreamARN": ARN, "StreamId": STREAM_ID}
RESOURCE = {"ResourceARN": ARN, "StreamId": STREAM_ID}
METRICS = ["IncomingBytes", "IncomingRecords", "OutgoingBytes", "OutgoingRecords",
           "WriteProvisionedThroughputExceeded", "ReadProvisionedThroughputExceeded",
           "IteratorAgeMilliseconds", "ALL"]

USED = table("""
    AddTagsToStreamInput: StreamName StreamARN StreamId
    CreateStreamInput: StreamName ShardCount StreamModeDetails WarmThroughputMiBps
        MaxRecordSizeInKiB RecordDistributionStrategy
    StreamModeDetails: StreamMode
    DecreaseStreamRetentionPeriodInput: StreamName RetentionPeriodHours StreamARN StreamId
    DeleteResourcePolicyInput: ResourceARN StreamId
    DeleteStreamInput: StreamName EnforceConsumerDeletion StreamARN StreamId
    DeregisterStreamConsumerInput: StreamARN ConsumerName ConsumerARN StreamId
    DescribeStreamInput: StreamName Limit ExclusiveStartShardId StreamARN StreamId
    DescribeStreamConsumerInput: StreamARN ConsumerName ConsumerARN StreamId
    DescribeStreamSummaryInput: StreamName StreamARN StreamId
    DisableEnhancedMonitoringInput: StreamName ShardLevelMetrics StreamARN StreamId
    EnableEnhancedMonitoringInput: StreamName StreamARN StreamId
    GetRecordsInput: ShardIterator Limit StreamARN StreamId
    GetResourcePolicyInput: ResourceARN StreamId
    GetShardIteratorInput: StreamName ShardId ShardIteratorType StartingSequenceNumber Timestamp
        StreamARN StreamId
    IncreaseStreamRetentionPeriodInput: StreamName RetentionPeriodHours StreamARN StreamId
    ListShardsInput: StreamName NextToken ExclusiveStartShardId MaxResults ShardFilter StreamARN
        StreamId
    ShardFilter: Type ShardId Timestamp
    ListStreamConsumersInput: StreamARN NextToken MaxResults StreamId
    ListStreamsInput: Limit ExclusiveStartStreamName NextToken
    ListTagsForResourceInput: ResourceARN StreamId
    ListTagsForStreamInput: StreamName ExclusiveStartTagKey Limit StreamARN StreamId
    MergeShardsInput: StreamName ShardToMerge AdjacentShardToMerge StreamARN StreamId
    PutRecordInput: StreamName Data PartitionKey ExplicitHashKey SequenceNumberForOrdering
        StreamARN StreamId
    PutRecordsInput: Records StreamName StreamARN StreamId
    PutRecordsRequestEntry: Data ExplicitHashKey PartitionKey
    PutResourcePolicyInput: ResourceARN StreamId
    RegisterStreamConsumerInput: StreamARN ConsumerName StreamId
    RemoveTagsFromStreamInput: StreamName TagKeys StreamARN StreamId
    SplitShardInput: StreamName ShardToSplit NewStartingHashKey StreamARN StreamId
    StartStreamEncryptionInput: StreamName EncryptionType StreamARN StreamId
    StopStreamEncryptionInput: StreamName EncryptionType KeyId StreamARN StreamId
    SubscribeToShardInput: ConsumerARN StreamId ShardId StartingPosition
    StartingPosition: Type SequenceNumber Timestamp
    TagResourceInput: ResourceARN StreamId
    UntagResourceInput: TagKeys ResourceARN StreamId
    UpdateAccountSettingsInput: MinimumThroughputBillingCommitment
    MinimumThroughputBillingCommitmentInput: Status
    UpdateMaxRecordSizeInput: StreamARN StreamId MaxRecordSizeInKiB
    UpdateShardCountInput: StreamName TargetShardCount ScalingType StreamARN StreamId
    UpdateStreamModeInput: StreamARN StreamId StreamModeDetails WarmThroughputMiBps
    UpdateStreamWarmThroughputInput: StreamARN StreamName StreamId WarmThroughputMiBps
    StreamMode= PROVISIONED ON_DEMAND
    RecordDistributionStrategy= USER_PARTITION_KEY
    MetricsName= IncomingBytes IncomingRecords OutgoingBytes OutgoingRecords
        WriteProvisionedThroughputExceeded ReadProvisionedThroughputExceeded
        IteratorAgeMilliseconds ALL
    ShardIteratorType= AT_SEQUENCE_NUMBER AFTER_SEQUENCE_NUMBER TRIM_HORIZON LATEST AT_TIMESTAMP
    ShardFilterType= AFTER_SHARD_ID AT_TRIM_HORIZON FROM_TRIM_HORIZON AT_LATEST AT_TIMESTAMP
        FROM_TIMESTAMP
    EncryptionType= NONE KMS
    MinimumThroughputBillingCommitmentInputStatus= ENABLED DISABLED
    ScalingType= UNIFORM_SCALING
    """)

_TAGS = "bills and IAM go by tags; here they are listed, and no more"
SHOWN = {f"{operation}Input.Tags": _TAGS for operation in (
    "CreateStream", "AddTagsToStream", "RegisterStreamConsumer", "TagResource")}


def _is_set(value, _request):
    return value


def _of_another_stream(value, _request):
    return value != CREATED


LISTED = {
    "RecordDistributionStrategy=AUTO": always,
    "StartStreamEncryptionInput.KeyId": always,
    "PutResourcePolicyInput.Policy": always,
    "EnableEnhancedMonitoringInput.ShardLevelMetrics": always,
    "ListShardsInput.StreamCreationTimestamp": _of_another_stream,
    "ListStreamConsumersInput.StreamCreationTimestamp": _of_another_stream,
    **{f"{operation}Input.DryRun": _is_set for operation in (
        "PutRecord", "PutRecords", "GetShardIterator", "GetRecords", "SubscribeToShard")},
}

# What the service has learnt since: UnknownOperationException.
ABSENT = {name for name in SESSION.get_service_model("kinesis").operation_names
          if any(word in name for word in ("Queue", "Channel", "DistributionStrategy"))}

SURFACE = Surface("kinesis", USED, SHOWN, LISTED, ABSENT)


def positions(sequence_number):
    """Every way to say where reading begins."""
    for kind in ("AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"):
        yield kind, {"SequenceNumber": sequence_number}
    for kind in ("TRIM_HORIZON", "LATEST"):
        yield kind, {}
    yield "AT_TIMESTAMP", {"Timestamp": CREATED}


def create(call):
    call("UpdateAccountSettings", MinimumThroughputBillingCommitment={"Status": "ENABLED"})
    call("DescribeAccountSettings")
    call("CreateStream", StreamName=STREAM, ShardCount=2, MaxRecordSizeInKiB=2048,
         StreamModeDetails={"StreamMode": "PROVISIONED"}, Tags={"team": "data"},
         RecordDistributionStrategy="USER_PARTITION_KEY")


def put(call):
    """The sequence number of a record."""
    record = {"Data": b"data", "PartitionKey": "key", "ExplicitHashKey": "0"}
    number = call("PutRecord", **NAMED, **record)["SequenceNumber"]
    call("PutRecord", **NAMED, **record, SequenceNumberForOrdering=number, DryRun=False)
    call("PutRecords", **NAMED, Records=[record], DryRun=False)
    return number


def register(call, name, **more):
    """The ARN of a consumer."""
    made = call("RegisterStreamConsumer", **BY_ARN, ConsumerName=name, **more)
    return made["Consumer"]["ConsumerARN"]


def plain_calls(call):
    """All that is used or shown: nothing is listed, and a strict server takes it."""
    create(call)
    number = put(call)
    _read(call, number)
    _describe(call)
    _consume(call, number)
    _tag(call)
    _change(call)
    _reshard(call)
    call("DeleteStream", **NAMED, EnforceConsumerDeletion=True)
    call("UpdateAccountSettings", MinimumThroughputBillingCommitment={"Status": "DISABLED"})


def _read(call, number):
    for kind, position in positions(number):
        if "SequenceNumber" in position:
            position = {"StartingSequenceNumber": position["SequenceNumber"]}
        got = call("GetShardIterator", **NAMED, ShardId=FIRST_SHARD, ShardIteratorType=kind,
                   DryRun=False, **position)
        call("GetRecords", **BY_ARN, ShardIterator=got["ShardIterator"], Limit=10, DryRun=False)


def _describe(call):
    call("DescribeLimits")
    call("DescribeStream", **NAMED, Limit=1, ExclusiveStartShardId=FIRST_SHARD)
    call("DescribeStreamSummary", **NAMED)
    call("CreateStream", StreamName="views", StreamModeDetails={"StreamMode": "ON_DEMAND"},
         WarmThroughputMiBps=8)
    page = call("ListStreams", Limit=1, ExclusiveStartStreamName="a")
    call("ListStreams", NextToken=page["NextToken"])
    page = call("ListShards", **NAMED, MaxResults=1, StreamCreationTimestamp=CREATED)
    call("ListShards", NextToken=page["NextToken"])
    call("ListShards", **NAMED, ExclusiveStartShardId=FIRST_SHARD)
    for kind, more in (("AT_TRIM_HORIZON", {}), ("FROM_TRIM_HORIZON", {}), ("AT_LATEST", {}),
                       ("AT_TIMESTAMP", {"Timestamp": CREATED}),
                       ("FROM_TIMESTAMP", {"Timestamp": CREATED}),
                       ("AFTER_SHARD_ID", {"ShardId": FIRST_SHARD})):
        call("ListShards", **NAMED, ShardFilter={"Type": kind, **more})


def _consume(call, number):
    for kind, position in positions(number):
        name = kind.lower().replace("_", "-")
        arn = register(call, name, Tags={"team": "data"})
        call("SubscribeToShard", ConsumerARN=arn, StreamId=STREAM_ID, ShardId=FIRST_SHARD,
             StartingPosition={"Type": kind, **position}, DryRun=False)
    call("DescribeStreamConsumer", ConsumerARN=arn, StreamId=STREAM_ID)
    call("DescribeStreamConsumer", StreamARN=ARN, ConsumerName=name)
    page = call("ListStreamConsumers", **BY_ARN, MaxResults=1, StreamCreationTimestamp=CREATED)
    call("ListStreamConsumers", StreamARN=ARN, NextToken=page["NextToken"])
    call("DeregisterStreamConsumer", ConsumerARN=arn, StreamId=STREAM_ID)
    call("DeregisterStreamConsumer", StreamARN=ARN, ConsumerName="latest")


def _tag(call):
    call("AddTagsToStream", **NAMED, Tags={"one": "1"})
    call("TagResource", **RESOURCE, Tags={"two": "2"})
    call("ListTagsForStream", **NAMED, ExclusiveStartTagKey="one", Limit=1)
    call("ListTagsForResource", **RESOURCE)
    call("RemoveTagsFromStream", **NAMED, TagKeys=["one"])
    call("UntagResource", **RESOURCE, TagKeys=["two"])


def _change(call):
    call("IncreaseStreamRetentionPeriod", **NAMED, RetentionPeriodHours=48)
    call("DecreaseStreamRetentionPeriod", **NAMED, RetentionPeriodHours=24)
    call("DisableEnhancedMonitoring", **NAMED, ShardLevelMetrics=METRICS[:-1])
    call("DisableEnhancedMonitoring", **NAMED, ShardLevelMetrics=["ALL"])
    call("UpdateMaxRecordSize", **BY_ARN, MaxRecordSizeInKiB=1024)
    call("StopStreamEncryption", **NAMED, EncryptionType="KMS", KeyId="alias/aws/kinesis")
    call("GetResourcePolicy", **RESOURCE)
    views = {"StreamARN": stream_arn("views"), "StreamId": STREAM_ID}
    call("UpdateStreamMode", **views, StreamModeDetails={"StreamMode": "PROVISIONED"})
    call("UpdateStreamMode", **views, StreamModeDetails={"StreamMode": "ON_DEMAND"},
         WarmThroughputMiBps=9)
    call("UpdateStreamWarmThroughput", **views, StreamName="views", WarmThroughputMiBps=10)
    # Refused by the service as well.
    call.refused("StopStreamEncryption", **NAMED, EncryptionType="NONE", KeyId="k")
    call.refused("StartStreamEncryption", **NAMED, EncryptionType="NONE", KeyId="k")
    call.refused("PutResourcePolicy", **RESOURCE, Policy="not JSON")
    call.refused("EnableEnhancedMonitoring", StreamName="none", ShardLevelMetrics=["ALL"])
    call.refused("PutRecord", StreamName="none", Data=b"data", PartitionKey="key", DryRun=True)
    call.refused("CreateStream", StreamName=STREAM, RecordDistributionStrategy="AUTO")


def _reshard(call):
    call("SplitShard", **NAMED, ShardToSplit=FIRST_SHARD, NewStartingHashKey="1000")
    call("MergeShards", **NAMED, ShardToMerge="shardId-000000000002",
         AdjacentShardToMerge="shardId-000000000003")
    call("UpdateShardCount", **NAMED, TargetShardCount=4, ScalingType="UNIFORM_SCALING")


def listed_calls(call):
    """Each gives something that is listed, but for those that only lead to it or undo it."""
    number = put(call)
    consumer = register(call, "reader")
    call("CreateStream", StreamName="auto", RecordDistributionStrategy="AUTO")
    call("PutResourcePolicy", **RESOURCE, Policy='{"Version": "2012-10-17"}')
    call("EnableEnhancedMonitoring", **NAMED, ShardLevelMetrics=METRICS[:-1])
    call("EnableEnhancedMonitoring", **NAMED, ShardLevelMetrics=["ALL"])
    call("ListShards", StreamName=STREAM, StreamCreationTimestamp=EARLIER)
    call("ListStreamConsumers", StreamARN=ARN, StreamCreationTimestamp=EARLIER)
    record = {"Data": b"data", "PartitionKey": "key"}
    call("PutRecord", StreamName=STREAM, **record, DryRun=True)
    call("PutRecords", StreamName=STREAM, Records=[record], DryRun=True)
    shard = {"StreamName": STREAM, "ShardId": FIRST_SHARD, "ShardIteratorType": "TRIM_HORIZON"}
    call("GetShardIterator", **shard, DryRun=True)
    iterator = call("GetShardIterator", **shard)["ShardIterator"]
    call("GetRecords", ShardIterator=iterator, DryRun=True)
    call("SubscribeToShard", ConsumerARN=consumer, ShardId=FIRST_SHARD, DryRun=True,
         StartingPosition={"Type": "AT_SEQUENCE_NUMBER", "SequenceNumber": number})
    call("StartStreamEncryption", **NAMED, EncryptionType="KMS", KeyId="alias/aws/kinesis")


def undoing_calls(call):
    """Those that need what a strict server does not take."""
    call("DeleteResourcePolicy", **RESOURCE)
