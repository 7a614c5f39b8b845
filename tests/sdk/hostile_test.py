"""Clients that mean harm, or are broken: they get an error, everybody else is served."""

import http.client
import json
import os
import socket

import pytest
from botocore.exceptions import ClientError

from resources import ROLE, bucket, configuration, direct_put

PUT_RECORD = "Firehose_20150804.PutRecord"
GOOD_BODY = b'{"DeliveryStreamName":"events","Record":{"Data":"b25l"}}'


@pytest.fixture
def server(start):
    running = start(config=configuration(
        streams=[{"StreamName": "clicks"}],
        deliveryStreams=[direct_put("events", bucket("events"))]))
    yield running
    assert running.post(GOOD_BODY, PUT_RECORD)[0] == 200, "it still serves"


def files_beside_data(server):
    """What the program's folder holds besides the configuration, the log and the data."""
    return set(os.listdir(server.data.parent)) - {"data", "hydrant.json", "log"}


@pytest.mark.parametrize("name, prefix", [
    ("..", ""), ("...", ""), (".hydrant", ""), ("../up", ""), ("/etc", ""), ("a/../../b", ""),
    ("good", "../../../up/"), ("good", "/"), ("good", "//"), ("good", "./"), ("good", ".hydrant/"),
    ("good", "a/../../../up/"), ("good", "%2E%2E/"), ("good", "x" * 300 + "/"),
    ("good", "라벨/\u0001/"), ("good", "a/b/"), ("good", "C:\\..\\up\\"),
])
def test_no_bucket_and_no_prefix_leads_out_of_the_data_folder(server, name, prefix):
    firehose = server.firehose
    try:
        firehose.create_delivery_stream(
            DeliveryStreamName="odd", ExtendedS3DestinationConfiguration=bucket(
                name, Prefix=prefix))
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert server.flush() == []
        return
    firehose.put_record(DeliveryStreamName="odd", Record={"Data": b"here"})
    (written,) = server.flush("odd")
    holds = [path for path in server.data.parent.rglob("*")
             if path.is_file() and path.read_bytes() == b"here"]
    assert len(holds) == 1
    real = holds[0].resolve()
    assert real.is_relative_to((server.data / "s3").resolve())
    assert real.relative_to((server.data / "s3").resolve()).parts[0] != ".hydrant"
    assert files_beside_data(server) == set()
    (listed,) = server.state()["objects"]
    assert f"{listed['bucket']}/{listed['key']}" == written
    assert listed["key"].startswith(prefix)


def test_a_file_of_somebody_else_in_the_data_folder_stays(server):
    server.firehose.put_record(DeliveryStreamName="events", Record={"Data": b"one"})
    (name,) = server.flush("events")
    theirs = (server.data / "s3" / name).parent / "theirs"
    theirs.write_text("theirs")
    server.reset()
    assert server.objects() == {str(theirs.relative_to(server.data / "s3")): b"theirs"}


def deep(opening, closing, depth=100_000):
    return (opening * depth + "1" + closing * depth).encode()


@pytest.mark.parametrize("body", [
    b"", b"{", b"null", b"[]", b"1", b'"text"', GOOD_BODY[:-1], GOOD_BODY + b"}", b"\0" * 100,
    GOOD_BODY.replace(b"events", b"ev\0nts"), GOOD_BODY.replace(b"events", b"ev\xffnts"),
    GOOD_BODY.replace(b"events", b"\xed\xa0\x80"), b"\xef\xbb\xbf" + GOOD_BODY,
    b'{"DeliveryStreamName":', b'{"DeliveryStreamName":"events","Record":{"Data":"!!!"}}',
    b'{"DeliveryStreamName":"events","Record":{"Data":"b25"}}',
    b'{"DeliveryStreamName":"events","Record":{"Data":5}}',
    b'{"DeliveryStreamName":"events","Record":[]}', b'{"DeliveryStreamName":"\\ud800"}',
    deep("[", "]"), deep('{"Record":', "}"), b"{" * 1_000_000, b"1e999999", b"-", b"tru",
], ids=lambda body: repr(body[:40]))
def test_a_body_that_is_no_request_is_a_400(server, body):
    for target in (PUT_RECORD, "Kinesis_20131202.PutRecord"):
        status, answer = server.post(body, target)
        assert status == 400
        error = json.loads(answer)
        assert error["__type"]
    assert server.delivery_stream("events")["undeliveredRecords"] == 0


@pytest.mark.parametrize("target, headers", [
    (None, {}), ("", {}), ("PutRecord", {}), ("Firehose_20150804.", {}),
    ("Firehose_20150804.NoSuch", {}), ("Kinesis_20131202.putrecord", {}),
    ("Firehose_20150804.PutRecord.More", {}), ("\xff" * 20, {}),
    (PUT_RECORD, {"Content-Type": "text/html"}),
])
def test_a_request_for_no_operation_is_a_4xx(server, target, headers):
    status, _ = server.post(GOOD_BODY, target, headers)
    assert 400 <= status < 500
    assert server.delivery_stream("events")["undeliveredRecords"] == 0


