"""Accounts, regions and signatures of those who call."""

import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from conftest import CLIENT_CONFIG, SESSION
from resources import ACCOUNT, REGION, configuration

OTHER_ACCOUNT = "111122223333"


def names(kinesis):
    return kinesis.list_streams()["StreamNames"]


def test_each_account_and_each_region_has_streams_of_its_own(start):
    server = start(config=configuration(streams=[{"StreamName": "here"}]))
    elsewhere = server.client("kinesis", region="eu-west-1")
    other = SESSION.client("kinesis", region_name=REGION, endpoint_url=server.url,
                           aws_access_key_id=OTHER_ACCOUNT, aws_secret_access_key="x")
    assert (names(server.kinesis), names(elsewhere), names(other)) == (["here"], [], [])
    for kinesis, account, region in ((elsewhere, ACCOUNT, "eu-west-1"),
                                     (other, OTHER_ACCOUNT, REGION)):
        kinesis.create_stream(StreamName="there", ShardCount=1)
        summary = kinesis.describe_stream_summary(StreamName="there")["StreamDescriptionSummary"]
        assert summary["StreamARN"] == f"arn:aws:kinesis:{region}:{account}:stream/there"
        with pytest.raises(kinesis.exceptions.ResourceNotFoundException):
            kinesis.describe_stream_summary(StreamName="here")
    assert names(server.kinesis) == ["here"]


def test_unsigned_requests_are_taken_unless_signatures_are_required(start):
    unsigned = CLIENT_CONFIG.merge(Config(signature_version=UNSIGNED))
    taking = start(config=configuration(streams=[{"StreamName": "here"}]))
    assert names(taking.client("kinesis", config=unsigned)) == ["here"]

    strict = start("--auth", "required", config=configuration(streams=[{"StreamName": "here"}]))
    assert names(strict.kinesis) == ["here"]
    with pytest.raises(ClientError) as refused:
        names(strict.client("kinesis", config=unsigned))
    assert refused.value.response["Error"]["Code"] == "MissingAuthenticationTokenException"
