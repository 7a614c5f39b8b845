"""Signatures that are checked: those of botocore against the keys of the configuration."""

import datetime
import json

import boto3
import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from conftest import CLIENT_CONFIG
from resources import (ACCOUNT, REGION, bucket, configuration, direct_put, python_function,
                       transformed_by)

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TEMPORARY, TOKEN = "ASIAEXAMPLE", "a+session/token=="
OTHER_ACCOUNT = "111122223333"
CREDENTIALS = [
    {"accessKeyId": KEY, "secretAccessKey": SECRET},
    {"accessKeyId": TEMPORARY, "secretAccessKey": SECRET, "sessionToken": TOKEN,
     "account": OTHER_ACCOUNT},
    {"accessKeyId": "ASIAPAST", "secretAccessKey": SECRET, "sessionToken": TOKEN,
     "expiration": "2020-01-01T00:00:00Z"},
]
# Far from the time of the clients: signatures live by the real one.
LONG_AGO = "virtual@2001-01-01T00:00:00Z"


@pytest.fixture
def server(start):
    return start("--auth", "verify", clock=LONG_AGO, config=configuration(
        credentials=CREDENTIALS, streams=[{"StreamName": "here"}]))


def client(server, key=KEY, secret=SECRET, token=None, service="kinesis"):
    return boto3.client(service, region_name=REGION, endpoint_url=server.url, config=CLIENT_CONFIG,
                        aws_access_key_id=key, aws_secret_access_key=secret,
                        aws_session_token=token)


def refusal(call, *arguments, **members):
    with pytest.raises(ClientError) as refused:
        call(*arguments, **members)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


class Signer(botocore.auth.SigV4Auth):
    """Signs at another time than now."""

    def __init__(self, *arguments, ahead=datetime.timedelta()):
        super().__init__(*arguments)
        self.ahead = ahead

    def add_auth(self, request):
        now = datetime.datetime.now(datetime.timezone.utc) + self.ahead
        request.context["timestamp"] = now.strftime("%Y%m%dT%H%M%SZ")
        self._modify_request_before_signing(request)
        canonical = self.canonical_request(request)
        signature = self.signature(self.string_to_sign(request, canonical), request)
        self._inject_signature_to_request(request, signature)


def post(server, signer=None, body=b"{}", sent=None, url_query="", service="kinesis",
         target="Kinesis_20131202.ListStreams"):
    """Signs `body`, sends `sent`; status and document."""
    request = AWSRequest("POST", f"{server.url}/{url_query}", data=body, headers={
        "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": target})
    signer = signer or Signer(Credentials(KEY, SECRET), service, REGION)
    signer.add_auth(request)
    prepared = request.prepare()
    path = prepared.url.removeprefix(server.url)
    headers = {name: value for name, value in prepared.headers.items() if name != "Content-Length"}
    status, reply = server.post(body if sent is None else sent, path=path, headers=headers)
    return status, json.loads(reply)


def test_what_is_rightly_signed_is_taken(server):
    kinesis = client(server)
    assert kinesis.list_streams()["StreamNames"] == ["here"]
    kinesis.put_record(StreamName="here", Data=b"\x00\xff" * 1000, PartitionKey="schlüssel")
    names = client(server, service="firehose").list_delivery_streams()["DeliveryStreamNames"]
    assert names == []


def test_a_wrong_secret_is_told_what_was_to_be_signed(server):
    code, message = refusal(client(server, secret="wrong").list_streams)
    assert code == "InvalidSignatureException"
    told, to_sign = message.split("\n\nThe String-to-Sign should have been\n")
    sentence, canonical = told.split("\n\n", 1)
    assert sentence == ("The request signature we calculated does not match the signature you "
                        "provided. Check your AWS Secret Access Key and signing method. Consult the "
                        "service documentation for details.")
    assert canonical.startswith("The Canonical String for this request should have been\n'POST\n/\n")
    assert to_sign.startswith("'AWS4-HMAC-SHA256\n") and to_sign.endswith("'\n")


def test_an_unknown_key_is_not_recognized(server):
    assert refusal(client(server, key="AKIDOTHER").list_streams) == (
        "UnrecognizedClientException",
        "The security token included in the request is invalid.")


