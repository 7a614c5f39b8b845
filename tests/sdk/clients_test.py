"""The SDKs that people use, each as published and in its default settings, do the same things.

What they are told to do stands in node/ and go/; what they must see stands here.
"""

import base64

import pytest

from client_program import ClientProgram
from hydrant_process import ROOT
from resources import bucket, configuration, direct_put

EVERY_BYTE = bytes(range(256))
NAMES = ["js v2", "go v2"]


@pytest.fixture
def client(request, node, go):
    """The program written with an SDK: call it with a command and a server."""
    command = {"js v2": lambda: node("v2.mjs"), "go v2": go}[request.param]()

    def start_client(server, *arguments):
        return ClientProgram([*command, *arguments], server.url)

    return start_client


@pytest.fixture
def server(start):
    return start("--delays.createStreamMs", 50, "--delays.reshardMs", 50, clock="real",
                 config=configuration(
                     streams=[{"StreamName": "clicks", "ShardCount": 1}],
                     deliveryStreams=[direct_put("events", bucket("events"))]))


@pytest.mark.parametrize("client", NAMES, indirect=True)
def test_records_come_back_as_they_were_put(server, client):
    with client(server, "round-trip", "trip") as program:
        (told,) = program.rest()
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


@pytest.mark.parametrize("client", NAMES, indirect=True)
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
