"""The SDKs that people use, each as published and in its default settings, do the same things.

What they are told to do stands in node/, go/ and java/; what they must see stands here.
"""

import base64
import subprocess

import pytest

from client_program import ClientProgram
from hydrant_process import ROOT
from resources import bucket, configuration, direct_put, stream_arn

EVERY_BYTE = bytes(range(256))
NAMES = ["js v2", "js v3", "go v2", pytest.param("java v2", marks=pytest.mark.slow),
         pytest.param("java v2 sync", marks=pytest.mark.slow)]
# Neither version 2 for JavaScript nor a synchronous client knows event streams.
WITH_EVENT_STREAMS = [name for name in NAMES if name not in ("js v2", NAMES[-1])]
WITH_FIREHOSE = ["js v2", "js v3", "go v2"]


@pytest.fixture
def client(request, node, go, java):
    """The program written with an SDK: call it with a server, a command and its arguments."""
    command = {"js v2": lambda: node("v2.mjs"), "js v3": lambda: node("v3.mjs"), "go v2": go,
               "java v2": lambda: java("AsyncClient"),
               "java v2 sync": lambda: java("SyncClient")}[request.param]()

    def start_client(server, *arguments, **variables):
        endpoint = variables.pop("endpoint", server.url)
        return ClientProgram([*command, *arguments], endpoint, **variables)

    start_client.sdk = request.param
    return start_client


@pytest.fixture
def server(start):
    return start(clock="real", config=configuration(
        delays={"createStreamMs": 50, "reshardMs": 50, "consumerMs": 50},
        streams=[{"StreamName": "clicks", "ShardCount": 1}],
        deliveryStreams=[direct_put("events", bucket("events"))]))


def expect_round_trip(server, told):
    assert (told["status"], told["shards"]) == ("ACTIVE", 2)
    read = {(r["shard"], r["sequence"]): r for r in told["read"]}
    assert len(read) == len(told["read"]) == 4
    back = [read[put["shard"], put["sequence"]] for put in told["put"]]
    assert {r["key"]: base64.b64decode(r["data"]) for r in back} == {
        "every byte": EVERY_BYTE, "a": b"data of a", "b": b"data of b", "c": b"data of c"}
    made = server.kinesis.describe_stream_summary(StreamName="trip")["StreamDescriptionSummary"]
    for record in back:
        assert 0 <= record["arrival"] - made["StreamCreationTimestamp"].timestamp() < 300


@pytest.mark.parametrize("client", NAMES, indirect=True)
def test_records_come_back_as_they_were_put(server, client):
    with client(server, "round-trip", "trip") as program:
        (told,) = program.rest()
    expect_round_trip(server, told)


def trust(sdk, authority, folder):
    """The variables that make a program trust an authority."""
    if sdk.startswith("js"):
        return {"NODE_EXTRA_CA_CERTS": authority}
    if sdk.startswith("go"):
        return {"AWS_CA_BUNDLE": authority}
    store = folder / "trusted.p12"
    subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "hydrant", "-file", authority,
                    "-keystore", store, "-storetype", "PKCS12", "-storepass", "changeit"],
                   check=True, capture_output=True)
    return {"JAVA_TOOL_OPTIONS": f"-Djavax.net.ssl.trustStore={store} "
                                 "-Djavax.net.ssl.trustStorePassword=changeit"}


@pytest.mark.parametrize("client", NAMES, indirect=True)
def test_records_come_back_over_tls(server, client, tmp_path):
    with client(server, "round-trip", "trip", endpoint=server.tls_url,
                **trust(client.sdk, server.authority(), tmp_path)) as program:
        (told,) = program.rest()
    expect_round_trip(server, told)


@pytest.mark.parametrize("client", NAMES, indirect=True)
def test_refusals_are_the_errors_of_the_sdk(server, client):
    account = "under account 123456789012"
    with client(server, "errors", "clicks") as program:
        told = program.rest()
    assert [(t["type"], t["status"]) for t in told] == [
        ("ResourceNotFoundException", 400), ("ResourceInUseException", 400),
        ("InvalidArgumentException", 400), ("ValidationException", 400)]
    assert told[0]["message"].startswith(f"Stream clicks-missing {account} not found.")
    assert told[1]["message"].startswith(f"Stream clicks {account} already exists.")
    assert "Member must have length less than or equal to 256" in told[3]["message"]
    assert len({t["requestId"] for t in told} - {None, ""}) == 4


@pytest.mark.parametrize("client", WITH_EVENT_STREAMS, indirect=True)
def test_a_subscription_tells_all_records_and_then_the_children(server, client):
    kinesis = server.kinesis

    def put(*keys):
        kinesis.put_records(StreamName="clicks", Records=[
            {"PartitionKey": key, "Data": key.encode() + EVERY_BYTE} for key in keys])

    def tells_records(program, *keys):
        for key in keys:
            told = program.told()
            assert (told["key"], base64.b64decode(told["data"])) == (key, key.encode() + EVERY_BYTE)

    put("a", "b")
    with client(server, "subscribe", "clicks") as program:
        assert program.told() == {"subscribed": True}
        tells_records(program, "a", "b")
        put("c")
        tells_records(program, "c")
        kinesis.split_shard(StreamName="clicks", ShardToSplit="shardId-000000000000",
                            NewStartingHashKey=str(2**127))
        assert program.rest() == [
            {"children": ["shardId-000000000001", "shardId-000000000002"], "continuation": None},
            {"ended": True}]
    consumers = kinesis.list_stream_consumers(StreamARN=stream_arn("clicks"))["Consumers"]
    assert [consumer["ConsumerStatus"] for consumer in consumers] == ["ACTIVE"]


@pytest.mark.parametrize("client", WITH_FIREHOSE, indirect=True)
def test_firehose_delivers_what_was_put(server, client):
    with client(server, "firehose", "events") as program:
        (told,) = program.rest()
    assert told["failed"] == 0
    assert len(set(told["ids"])) == 3
    (name,) = server.flush("events")
    assert server.object(name) == b"one\ntwo\n" + EVERY_BYTE


def test_no_lock_file_names_a_registry():
    lock = (ROOT / "tests/sdk/node/package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
