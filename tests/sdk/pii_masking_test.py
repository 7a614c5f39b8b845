"""The example of examples/pii-masking, as it stands and as such configurations are often written."""

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys

import pytest

from client_program import environment
from hydrant_process import ROOT, program
from resources import ACCOUNT, REGION, buffering, lambda_arn, processed_by, transforming

FOLDER = ROOT / "examples/pii-masking"
NAME = "events-to-lake"
SALT = "only for this example"
CLOCK = "virtual@2025-11-10T02:45:00Z"
FUNCTION = lambda_arn("mask-events") + ":$LATEST"


def event(user, country, **more):
    return json.dumps({"user": user, "action": "login", "ts": "2025-11-10T02:45:00Z",
                       "country": country, "email": f"{user}@example.com", **more})


def masked(user, salt=SALT):
    digest = hashlib.sha256(f"{user}@example.com{salt}".encode()).hexdigest()
    return f"email_hash_{digest[:12]}"


def unpacked(objects):
    """What is in the objects, by the folders that they lie in."""
    assert all(name.endswith(".gz") for name in objects)
    return {name.rpartition("/")[0]: gzip.decompress(content).decode()
            for name, content in objects.items()}


def test_the_example_runs_as_its_readme_says(start):
    server = start("--config", FOLDER / "hydrant.json", "--strict", clock=CLOCK)
    told = subprocess.run([sys.executable, FOLDER / "produce.py"], check=True, text=True,
                          capture_output=True, env=environment(AWS_ENDPOINT_URL=server.url))
    assert told.stdout == "5 records put\n"
    assert sorted(server.admin("POST", "flush")["objects"]) == sorted(server.objects())

    month = "year=2025/month=11"
    found = unpacked(server.objects())
    assert set(found) == {f"lake/events/{month}/country={country}" for country in (
        "KR", "US", "ZZ")} | {f"lake/errors/processing-failed/{month}"}
    korean = [json.loads(line) for line in
              found[f"lake/events/{month}/country=KR"].splitlines()]
    assert [(e["action"], e["email"], e["event_version"]) for e in korean] == [
        ("login", masked("bora"), 1), ("logout", masked("bora"), 1)]
    (american,) = found[f"lake/events/{month}/country=US"].splitlines()
    assert json.loads(american)["ts"] == "2025-11-10T02:45:01Z"
    failure = json.loads(found[f"lake/errors/processing-failed/{month}"])
    assert base64.b64decode(failure["rawData"]) == b"oops, no JSON"
    assert (failure["errorCode"], failure["lambdaARN"]) == (
        "Lambda.ProcessingFailedStatus", FUNCTION)
    assert server.admin("GET", "gaps")["gaps"] == []
    assert not any(b"example.com" in gzip.decompress(content)
                   for content in server.objects().values())


def test_objects_of_the_example_come_by_the_clock(start):
    server = start("--config", FOLDER / "hydrant.json", "--strict", clock=CLOCK)
    server.firehose.put_record(DeliveryStreamName=NAME, Record={"Data": event("ann", "us")})
    server.advance(60 + 120 - 1)
    assert server.objects() == {}
    server.advance(1)
    assert len(server.objects()) == 1


# ---------------------------------------------------------------- as they are often written

def often_written():
    """Keys by a path without a query, a buffer below AWS's least, the year of the week, a KMS key."""
    return {
        "account": ACCOUNT, "region": REGION,
        "functions": [{"FunctionName": "mask-events", "Runtime": "python3",
                       "Handler": "app.lambda_handler", "Directory": str(FOLDER)}],
        "deliveryStreams": [{"DeliveryStreamName": NAME, "ExtendedS3DestinationConfiguration": {
            "RoleARN": f"arn:aws:iam::{ACCOUNT}:role/FirehoseDeliveryRole",
            "BucketARN": "arn:aws:s3:::lake",
            "Prefix": "etl-output/year=!{timestamp:YYYY}/month=!{timestamp:MM}/"
                      "country=!{partitionKeyFromQuery:$.country}/",
            "ErrorOutputPrefix": "etl-errors/!{firehose:error-output-type}/"
                                 "year=!{timestamp:YYYY}/month=!{timestamp:MM}/",
            "BufferingHints": buffering(32, 120), "CompressionFormat": "GZIP",
            "EncryptionConfiguration": {"KMSEncryptionConfig": {
                "AWSKMSKeyARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/a"}},
            "ProcessingConfiguration": processed_by(transforming(FUNCTION)),
            "DynamicPartitioningConfiguration": {
                "Enabled": True, "RetryOptions": {"DurationInSeconds": 300}}}}]}


def lenient(**more):
    return {**often_written(), "firehose": {"lenientPartitioning": True, **more}}


def test_lenient_partitioning_finds_the_key_that_the_function_returned(start):
    server = start(config=lenient(), clock=CLOCK)
    server.firehose.put_record_batch(DeliveryStreamName=NAME, Records=[
        {"Data": text} for text in (event("bora", "kr"), event("ann", "us"), "{",
                                    event("carl", "KR", event_version=3), event("dan", 5))])
    server.advance(60 + 120)
    found = unpacked(server.objects())
    month = "year=2025/month=11"
    assert set(found) == {f"lake/etl-output/{month}/country={country}" for country in (
        "KR", "US", "ZZ")} | {f"lake/etl-errors/processing-failed/{month}"}
    # Two events without a delimiter between them.
    emails = re.findall(r'"email":"(\w+)"', found[f"lake/etl-output/{month}/country=KR"])
    assert emails == [masked(user, "not a secret") for user in ("bora", "carl")]
    assert found[f"lake/etl-output/{month}/country=KR"].count("}{") == 1
    failure = json.loads(found[f"lake/etl-errors/processing-failed/{month}"])
    assert base64.b64decode(failure["rawData"]) == b"{"


def test_the_year_of_such_a_prefix_is_that_of_the_week(start):
    server = start(config=lenient(), clock="virtual@2025-12-28T12:00:00Z")
    server.firehose.put_record(DeliveryStreamName=NAME, Record={"Data": event("ann", "us")})
    (name,) = server.flush(NAME)
    assert name.startswith("lake/etl-output/year=2026/month=12/country=US/")


@pytest.mark.parametrize("hints, sentence", [
    (buffering(32, 120),
     "BufferingHints.SizeInMBs must be at least 64 when Dynamic Partitioning is enabled."),
    (buffering(64, 120), "MetadataExtraction processor should be present")])
def test_without_leniency_it_is_refused_as_by_the_service(tmp_path, hints, sentence):
    config = often_written()
    config["deliveryStreams"][0]["ExtendedS3DestinationConfiguration"]["BufferingHints"] = hints
    path = tmp_path / "hydrant.json"
    path.write_text(json.dumps(config), encoding="utf-8")
    done = subprocess.run([program(), "--config", path, "--check"], capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.returncode == 2
    assert sentence in done.stderr, done.stderr
