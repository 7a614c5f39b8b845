"""The table of Firehose, and requests that give every member of it."""

from datetime import datetime, timezone

from resources import (ACCOUNT, REGION, ROLE, bucket, extracting, processed_by,
                       processor, stream_arn, transforming)
from surface import All, Skip, Surface, always, table

S3_KINDS = ("S3", "ExtendedS3")
OTHER_KINDS = ("Redshift", "Elasticsearch", "Amazonopensearchservice",
               "AmazonOpenSearchServerless", "Splunk", "HttpEndpoint", "Snowflake", "Iceberg")
FORMATS = ("UNCOMPRESSED", "GZIP", "ZIP", "Snappy", "HADOOP_SNAPPY")
SOURCE_STREAM = "source"
SOURCES = {"DirectPut": "DirectPutSourceConfiguration",
           "KinesisStreamAsSource": "KinesisStreamSourceConfiguration",
           "MSKAsSource": "MSKSourceConfiguration",
           "DatabaseAsSource": "DatabaseSourceConfiguration"}


def source_of(request):
    """The source that a creation speaks of."""
    return request.get(SOURCES[request.get("DeliveryStreamType", "DirectPut")])


USED = table("""
    CreateDeliveryStreamInput: DeliveryStreamName DeliveryStreamType
        KinesisStreamSourceConfiguration S3DestinationConfiguration
        ExtendedS3DestinationConfiguration
    KinesisStreamSourceConfiguration: KinesisStreamARN
    S3DestinationConfiguration: BucketARN Prefix ErrorOutputPrefix BufferingHints
        CompressionFormat EncryptionConfiguration CloudWatchLoggingOptions
    BufferingHints: SizeInMBs IntervalInSeconds
    EncryptionConfiguration: NoEncryptionConfig
    CloudWatchLoggingOptions: Enabled LogGroupName LogStreamName
    ExtendedS3DestinationConfiguration: BucketARN Prefix ErrorOutputPrefix
        BufferingHints CompressionFormat EncryptionConfiguration CloudWatchLoggingOptions
        ProcessingConfiguration S3BackupMode S3BackupConfiguration
        DynamicPartitioningConfiguration FileExtension CustomTimeZone
    ProcessingConfiguration: Enabled Processors
    Processor: Type Parameters
    ProcessorParameter: ParameterName ParameterValue
    DynamicPartitioningConfiguration: RetryOptions Enabled
    RetryOptions: DurationInSeconds
    DeleteDeliveryStreamInput: DeliveryStreamName AllowForceDelete
    DescribeDeliveryStreamInput: DeliveryStreamName Limit ExclusiveStartDestinationId
    ListDeliveryStreamsInput: Limit DeliveryStreamType ExclusiveStartDeliveryStreamName
    ListTagsForDeliveryStreamInput: DeliveryStreamName ExclusiveStartTagKey Limit
    PutRecordInput: DeliveryStreamName Record
    Record: Data
    PutRecordBatchInput: DeliveryStreamName Records
    StartDeliveryStreamEncryptionInput: DeliveryStreamName
    StopDeliveryStreamEncryptionInput: DeliveryStreamName
    TagDeliveryStreamInput: DeliveryStreamName
    UntagDeliveryStreamInput: DeliveryStreamName TagKeys
    UpdateDestinationInput: DeliveryStreamName CurrentDeliveryStreamVersionId DestinationId
        S3DestinationUpdate ExtendedS3DestinationUpdate
    S3DestinationUpdate: BucketARN Prefix ErrorOutputPrefix BufferingHints
        CompressionFormat EncryptionConfiguration CloudWatchLoggingOptions
    ExtendedS3DestinationUpdate: BucketARN Prefix ErrorOutputPrefix BufferingHints
        CompressionFormat EncryptionConfiguration CloudWatchLoggingOptions
        ProcessingConfiguration S3BackupMode S3BackupUpdate DynamicPartitioningConfiguration
        FileExtension CustomTimeZone
    DeliveryStreamType= DirectPut KinesisStreamAsSource MSKAsSource DatabaseAsSource
    CompressionFormat= UNCOMPRESSED GZIP ZIP Snappy HADOOP_SNAPPY
    NoEncryptionConfig= NoEncryption
    ProcessorType= RecordDeAggregation Decompression CloudWatchLogProcessing Lambda
        MetadataExtraction AppendDelimiterToRecord
    ProcessorParameterName= LambdaArn NumberOfRetries MetadataExtractionQuery JsonParsingEngine
        BufferSizeInMBs BufferIntervalInSeconds SubRecordType Delimiter CompressionFormat
        DataMessageExtraction
    S3BackupMode= Disabled Enabled
    """)

