"""How a program ends whose last deliveries do not go well."""

import json
import os
import signal
import socket

import pytest

from conftest import Server
from hydrant_process import AdminError
from resources import bucket, configuration, direct_put, python_function, transformed_by

CONFIG = configuration(
    functions=[python_function("odd", "odd.lambda_handler")],
    deliveryStreams=[
        direct_put("plain", bucket("plain")),
        direct_put("transformed", bucket(
            "transformed", ProcessingConfiguration=transformed_by("odd")))])


@pytest.fixture
def server(tmp_path):
    """One that may end badly."""
    running = Server("--clock", "virtual", data=tmp_path / "data", config=CONFIG)
    yield running
    running.kill()


def put(server, name, text):
    server.firehose.put_record(DeliveryStreamName=name, Record={"Data": text})


def block_bucket(server, name):
    """Makes a bucket one that nothing can be written to; what comes back ends that."""
    # A link that leads nowhere: no folder can be made there, not even by root.
    folder = server.data / "s3"
    folder.mkdir(exist_ok=True)
    link = folder / name
    link.symlink_to(folder / "nowhere" / "at" / "all")
    return link.unlink


def test_what_cannot_be_written_is_told_and_written_later(server):
    unblock = block_bucket(server, "plain")
    put(server, "plain", "stuck")
    put(server, "transformed", "flows")
    with pytest.raises(AdminError) as refused:
        server.flush()
    assert refused.value.status == 503
    (written,) = refused.value.body["objects"]
    assert server.object(written) == b"flows"
    (unwritten,) = refused.value.body["unwritten"]
    assert unwritten["object"].startswith("plain/")
    assert unwritten["error"]
    assert server.delivery_stream("plain")["undeliveredRecords"] == 1
    assert server.delivery_stream("plain")["writeError"]["error"]

    unblock()
    server.advance(3600)
    assert sorted(server.objects().values()) == [b"flows", b"stuck"]
    assert server.delivery_stream("plain")["undeliveredRecords"] == 0
    assert server.stop() == 0


def test_what_stays_undelivered_at_the_end_makes_it_end_with_1(server):
    block_bucket(server, "plain")
    put(server, "plain", "stuck")
    put(server, "transformed", "flows")
    assert server.stop() == 1
    assert list(server.objects().values()) == [b"flows"]


def test_an_object_of_an_earlier_run_is_not_replaced(tmp_path):
    # The same seed and the same time give the same name.
    flags = ("--seed", "1", "--clock", "virtual@2026-01-01T00:00:00Z")
    first = Server(*flags, data=tmp_path, config=CONFIG)
    put(first, "plain", "first")
    (name,) = first.flush()
    assert first.stop() == 0

    second = Server(*flags, data=tmp_path, config=CONFIG)
    put(second, "plain", "second")
    with pytest.raises(AdminError) as refused:
        second.flush()
    assert [entry["object"] for entry in refused.value.body["unwritten"]] == [name]
    assert second.stop() == 1
    assert second.objects() == {name: b"first"}


def test_a_second_signal_ends_it_at_once(server):
    with socket.create_server(("127.0.0.1", 0)) as meeting:
        put(server, "transformed", json.dumps({"wait": meeting.getsockname()[1]}))
        server.signal(signal.SIGTERM)
        # The last flush has begun, and does not end by itself.
        handler, _ = meeting.accept()
        with handler:
            server.signal(signal.SIGINT)
            assert server.wait() == 1
            assert handler.recv(1) == b"", "its processes end with it"


def test_an_interrupt_from_the_keyboard_is_as_good_as_being_asked(server):
    put(server, "plain", "one")
    server.signal(signal.SIGINT)
    assert server.wait() == 0
    assert list(server.objects().values()) == [b"one"]


def test_processes_of_functions_end_with_the_program(server):
    put(server, "transformed", json.dumps({"change": {"data": "cGlkcw=="}}))
    server.flush()
    (function,) = server.state()["functions"]
    assert function["processes"] == 1
    children = [int(pid) for pid in os.listdir("/proc") if pid.isdigit()
                and parent_of(pid) == server.pid]
    assert children
    assert server.stop() == 0
    assert [pid for pid in children if os.path.exists(f"/proc/{pid}")] == []


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
            return int(stat.read().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None
