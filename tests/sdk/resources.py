"""Resources of a configuration, as the AWS requests that create them."""

import sys
from pathlib import Path

ACCOUNT = "123456789012"
REGION = "ap-northeast-2"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/firehose"
HANDLERS = Path(__file__).resolve().parent / "handlers"


def lambda_arn(name):
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def stream_arn(name):
    return f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/{name}"


def configuration(**parts):
    return {"account": ACCOUNT, "region": REGION, **parts}


def python_function(name, handler, variables=None, **settings):
    """A function of handlers/, run by the interpreter of the tests: so handlers have boto3 too."""
    return {"FunctionName": name, "Runtime": "python3", "Handler": handler,
            "Directory": str(HANDLERS), "Interpreter": sys.executable,
            "Environment": {"Variables": variables or {}}, **settings}


def buffering(megabytes=1, seconds=60):
    return {"SizeInMBs": megabytes, "IntervalInSeconds": seconds}


def bucket(name, **settings):
    """An S3 destination with Firehose's usual least hints."""
    return {"RoleARN": ROLE, "BucketARN": f"arn:aws:s3:::{name}", "BufferingHints": buffering(),
            **settings}


def processor(kind, **parameters):
    return {"Type": kind, "Parameters": [
        {"ParameterName": name, "ParameterValue": str(value)}
        for name, value in parameters.items()]}


def processed_by(*processors):
    return {"Enabled": True, "Processors": list(processors)}


def transforming(function, **parameters):
    """The Lambda processor of a function; parameters such as NumberOfRetries=0."""
    arn = function if function.startswith("arn:") else lambda_arn(function)
    return processor("Lambda", LambdaArn=arn, **parameters)


def transformed_by(function, **parameters):
    """The processing that one Lambda does."""
    return processed_by(transforming(function, **parameters))


def extracting(query):
    return processor("MetadataExtraction", MetadataExtractionQuery=query,
                     JsonParsingEngine="JQ-1.6")


def partitioned(prefix, seconds=60):
    """Settings of dynamic partitioning, with the smallest size that it may have."""
    return {"BufferingHints": buffering(64, seconds), "Prefix": prefix,
            "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/",
            "DynamicPartitioningConfiguration": {"Enabled": True}}


def direct_put(name, destination):
    return {"DeliveryStreamName": name, "DeliveryStreamType": "DirectPut",
            "ExtendedS3DestinationConfiguration": destination}


def from_stream(name, stream, destination):
    return {"DeliveryStreamName": name, "DeliveryStreamType": "KinesisStreamAsSource",
            "KinesisStreamSourceConfiguration": {"KinesisStreamARN": stream_arn(stream),
                                                 "RoleARN": ROLE},
            "ExtendedS3DestinationConfiguration": destination}