_ROLE = "there is no IAM here: whoever asks may do everything"
_TAGS = "bills and IAM go by tags; here they are listed, and no more"
SHOWN = {
    **{f"{structure}.RoleARN": _ROLE for structure in (
        "KinesisStreamSourceConfiguration", "S3DestinationConfiguration", "S3DestinationUpdate",
        "ExtendedS3DestinationConfiguration", "ExtendedS3DestinationUpdate")},
    "ProcessorParameterName=RoleArn": _ROLE,
    **{member: _TAGS for member in (
        "CreateDeliveryStreamInput.Tags", "TagDeliveryStreamInput.Tags", "Tag.Key", "Tag.Value")},
}


def _is_read(value, request):
    """Another source than that of the type is ignored by the service, too."""
    return value == source_of(request)


def _unless_disabled(value, _request):
    return value.get("Enabled", True)


LISTED = {
    "CreateDeliveryStreamInput.DirectPutSourceConfiguration": _is_read,
    "CreateDeliveryStreamInput.MSKSourceConfiguration": _is_read,
    "CreateDeliveryStreamInput.DatabaseSourceConfiguration": _is_read,
    "CreateDeliveryStreamInput.DeliveryStreamEncryptionConfigurationInput": always,
    "StartDeliveryStreamEncryptionInput.DeliveryStreamEncryptionConfigurationInput": always,
    "EncryptionConfiguration.KMSEncryptionConfig": always,
    **{f"ExtendedS3Destination{word}.DataFormatConversionConfiguration": _unless_disabled
       for word in ("Configuration", "Update")},
    **{f"CreateDeliveryStreamInput.{kind}DestinationConfiguration": always
       for kind in OTHER_KINDS},
    **{f"UpdateDestinationInput.{kind}DestinationUpdate": always for kind in OTHER_KINDS},
}

# Without a key it is that of the service, which is not used either.
BY_CALL = {"StartDeliveryStreamEncryption": "DeliveryStreamEncryptionConfigurationInput"}

SURFACE = Surface("firehose", USED, SHOWN, LISTED, by_call=BY_CALL)

# What the service has no place for.
REFUSED = {f"{operation}.{member}.ErrorOutputPrefix" for operation, member in (
    ("CreateDeliveryStream", "RedshiftDestinationConfiguration.S3Configuration"),
    ("UpdateDestination", "RedshiftDestinationUpdate.S3Update"))}

# What Describe calls otherwise, and what it does not show.
SHOWN_AS = {"S3Configuration": "S3DestinationDescription", "S3Update": "S3DestinationDescription",
            "S3BackupConfiguration": "S3BackupDescription",
            "S3BackupUpdate": "S3BackupDescription",
            "VpcConfiguration": "VpcConfigurationDescription"}
SECRET = ("Password", "EndpointConfiguration.AccessKey", "PrivateKey", "KeyPassphrase")

_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
_SERVICE = f"com.amazonaws.vpce.{REGION}.vpce-svc-0123456789abcdef0"
# One processor of every kind that needs no dynamic partitioning, with all of their parameters.
PROCESSORS = processed_by(
    processor("Decompression", CompressionFormat="GZIP"),
    processor("CloudWatchLogProcessing", DataMessageExtraction="true"),
    transforming("function", NumberOfRetries=1, RoleArn=ROLE, BufferSizeInMBs="0.5",
                 BufferIntervalInSeconds=60),
    processor("AppendDelimiterToRecord", Delimiter="\\n"))
PARTITIONING_PROCESSORS = processed_by(
    processor("RecordDeAggregation", SubRecordType="DELIMITED", Delimiter="Cg=="),
    extracting("{customer: .customer}"))

