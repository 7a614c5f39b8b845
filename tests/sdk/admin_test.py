"""The admin interface: health, clock, flush, reset, state and gaps."""

import http.client
import json
import re
import socket

import pytest
from botocore.exceptions import ClientError

from conftest import start_in_background
from hydrant_process import AdminError
from resources import (ACCOUNT, REGION, bucket, configuration, direct_put, from_stream,
                       python_function, transformed_by)

START = "2026-03-31T23:58:30.000Z"


@pytest.fixture
def server(start):
    return start(config=configuration(
        streams=[{"StreamName": "clicks", "ShardCount": 2}],
        functions=[python_function("odd", "odd.lambda_handler")],
        deliveryStreams=[
            direct_put("events", bucket("events")),
            direct_put("orders", bucket("orders", ProcessingConfiguration=transformed_by("odd"))),
            from_stream("clicks-to-s3", "clicks", bucket("clicks"))]))


def put(server, name, text):
    server.firehose.put_record(DeliveryStreamName=name, Record={"Data": text})


def refused(call, *arguments):
    with pytest.raises(AdminError) as error:
        call(*arguments)
    assert list(error.value.body) == ["error"]
    return error.value.status


def test_health_tells_the_version(server):
    health = server.admin("GET", "health")
    assert health["status"] == "ok"
    assert list(health) == ["status", "version"]


def test_the_clock_stands_until_it_is_advanced(server):
    assert server.clock() == {"now": START, "mode": "virtual"}
    assert server.clock()["now"] == START
    assert server.advance(0.25)["now"] == "2026-03-31T23:58:30.250Z"
    assert server.advance(90)["now"] == "2026-04-01T00:00:00.250Z"
    assert server.clock()["now"] == "2026-04-01T00:00:00.250Z"


@pytest.mark.parametrize("body", [None, {}, {"seconds": "60"}, {"seconds": -1}, [60],
                                  {"seconds": 1e300}])
def test_an_advance_by_no_number_of_seconds_is_refused(server, body):
    assert refused(server.admin, "POST", "clock/advance", body) == 400
    assert server.clock()["now"] == START


@pytest.mark.parametrize("clock, mode", [("real", {"mode": "real"}),
                                         ("x60", {"mode": "scaled", "factor": 60})])
def test_a_clock_that_runs_by_itself_cannot_be_advanced(start, clock, mode):
    server = start(clock=clock)
    known = server.clock()
    del known["now"]
    assert known == mode
    assert refused(server.advance, 1) == 409


def test_a_flush_writes_all_that_is_buffered_and_names_it(server):
    put(server, "events", "one")
    put(server, "orders", "two")
    server.kinesis.put_record(StreamName="clicks", Data=b"three", PartitionKey="a")
    names = server.flush()
    assert sorted(server.object(name) for name in names) == [b"one", b"three", b"two"]
    assert set(names) == set(server.objects())
    assert server.flush() == []
    assert server.clock()["now"] == START


def test_a_flush_of_one_delivery_stream_leaves_the_others(server):
    put(server, "events", "one")
    put(server, "orders", "two")
    (name,) = server.flush("orders")
    assert server.objects() == {name: b"two"}
    assert refused(server.flush, "nobody") == 404


def test_a_flush_tries_a_failing_function_again_without_waiting(server):
    put(server, "orders", json.dumps({"do": "fail"}))
    (name,) = server.flush("orders")
    line = json.loads(server.object(name))
    assert line["attemptsMade"] == 4
    assert line["attemptEndingTimestamp"] == line["arrivalTimestamp"]