def test_an_unsigned_request_lacks_its_token(server):
    status, reply = server.post(b"{}", target="Kinesis_20131202.ListStreams")
    assert (status, json.loads(reply)["__type"]) == (400, "MissingAuthenticationTokenException")


def test_a_body_that_was_changed_on_its_way_is_refused(server):
    status, document = post(server, body=b'{"Limit": 1}', sent=b'{"Limit": 2}')
    assert (status, document["__type"]) == (400, "InvalidSignatureException")
    assert post(server, body=b'{"Limit": 1}')[0] == 200


@pytest.mark.parametrize("minutes, sentence", [(-6, "Signature expired: "),
                                               (6, "Signature not yet current: ")])
def test_a_clock_may_not_be_far_off(server, minutes, sentence):
    ahead = datetime.timedelta(minutes=minutes)
    status, document = post(server, Signer(Credentials(KEY, SECRET), "kinesis", REGION,
                                           ahead=ahead))
    assert (status, document["__type"]) == (400, "InvalidSignatureException")
    assert document["message"].startswith(sentence)
    near = Signer(Credentials(KEY, SECRET), "kinesis", REGION, ahead=ahead * 0.7)
    assert post(server, near)[0] == 200


def test_a_body_that_is_packed_is_signed_as_it_is_sent(server):
    cloudwatch = client(server, service="cloudwatch")
    sent = []
    cloudwatch.meta.events.register("before-send", lambda request, **_: sent.append(request))
    cloudwatch.put_metric_data(Namespace="many", MetricData=[
        {"MetricName": f"metric {i}", "Value": i} for i in range(300)])
    assert sent[0].headers["Content-Encoding"] in ("gzip", b"gzip")


def test_the_scope_names_the_service(server):
    status, document = post(server, service="firehose")
    assert (status, document) == (400, {
        "__type": "InvalidSignatureException",
        "message": "Credential should be scoped to correct service: 'kinesis'."})


def test_a_session_token_must_be_that_of_the_key(server):
    kinesis = client(server, TEMPORARY, token=TOKEN)
    kinesis.create_stream(StreamName="there", ShardCount=1)
    summary = kinesis.describe_stream_summary(StreamName="there")["StreamDescriptionSummary"]
    assert summary["StreamARN"] == f"arn:aws:kinesis:{REGION}:{OTHER_ACCOUNT}:stream/there"
    assert ACCOUNT != OTHER_ACCOUNT
    for token in (None, "another"):
        code, _ = refusal(client(server, TEMPORARY, token=token).list_streams)
        assert code == "UnrecognizedClientException"


def test_a_temporary_key_expires(server):
    assert refusal(client(server, "ASIAPAST", token=TOKEN).list_streams) == (
        "ExpiredTokenException", "The security token included in the request is expired")


class QuerySigner(botocore.auth.SigV4QueryAuth):
    """Of a POST too: the class of botocore drops the body of one."""

    def _modify_request_before_signing(self, request):
        data, request.data = request.data, b""
        super()._modify_request_before_signing(request)
        request.data = data


def test_a_signature_may_stand_in_the_query(server):
    def signed(expires):
        return QuerySigner(Credentials(KEY, SECRET), "kinesis", REGION, expires=expires)

    assert post(server, signed(60), url_query="?b=x%20y&a=~") == post(server)
    status, document = post(server, signed(60), body=b'{"Limit": 1}', sent=b"{}")
    assert (status, document["__type"]) == (400, "InvalidSignatureException")
    status, document = post(server, signed(-1))
    assert (status, document["__type"]) == (400, "IncompleteSignatureException")


def test_handlers_call_without_a_key_of_the_configuration(start):
    """They come in by an address of their own, which nobody else is given."""
    server = start("--auth", "verify", config=configuration(
        credentials=CREDENTIALS, streams=[{"StreamName": "here"}],
        functions=[python_function("asks", "asking.handler")],
        deliveryStreams=[direct_put("to-s3", bucket(
            "results", ProcessingConfiguration=transformed_by("asks")))]))
    client(server, service="firehose").put_record(DeliveryStreamName="to-s3",
                                                  Record={"Data": b"what is there?"})
    server.flush()
    assert list(server.objects().values()) == [b"here"]
