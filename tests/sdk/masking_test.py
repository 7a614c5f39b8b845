"""A lake of events: masked, under partitions by time, compressed; what fails is kept apart."""

import base64
import gzip
import hashlib
import json

import pytest

from resources import (buffering, bucket, configuration, direct_put, lambda_arn, python_function,
                       transformed_by)

SALT = "소금"
ARN = lambda_arn("mask") + ":$LATEST"


@pytest.fixture
def deliver(start):
    """Puts texts through the transform: the objects by name."""

    def run(texts, clock="virtual@2025-11-10T02:45:00Z", year="yyyy"):
        server = start(clock=clock, config=configuration(
            functions=[python_function("mask", "masking.lambda_handler", {"SALT": SALT})],
            deliveryStreams=[direct_put("lake", bucket(
                "lake", BufferingHints=buffering(32, 120), CompressionFormat="GZIP",
                Prefix=f"etl-output/year=!{{timestamp:{year}}}/month=!{{timestamp:MM}}/",
                ErrorOutputPrefix="etl-errors/!{firehose:error-output-type}/"
                                  f"year=!{{timestamp:{year}}}/month=!{{timestamp:MM}}/",
                ProcessingConfiguration=transformed_by(ARN)))]))
        answer = server.firehose.put_record_batch(
            DeliveryStreamName="lake", Records=[{"Data": text} for text in texts])
        assert answer["FailedPutCount"] == 0
        server.advance(60 + 120)
        return server.objects()

    return run


def event_text(user, country, **more):
    return json.dumps({"user": user, "country": country, "email": f"{user}@ex.com", **more})


def test_addresses_are_masked_and_what_is_no_json_goes_to_the_error_prefix(deliver, named):
    good = [event_text("bora", "kr"), event_text("ann", "Us", event_version=2)]
    objects = deliver([good[0], "no JSON", good[1], "[1]"])
    by_prefix = {named(name)["prefix"]: (named(name)["end"], content)
                 for name, content in objects.items()}
    assert set(by_prefix) == {"lake/etl-output/year=2025/month=11/",
                              "lake/etl-errors/processing-failed/year=2025/month=11/"}
    assert {end for end, _ in by_prefix.values()} == {".gz"}

    hashes = [hashlib.sha256(f"{user}@ex.com{SALT}".encode()).hexdigest()[:12]
              for user in ("bora", "ann")]
    delivered = gzip.decompress(by_prefix["lake/etl-output/year=2025/month=11/"][1]).decode()
    assert delivered == (
        f'{{"user":"bora","country":"KR","email":"email_hash_{hashes[0]}","event_version":1}}'
        f'{{"user":"ann","country":"US","email":"email_hash_{hashes[1]}","event_version":2}}')

    failed = gzip.decompress(
        by_prefix["lake/etl-errors/processing-failed/year=2025/month=11/"][1]).decode()
    assert not failed.endswith("\n")
    lines = [json.loads(line) for line in failed.split("\n")]
    assert [base64.b64decode(line["rawData"]) for line in lines] == [b"no JSON", b"[1]"]
    for line in lines:
        assert line["errorCode"] == "Lambda.ProcessingFailedStatus"
        assert line["errorMessage"] == "ProcessingFailed status set for record"
        assert line["attemptsMade"] == 1
        assert line["lambdaARN"] == ARN, "with its qualifier, as configured"


def test_yyyy_in_capitals_is_the_year_of_the_week(deliver, named):
    names = deliver([event_text("ann", "kr")], clock="virtual@2025-12-28T12:00:00Z", year="YYYY")
    assert [named(name)["prefix"] for name in names] == ["lake/etl-output/year=2026/month=12/"]


def test_an_object_of_failures_is_all_there_is_when_all_fail(deliver, named):
    names = list(deliver(["no JSON"]))
    assert [named(name)["prefix"] for name in names] == [
        "lake/etl-errors/processing-failed/year=2025/month=11/"]