# What the shapes do not tell of values, by the end of the path.
VALUES = {
    "RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket", "KinesisStreamARN":
    stream_arn(SOURCE_STREAM), "Prefix": "data/", "ErrorOutputPrefix": "errors/",
    "AWSKMSKeyARN": _KEY, "KeyARN": _KEY, "KeyType": "CUSTOMER_MANAGED_CMK",
    "FileExtension": ".json", "CustomTimeZone": "Europe/Berlin", "S3BackupMode": "Enabled",
    "ProcessingConfiguration": PROCESSORS, "EncryptionConfiguration.KMSEncryptionConfig": Skip,
    "DataFormatConversionConfiguration": Skip, "DynamicPartitioningConfiguration": Skip,
    "IntervalInSeconds": 60, "ReadFromTimestamp": datetime(2026, 3, 31, tzinfo=timezone.utc),
    "ClusterJDBCURL": "jdbc:redshift://c.x1.us-east-1.redshift.amazonaws.com:5439/dev",
    "DomainARN": f"arn:aws:es:{REGION}:{ACCOUNT}:domain/logs", "ClusterEndpoint": Skip,
    "HECEndpoint": "https://hec:8088", "CollectionEndpoint": "https://search", "Url": "https://example.com", "Password": "secret",
    "SecretARN": f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:login-AbCdEf",
    "AccountUrl": "account-1.snowflakecomputing.com", "PrivateKey": "A" * 256,
    "KeyPassphrase": "passphrase", "PrivateLinkVpceId": _SERVICE,
    "VpcEndpointServiceName": _SERVICE, "DataLoadingOption":
    "VARIANT_CONTENT_AND_METADATA_MAPPING", "CatalogARN":
    f"arn:aws:glue:{REGION}:{ACCOUNT}:catalog", "WarehouseLocation": "s3://warehouse",
    "MSKClusterARN": f"arn:aws:kafka:{REGION}:{ACCOUNT}:cluster/c/1",
    # What each of these destinations has rules of its own about.
    **{f"{kind}Destination{word}.S3BackupMode": mode
       for word in ("Configuration", "Update")
       for kind, mode in (("Elasticsearch", "AllDocuments"), ("Splunk", "AllEvents"),
                          ("Amazonopensearchservice", "AllDocuments"), ("HttpEndpoint", "AllData"),
                          ("AmazonOpenSearchServerless", "AllDocuments"), ("Snowflake", "AllData"),
                          ("Iceberg", "FailedDataOnly"))},
    **{f"AmazonopensearchserviceDestination{word}.TypeName": ""
       for word in ("Configuration", "Update")},
    **{f"RedshiftDestination{word}.{place}.ErrorOutputPrefix": Skip
       for word in ("Configuration", "Update") for place in ("S3Configuration", "S3Update")},
}
_CONVERTED = {"DataFormatConversionConfiguration": All, "SchemaConfiguration.RoleARN": ROLE,
              "SizeInMBs": 64, "CompressionFormat": "UNCOMPRESSED", "BlockSizeBytes": 64 << 20,
              "PageSizeBytes": 64 << 10, "StripeSizeBytes": 8 << 20, "RowIndexStride": 1000}
PARQUET = {**_CONVERTED, "HiveJsonSerDe": Skip, "OrcSerDe": Skip,
           "ParquetSerDe.Compression": "SNAPPY"}
ORC = {**_CONVERTED, "HiveJsonSerDe.TimestampFormats": ["millis"], "OpenXJsonSerDe": Skip,
       "ParquetSerDe": Skip}
ENCRYPTED = {"EncryptionConfiguration.NoEncryptionConfig": Skip,
             "EncryptionConfiguration.KMSEncryptionConfig": {"AWSKMSKeyARN": _KEY}}
PARTITIONED = {
    "ProcessingConfiguration": PARTITIONING_PROCESSORS, "SizeInMBs": 64,
    "DynamicPartitioningConfiguration": {"Enabled": True, "RetryOptions":
                                         {"DurationInSeconds": 60}},
    **{f"ExtendedS3Destination{word}.Prefix": "!{partitionKeyFromQuery:customer}/"
       for word in ("Configuration", "Update")},
    **{f"ExtendedS3Destination{word}.ErrorOutputPrefix": "!{firehose:error-output-type}/"
       for word in ("Configuration", "Update")}}


def destinations(word):
    """(kind, variety, {member: value}) of every destination, in every variety. `word`: what
    members are called behind the kind."""
    operation = {"Configuration": "CreateDeliveryStream", "Update": "UpdateDestination"}[word]

    def full(kind, values):
        member = f"{kind}Destination{word}"
        return {member: SURFACE.full(operation, member, {**VALUES, **values})}

    for kind in S3_KINDS:
        for compression in FORMATS:
            yield kind, compression, full(kind, {"CompressionFormat": compression})
    yield "ExtendedS3", "no-backup", full("ExtendedS3", {"S3BackupMode": "Disabled"})
    yield "ExtendedS3", "partitioned", full("ExtendedS3", PARTITIONED)
    for variety, values in (("parquet", PARQUET), ("orc", ORC)):
        yield "ExtendedS3", variety, full("ExtendedS3", values)
        unused = {**values, "DataFormatConversionConfiguration.Enabled": False}
        yield "ExtendedS3", f"no-{variety}", full("ExtendedS3", unused)
    for kind in OTHER_KINDS:
        yield kind, "full", full(kind, {})
    for kind in S3_KINDS + OTHER_KINDS:
        yield kind, "encrypted", full(kind, ENCRYPTED)
    for kind in ("Elasticsearch", "Amazonopensearchservice"):
        domain = {"DomainARN": Skip, "ClusterEndpoint": "https://search"}
        yield kind, "endpoint", full(kind, domain)