def exchange(server, request):
    """All that is answered to these bytes, up to the end of the connection."""
    with socket.create_connection((server.host, server.port), timeout=60) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while block := connection.recv(65536):
                answer += block
        except ConnectionResetError:
            pass
        return answer


@pytest.mark.parametrize("size", [17 * 1024 * 1024, 10**15, 2**64, 2**200])
def test_a_body_that_is_too_large_is_refused_before_it_is_sent(server, size):
    answer = exchange(server, b"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: " + PUT_RECORD.encode()
                      + b"\r\nContent-Length: %d\r\n\r\n" % size)
    assert answer.split(b" ")[1] in ((b"413",) if size < 2**64 else (b"413", b"400"))


def test_a_body_that_is_too_large_is_refused_when_it_comes_in_chunks(server):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    megabyte = b"x" * 1024 * 1024
    try:
        connection.request("POST", "/", (megabyte for _ in range(20)), {"X-Amz-Target": PUT_RECORD},
                           encode_chunked=True)
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("request_bytes", [
    b"\r\n\r\n\r\n", b"\0" * 1000, b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n", b"\xff\xfe\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    b"POST / HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\n",
    b"POST /" + b"a" * 200_000 + b" HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x11" * 500,
], ids=lambda request: repr(request[:45]))
def test_what_is_no_http_is_answered_with_an_error_or_a_closed_connection(server, request_bytes):
    answer = exchange(server, request_bytes)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4", b"HTTP/1.1 505"))


def test_clients_that_never_finish_hold_nobody_up(server):
    head = (b"POST / HTTP/1.1\r\nHost: a\r\nX-Amz-Target: " + PUT_RECORD.encode()
            + b"\r\nContent-Type: application/x-amz-json-1.1"
            + b"\r\nContent-Length: %d\r\n\r\n" % len(GOOD_BODY))
    parts = [b"", b"P", head[:40], head, head + GOOD_BODY[:10]] * 40
    held = []
    try:
        for part in parts:
            held.append(socket.create_connection((server.host, server.port), timeout=60))
            held[-1].sendall(part)
        for _ in range(20):
            assert server.post(GOOD_BODY, PUT_RECORD)[0] == 200
        # One of them goes on after all.
        held[-1].sendall(GOOD_BODY[10:])
        assert held[-1].recv(65536).startswith(b"HTTP/1.1 200")
    finally:
        for connection in held:
            connection.close()
    assert server.delivery_stream("events")["undeliveredRecords"] == 21


def test_a_client_that_goes_away_before_its_answer_is_no_trouble(server):
    request = (b"POST /_hydrant/flush HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"
               b"GET /_hydrant/state HTTP/1.1\r\nHost: a\r\n\r\n") * 20
    for _ in range(20):
        connection = socket.create_connection((server.host, server.port), timeout=60)
        connection.sendall(request)
        connection.close()


@pytest.mark.parametrize("data", [b"", b"\0" * 1000, bytes(range(256)) * 10, b"\xff\xfe",
                                  "가".encode()[:2], b'{"a":'])
def test_any_bytes_are_data(server, data):
    server.firehose.put_record(DeliveryStreamName="events", Record={"Data": data})
    server.firehose.put_record(DeliveryStreamName="events", Record={"Data": b"|"})
    (name,) = server.flush("events")
    assert server.object(name) == data + b"|"
    server.kinesis.put_record(StreamName="clicks", Data=data, PartitionKey="a")
    iterator = server.kinesis.get_shard_iterator(
        StreamName="clicks", ShardId="shardId-000000000000",
        ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert server.kinesis.get_records(ShardIterator=iterator)["Records"][0]["Data"] == data


@pytest.mark.parametrize("name", ["", "a b", "..", "../up", "a/b", "x" * 65, "가", "a\0b"])
def test_a_name_that_the_service_does_not_allow_is_refused(server, name):
    firehose = server.firehose
    if name == "..":  # dots are allowed in names, and this one leads nowhere
        firehose.create_delivery_stream(DeliveryStreamName=name, S3DestinationConfiguration={
            "RoleARN": ROLE, "BucketARN": "arn:aws:s3:::dots", "Prefix": "!{timestamp:yyyy}/..",
            "ErrorOutputPrefix": "!{firehose:error-output-type}"})
        firehose.put_record(DeliveryStreamName=name, Record={"Data": b"here"})
        (written,) = server.flush(name)
        assert written.startswith("dots/2026/....-1-2026-")
        assert server.object(written) == b"here"
        return
    with pytest.raises(ClientError) as refused:
        firehose.create_delivery_stream(DeliveryStreamName=name,
                                        ExtendedS3DestinationConfiguration=bucket("b"))
    assert refused.value.response["Error"]["Code"] == "ValidationException"
    with pytest.raises(ClientError):
        server.kinesis.create_stream(StreamName=name + "!", ShardCount=1)