def test_a_reset_goes_back_to_the_configuration(server):
    put(server, "events", "buffered")
    put(server, "orders", "written")
    server.flush("orders")
    server.kinesis.put_record(StreamName="clicks", Data=b"x", PartitionKey="a")
    server.kinesis.create_stream(StreamName="more", ShardCount=1)
    server.firehose.delete_delivery_stream(DeliveryStreamName="clicks-to-s3")
    server.advance(10)
    before = server.clock()["now"]

    server.reset()
    assert server.clock()["now"] == before, "the clock stays"
    assert server.kinesis.list_streams()["StreamNames"] == ["clicks"]
    names = server.firehose.list_delivery_streams()["DeliveryStreamNames"]
    assert names == ["clicks-to-s3", "events", "orders"]
    assert server.objects() == {}
    assert server.state()["objects"] == []
    assert server.state()["memory"]["usedBytes"] == 0
    assert [s["incomingRecords"] for s in server.stream("clicks")["shards"]] == [0, 0]
    server.advance(3600)
    assert server.objects() == {}, "what was buffered is forgotten"
    put(server, "events", "again")
    assert [server.object(name) for name in server.flush()] == [b"again"]


def test_an_iterator_is_good_until_the_next_reset(server):
    def new_iterator():
        return server.kinesis.get_shard_iterator(
            StreamName="clicks", ShardId="shardId-000000000000",
            ShardIteratorType="TRIM_HORIZON")["ShardIterator"]

    earlier = []
    for _ in range(3):
        iterator = new_iterator()
        assert server.kinesis.get_records(ShardIterator=iterator)["Records"] == []
        for old in earlier:
            with pytest.raises(ClientError) as refused:
                server.kinesis.get_records(ShardIterator=old)
            assert refused.value.response["Error"]["Code"] == "InvalidArgumentException"
        earlier.append(iterator)
        server.reset()


def test_the_same_seed_gives_the_same_bytes_after_a_reset(start):
    server = start("--seed", "7", config=configuration(
        deliveryStreams=[direct_put("events", bucket("events"))]))

    def one_round():
        put(server, "events", "one")
        return server.flush()

    first = one_round()
    server.reset()
    assert one_round() == first


def test_a_reset_answers_those_that_wait_and_ends_what_runs(server):
    with socket.create_server(("127.0.0.1", 0)) as meeting:
        put(server, "orders", json.dumps({"wait": meeting.getsockname()[1]}))
        waiting = start_in_background(server.advance, 60)
        handler, _ = meeting.accept()
        with handler:
            server.reset()
            assert handler.recv(1) == b"", "its process has ended"
            assert refused(waiting) == 409
    assert server.flush() == []
    put(server, "orders", "next")
    assert [server.object(name) for name in server.flush()] == [b"next"]


def test_the_state_shows_what_is_where(server):
    put(server, "events", "12345")
    server.kinesis.put_record(StreamName="clicks", Data=b"x" * 10, PartitionKey="ab")
    state = server.state()
    assert state["now"] == START
    (stream,) = state["streams"]
    assert (stream["name"], stream["status"]) == ("clicks", "ACTIVE")
    assert stream["arn"] == f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"
    first, second = stream["shards"]
    assert (first["shardId"], first["startingHashKey"]) == ("shardId-000000000000", "0")
    assert int(first["endingHashKey"]) + 1 == int(second["startingHashKey"]) == 2**127
    assert first["open"] and second["open"]
    assert first["incomingRecords"] + second["incomingRecords"] == 1
    assert first["incomingBytes"] + second["incomingBytes"] == 12
    (events,) = [s for s in state["deliveryStreams"] if s["name"] == "events"]
    assert (events["undeliveredRecords"], events["undeliveredBytes"]) == (1, 5)
    assert events["oldestUndelivered"] == START
    assert [b["due"] for b in events["buffers"] if b["records"]] == ["2026-03-31T23:59:30.000Z"]
    assert [f["name"] for f in state["functions"]] == ["odd"]
    assert state["memory"]["usedBytes"] > 0

    (name,) = server.flush("events")
    (written,) = server.state()["objects"]
    assert f"{written['bucket']}/{written['key']}" == name
    assert written["size"] == 5
    assert server.delivery_stream("events")["undeliveredRecords"] == 0


def asked(server, method, path):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    connection.request(method, path)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply, text