def _creations():
    for kind, variety, members in destinations("Configuration"):
        yield f"{kind}-{variety}", {"Tags": [{"Key": "team", "Value": "data"}], **members}
    to_s3 = {"ExtendedS3DestinationConfiguration": bucket("bucket")}
    sources = {kind: {member: SURFACE.full("CreateDeliveryStream", member, VALUES)}
               for kind, member in SOURCES.items()}
    yield "direct-puts", {"DeliveryStreamType": "DirectPut", **to_s3}
    yield "throughput-hint", {**sources.pop("DirectPut"), **to_s3}
    yield "from-none-of-these", {**{k: v for source in sources.values() for k, v in source.items()},
                                 **to_s3}
    iceberg = "IcebergDestinationConfiguration"
    to_iceberg = {iceberg: SURFACE.full("CreateDeliveryStream", iceberg, VALUES)}
    for kind, source in sources.items():
        place = to_iceberg if kind == "DatabaseAsSource" else to_s3
        yield f"from-{kind}", {"DeliveryStreamType": kind, **source, **place}
    for kind, key in (("AWS_OWNED_CMK", {}), ("CUSTOMER_MANAGED_CMK", {"KeyARN": _KEY})):
        yield f"encrypted-{kind}", {
            "DeliveryStreamEncryptionConfigurationInput": {"KeyType": kind, **key}, **to_s3}


def _updates():
    """What there is at first, and how it is updated."""
    created = {(kind, variety): members
               for kind, variety, members in destinations("Configuration")}
    to_s3 = {"ExtendedS3DestinationConfiguration": bucket("bucket")}
    for kind, variety, members in destinations("Update"):
        # Some varieties are no change that the service takes of another one.
        alike = variety if variety in ("partitioned", "endpoint") else "full"
        yield f"{kind}-{variety}", (created.get((kind, alike), to_s3), members)
    # Where there is nothing but S3 at first, as on a strict server.
    member = "RedshiftDestinationUpdate"
    changed = SURFACE.full("UpdateDestination", member, VALUES)
    yield "to-Redshift", (to_s3, {member: changed})


CREATIONS = dict(_creations())
UPDATES = dict(_updates())


def other_calls(call):
    """The rest of the operations, on a delivery stream of that name. Nothing is listed."""
    name = {"DeliveryStreamName": "other"}
    call("CreateDeliveryStream", **name, ExtendedS3DestinationConfiguration=bucket("bucket"))
    call("PutRecord", **name, Record={"Data": b"data"})
    call("PutRecordBatch", **name, Records=[{"Data": b"data"}])
    call("DescribeDeliveryStream", **name, Limit=1,
         ExclusiveStartDestinationId="destinationId-000000000000")
    for kind in ("DirectPut", "KinesisStreamAsSource", "MSKAsSource", "DatabaseAsSource"):
        call("ListDeliveryStreams", Limit=1, DeliveryStreamType=kind,
             ExclusiveStartDeliveryStreamName="a")
    call("TagDeliveryStream", **name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b"}])
    call("ListTagsForDeliveryStream", **name, ExclusiveStartTagKey="a", Limit=1)
    call("UntagDeliveryStream", **name, TagKeys=["a"])
    call("StopDeliveryStreamEncryption", **name)
    # Refused by the service as well.
    key = {"KeyType": "AWS_OWNED_CMK"}
    call.refused("StartDeliveryStreamEncryption", DeliveryStreamName="none",
                 DeliveryStreamEncryptionConfigurationInput=key)
    call.refused("CreateDeliveryStream", **name, **CREATIONS["Splunk-full"])
    call.refused("CreateDeliveryStream", **{**CREATIONS["encrypted-AWS_OWNED_CMK"],
                                            "DeliveryStreamName": "twice",
                                            "Tags": [{"Key": "a"}, {"Key": "a"}] * 26})
    call("DeleteDeliveryStream", **name, AllowForceDelete=True)


def encrypting_calls(call):
    """Each gives something that is listed."""
    for name, more in (("plain", {}), ("keyed", {"DeliveryStreamEncryptionConfigurationInput": {
            "KeyType": "CUSTOMER_MANAGED_CMK", "KeyARN": _KEY}})):
        call("CreateDeliveryStream", DeliveryStreamName=name,
             ExtendedS3DestinationConfiguration=bucket("bucket"))
        call("StartDeliveryStreamEncryption", DeliveryStreamName=name, **more)
