"""The examples whose runners cannot be had here: Terraform's is parsed, Java's compiled.

What they want of hydrant is tried all the same: by the API, and with a stand-in for
Testcontainers (java/).
"""

import re
import subprocess

import boto3
import hcl2
import pytest

from conftest import EXAMPLES, HERE, run
from hydrant_process import ROOT, program

JAVA = EXAMPLES / "java/src/test/java"
LIBRARIES = ROOT / "build/examples/java/lib"


# ---------------------------------------------------------------- Terraform, parsed

def plain(value):
    """What hcl2 parsed, without the quotes of texts and its own marks."""
    if isinstance(value, dict):
        return {plain(k): plain(v) for k, v in value.items() if not str(k).startswith("__")}
    if isinstance(value, list):
        return [plain(member) for member in value]
    if isinstance(value, str) and value.startswith('"'):
        return value[1:-1]
    return value


@pytest.fixture(scope="module")
def terraform():
    with open(EXAMPLES / "terraform/main.tf", encoding="utf-8") as file:
        return plain(hcl2.load(file))


def block(terraform, kind, *labels):
    """The only block of a kind with these labels."""
    (found,) = [member[labels[0]] for member in terraform[kind] if labels[0] in member]
    for label in labels[1:]:
        found = found[label]
    return found


def as_request(attributes):
    """The members of a request: those of the provider are theirs in snake case."""
    words = {"arn": "ARN"}
    return {"".join(words.get(word, word.title()) for word in name.split("_")): value
            for name, value in attributes.items()}


def test_the_provider_of_terraform_is_parsed_and_sends_all_services_to_hydrant(terraform):
    assert block(terraform, "variable", "hydrant")["default"] == "http://127.0.0.1:4566"
    (endpoints,) = block(terraform, "provider", "aws")["endpoints"]
    assert endpoints == dict.fromkeys(("kinesis", "firehose", "sts"), "${var.hydrant}")


@pytest.fixture
def clients(start):
    server = start("--clock", "virtual", "--strict")
    session = boto3.session.Session(aws_access_key_id="test", aws_secret_access_key="test",
                                    region_name="us-east-1")
    return [session.client(name, endpoint_url=server.url) for name in ("kinesis", "firehose")]


def test_the_stream_of_terraform_is_parsed_and_its_values_make_one(terraform, clients):
    kinesis, _ = clients
    wanted = block(terraform, "resource", "aws_kinesis_stream", "clicks")
    kinesis.create_stream(StreamName=wanted["name"], ShardCount=wanted["shard_count"],
                          Tags=wanted["tags"])
    kinesis.increase_stream_retention_period(StreamName=wanted["name"],
                                             RetentionPeriodHours=wanted["retention_period"])
    made = kinesis.describe_stream_summary(StreamName=wanted["name"])["StreamDescriptionSummary"]
    assert (made["OpenShardCount"], made["RetentionPeriodHours"]) == (2, 48)


def test_the_delivery_stream_of_terraform_is_parsed_and_its_values_make_one(terraform, clients):
    kinesis, firehose = clients
    wanted = block(terraform, "resource", "aws_kinesis_firehose_delivery_stream", "clicks")
    (source,) = wanted["kinesis_source_configuration"]
    assert source["kinesis_stream_arn"] == "${aws_kinesis_stream.clicks.arn}"
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    arn = kinesis.describe_stream_summary(
        StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]
    (destination,) = wanted["extended_s3_configuration"]
    hints = {"SizeInMBs": destination.pop("buffering_size"),
             "IntervalInSeconds": destination.pop("buffering_interval")}
    request = {**as_request(destination), "BufferingHints": hints}
    firehose.create_delivery_stream(
        DeliveryStreamName=wanted["name"], DeliveryStreamType="KinesisStreamAsSource",
        KinesisStreamSourceConfiguration=as_request({**source, "kinesis_stream_arn": arn}),
        ExtendedS3DestinationConfiguration=request)
    made = firehose.describe_delivery_stream(
        DeliveryStreamName=wanted["name"])["DeliveryStreamDescription"]
    assert made["DeliveryStreamStatus"] == "ACTIVE"
    shown = made["Destinations"][0]["ExtendedS3DestinationDescription"]
    assert {name: shown[name] for name in request} == request


# ---------------------------------------------------------------- Java, compiled

def compiled(folder, sources, class_path):
    """Compiles into a folder: the class path with it in front."""
    subprocess.run(["javac", "-Xlint:all,-processing,-path,-classfile,-serial", "-Werror",
                    "-proc:none", "--release", "17", "-d", folder, "-cp", class_path,
                    *sorted(sources)], check=True)
    return f"{folder}:{class_path}"


def test_the_java_example_is_compiled_with_testcontainers_which_needs_docker_to_run(tmp_path):
    compiled(tmp_path, JAVA.rglob("*.java"), f"{LIBRARIES}/*")
    assert (tmp_path / "orders/DeliveryTest.class").is_file()


def test_the_java_example_passes_where_the_program_plays_testcontainers(tmp_path):
    # A class of the stand-in goes before that of the same name in a jar.
    played = compiled(tmp_path / "played", (HERE / "java").rglob("*.java"), f"{LIBRARIES}/*")
    classes = compiled(tmp_path / "example", JAVA.rglob("*.java"), played)
    resources = EXAMPLES / "java/src/test/resources"
    text = run(["java", "-cp", f"{resources}:{classes}", "played.RunTests", "orders.DeliveryTest"],
               tmp_path, HYDRANT_PROGRAM=program())
    passed = sorted(re.findall(r"^passed: (\w+)$", text, re.M))
    assert passed == ["aBufferOfFiveMinutesIsWrittenAfterFiveMinutes",
                      "the1001stRecordOfASecondIsRefused", "whatIsNoJsonFailsToBePartitioned"]
