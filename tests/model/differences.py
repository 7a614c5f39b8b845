"""Where what is declared is not what the services' models say, on purpose: a sentence for each.

Inputs go by "service.Operation.Member: fact", operations by "service.Operation", errors by
"service.Operation: error"; * stands for anything. Whatever is below a member that is "missing" is
missing with it: the member is skipped when it is sent.
"""

_NOT_THERE = "Channels, queues and the distribution of records are newer than what is emulated."
_ANCHORS = "The service's messages spell the pattern without the anchors; it means the same."

INPUTS = {
    # A record without a partition key is for streams that distribute records by themselves.
    "kinesis.PutRecord.PartitionKey: required": _NOT_THERE,
    "kinesis.PutRecords.Records[].PartitionKey: required": _NOT_THERE,
    # The pattern names channels and queues beside streams.
    "kinesis.*.ResourceARN: pattern": _NOT_THERE,
    "kinesis.PutRecord*.ExplicitHashKey: pattern": _ANCHORS,
    "kinesis.SplitShard.NewStartingHashKey: pattern": _ANCHORS,
    "kinesis.PutRecord.SequenceNumberForOrdering: pattern": _ANCHORS,
    "kinesis.GetShardIterator.StartingSequenceNumber: pattern": _ANCHORS,
    "kinesis.SubscribeToShard.StartingPosition.SequenceNumber: pattern": _ANCHORS,
    "firehose.*.FileExtension: pattern":
        "The service's messages spell the pattern in another way; it means the same.",
    "firehose.*.DeliveryStreamEncryptionConfigurationInput.KeyARN: pattern":
        "Earlier models let an alias stand for a key, and it is still taken.",
    "cloudwatch.PutMetricData.*: missing":
        "Metrics are counted and dropped; what nobody looks at is not checked.",
}

OPERATIONS = {f"kinesis.{_name}": _NOT_THERE for _name in (
    "*Channel", "ListChannels", "*Queue", "ListQueues", "*QueueRecords",
    "UpdateQueueRecordsVisibility", "UpdateDeadLetterQueueRecordsVisibility",
    "UpdateStreamRecordDistributionStrategy")}

ERRORS = {
}