def test_metrics_count_what_came_in(server):
    put(server, "events", "12345")
    _, text = asked(server, "GET", "/_hydrant/metrics")
    labels = f'{{delivery_stream="events",account="{ACCOUNT}",region="{REGION}"}}'
    assert f"hydrant_firehose_incoming_records{labels} 1\n" in text
    assert f"hydrant_firehose_incoming_bytes{labels} 5\n" in text


def test_metrics_are_in_the_format_that_prometheus_reads(server):
    for region in (REGION, "eu-west-1"):
        server.client("kinesis", region).create_stream(StreamName="twice", ShardCount=1)
    _, text = asked(server, "GET", "/_hydrant/metrics")
    series, types, family = set(), {}, None
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            family, kind = line.split()[2:]
            assert family not in types, "the samples of a metric stand together"
            types[family] = kind
        elif not line.startswith("# HELP "):
            name, _ = line.rsplit(" ", 1)
            assert re.split("[{ ]", name)[0] == family
            assert name not in series
            series.add(name)
    assert types["hydrant_kinesis_incoming_records"] == "counter"
    assert types["hydrant_memory_used_bytes"] == "gauge"
    assert len([name for name in series if 'stream="twice"' in name]) == 2 * 6


def test_head_asks_for_what_get_does(server):
    for path in ("health", "clock", "gaps", "state", "metrics"):
        reply, text = asked(server, "HEAD", "/_hydrant/" + path)
        assert (reply.status, text) == (200, "")
        assert int(reply.headers["Content-Length"]) > 0
    reply, text = asked(server, "HEAD", "/_hydrant/flush")
    assert (reply.status, text) == (404, "")


ENCRYPTED = {"EncryptionConfiguration": {"KMSEncryptionConfig": {
    "AWSKMSKeyARN": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0"}}}


def create_encrypted(server):
    return server.firehose.create_delivery_stream(
        DeliveryStreamName="secret", ExtendedS3DestinationConfiguration=bucket("s", **ENCRYPTED))


def test_gaps_list_what_is_taken_and_not_emulated(server):
    assert server.admin("GET", "gaps") == {"gaps": [], "dropped": 0}
    create_encrypted(server)
    (gap,) = server.admin("GET", "gaps")["gaps"]
    assert gap["where"] == "CreateDeliveryStream secret"
    assert gap["setting"] == (
        "ExtendedS3DestinationConfiguration.EncryptionConfiguration.KMSEncryptionConfig")
    server.reset()
    assert server.admin("GET", "gaps")["gaps"] == []


def test_a_strict_server_refuses_what_it_does_not_emulate(start):
    server = start("--strict")
    with pytest.raises(ClientError) as error:
        create_encrypted(server)
    assert error.value.response["Error"]["Code"] == "InvalidArgumentException"
    assert "KMSEncryptionConfig" in error.value.response["Error"]["Message"]
    assert server.firehose.list_delivery_streams()["DeliveryStreamNames"] == []


def status_from(server, origin, method="POST", path="/_hydrant/reset"):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
    connection.request(method, path, headers={"Origin": origin})
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("origin, status", [
    ("http://localhost:3000", 200), ("http://127.0.0.1:8080", 200), ("https://[::1]:1", 200),
    ("http://example.com", 403), ("null", 403), ("", 403), ("http://127.0.0.1.example.com", 403),
    ("http://localhost.example.com", 403), ("http://127.example.com", 403),
])
def test_a_page_of_another_site_cannot_drive_the_server(server, origin, status):
    put(server, "events", "kept")
    assert status_from(server, origin) == status
    assert status_from(server, origin, "GET", "/_hydrant/state") == status
    assert server.delivery_stream("events")["undeliveredRecords"] == (1 if status == 403 else 0)


def test_what_the_admin_interface_has_not_is_404(server):
    assert refused(server.admin, "GET", "nothing") == 404
    assert refused(server.admin, "GET", "reset") == 404
    assert refused(server.admin, "POST", "health") == 404
