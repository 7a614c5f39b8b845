"""examples/aws-cli: the profile, with the AWS CLI and with boto3."""

import json

import boto3
import pytest

from conftest import BIN, run

ADDRESS = "http://127.0.0.1:4566"


@pytest.fixture
def server(start):
    return start("--clock", "virtual")


@pytest.fixture
def variables(copied, server):
    """Those by which a client finds the example's configuration, which leads to the server."""
    path = copied("aws-cli") / "config"
    text = path.read_text(encoding="utf-8")
    assert text.count(ADDRESS) == 3
    path.write_text(text.replace(ADDRESS, server.url), encoding="utf-8")
    return {"AWS_CONFIG_FILE": str(path)}


@pytest.fixture
def aws(tmp_path, variables):
    def call(*arguments):
        text = run([BIN / "aws", "--profile", "hydrant", *arguments], tmp_path, **variables)
        return json.loads(text) if text else None

    return call


def test_the_profile_leads_the_cli_to_every_service_that_it_names(aws, server):
    aws("kinesis", "create-stream", "--stream-name", "clicks", "--shard-count", "1")
    assert [stream["name"] for stream in server.state()["streams"]] == ["clicks"]
    assert aws("firehose", "list-delivery-streams")["DeliveryStreamNames"] == []
    assert aws("sts", "get-caller-identity")["Account"] == "000000000000"


def test_the_profile_leads_boto3_too(monkeypatch, variables, server):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    boto3.session.Session(profile_name="hydrant").client("kinesis").create_stream(
        StreamName="clicks", ShardCount=1)
    assert [stream["name"] for stream in server.state()["streams"]] == ["clicks"]
