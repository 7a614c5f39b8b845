"""What hydrant does not do yet: the cases that need it are skipped, with what the program says.

not_yet_test.py fails as soon as the program says something else, so that the cases are run from
then on.
"""

import pytest

import golden

FIREHOSE = "Firehose_20150804"
ROLE = "arn:aws:iam::123456789012:role/firehose-role"
BUCKET = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::results"}


# What the program says to a setting that it does not emulate, and a destination that makes it.
SETTINGS = {
    "hydrant does not deliver to Splunk destinations yet, only to S3.": {"SplunkDestinationConfiguration": {
        "HECEndpoint": "https://127.0.0.1:8088", "HECEndpointType": "Raw", "HECToken": "t",
        "S3Configuration": BUCKET}},
}
OPERATIONS = ["ListTagsForDeliveryStream", "StartDeliveryStreamEncryption",
              "StopDeliveryStreamEncryption", "TagDeliveryStream", "UntagDeliveryStream"]
def call(hydrant, operation, request):
    """The reply to a call of Firehose; one that shows what is not there yet skips the test."""
    reply = golden.call(hydrant, operation, request, FIREHOSE)
    if reply.status == 400 and reply.document.get("message") in SETTINGS:
        pytest.skip(reply.document["message"])
    if operation in OPERATIONS and reply.error_type == "UnknownOperationException":
        pytest.skip(f"hydrant does not know {operation} yet")
    return reply


def call_ok(hydrant, operation, request):
    reply = call(hydrant, operation, request)
    assert reply.status == 200, reply
    return reply.document
