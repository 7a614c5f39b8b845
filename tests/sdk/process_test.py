"""The program as a process: its log, its descriptors, its signals, its children, its limits."""

import http.client
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys

import pytest

from conftest import Server
from hydrant_process import LISTENING, program
from resources import bucket, configuration, direct_put, transformed_by

CONFIG = configuration(deliveryStreams=[direct_put("events", bucket("events"))])
SECONDS_MAX = 60


@pytest.fixture
def server(tmp_path):
    """One whose buffer is delivered only when it ends."""
    running = Server("--clock", "virtual", data=tmp_path / "data", config=CONFIG)
    running.firehose.put_record(DeliveryStreamName="events", Record={"Data": b"kept"})
    yield running
    running.kill()


@pytest.fixture
def run(tmp_path):
    """Starts the program by itself: the process, and the port that it says it listens on."""
    started = []
    path = tmp_path / "hydrant.json"
    path.write_text(json.dumps(CONFIG))

    def run_one(*flags, **more):
        process = subprocess.Popen(
            [program(), "--port", "0", "--config", path, "--data-dir", tmp_path / "data", *flags],
            stdout=subprocess.PIPE, text=True, **more)
        started.append(process)
        return process, int(LISTENING.fullmatch(process.stdout.readline())[3])

    yield run_one
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def put(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_MAX)
    connection.request("POST", "/", json.dumps({"DeliveryStreamName": "events",
                                                "Record": {"Data": "a2VwdA=="}}),
                       {"X-Amz-Target": "Firehose_20150804.PutRecord",
                        "Content-Type": "application/x-amz-json-1.1"})
    assert connection.getresponse().status == 200
    connection.close()


def delivered(folder):
    return [path.read_bytes() for path in (folder / "data/s3/events").rglob("*") if path.is_file()]


def test_a_log_that_nobody_reads_any_more_does_not_end_it(run, tmp_path):
    process, port = run(stderr=subprocess.PIPE)
    process.stderr.close()
    for _ in range(3):
        put(port)
    process.terminate()
    assert process.wait(SECONDS_MAX) == 0
    assert delivered(tmp_path) == [b"kept" * 3]


def test_a_log_that_may_not_grow_does_not_end_it(run, tmp_path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    with open(tmp_path / "log", "wb") as log:
        process, port = run(stderr=log, preexec_fn=limit)
        for _ in range(100):
            put(port)
        process.terminate()
        assert process.wait(SECONDS_MAX) == 0
    assert (tmp_path / "log").stat().st_size == 4096
    assert delivered(tmp_path) == [b"kept" * 100]


def on_hang_up(disposition):
    """For the process alone: the tests themselves may run under nohup."""
    return lambda: signal.signal(signal.SIGHUP, disposition)


def test_a_terminal_that_closes_asks_it_to_end(run, tmp_path):
    process, port = run(stderr=subprocess.DEVNULL, preexec_fn=on_hang_up(signal.SIG_DFL))
    put(port)
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGHUP)  # from the terminal, and from the shell
    assert process.wait(SECONDS_MAX) == 0
    assert delivered(tmp_path) == [b"kept"]


def test_a_terminal_that_closes_is_nothing_to_a_program_that_was_told_so(run):
    process, port = run(stderr=subprocess.DEVNULL, preexec_fn=on_hang_up(signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    put(port)
    process.terminate()
    assert process.wait(SECONDS_MAX) == 0


def test_functions_have_the_defaults_of_what_it_ignores(start):
    # Says so and ends, which fails the record.
    telling = {"FunctionName": "telling", "Command": ["grep", "Sig[IB]", "/proc/self/status"]}
    server = start(config=configuration(functions=[telling], deliveryStreams=[
        direct_put("events", bucket("events", ProcessingConfiguration=transformed_by(
            "telling", NumberOfRetries=0)))]))
    server.firehose.put_record(DeliveryStreamName="events", Record={"Data": b"x"})
    server.flush()
    assert "function telling: SigBlk:\t0000000000000000\n" in server.log()
    assert "function telling: SigIgn:\t0000000000000000\n" in server.log()
    assert "function telling ended without an answer: exit status 0\n" in server.log()


def test_half_a_request_does_not_hold_up_the_end(server):
    # A container is killed ten seconds after it was asked to end.
    half = socket.create_connection((server.host, server.port))
    half.sendall(b"POST / HTTP/1.1\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n")
    assert half.recv(1) != b""
    server.signal(signal.SIGTERM)
    ended, _, _ = select.select([os.pidfd_open(server.pid)], [], [], 8)
    assert ended
    half.close()
    assert server.wait() == 0
    assert list(server.objects().values()) == [b"kept"]


def test_it_tells_that_it_stops(server):
    log = os.open(server._log_path, os.O_RDONLY)
    assert server.stop() == 0
    assert b"stopping" in os.read(log, 1 << 20)
    os.close(log)


def test_standard_descriptors_that_are_closed_are_never_those_of_a_socket(tmp_path):
    process = subprocess.Popen(
        ["sh", "-c", 'exec "$@" 0<&- 1>&- 2>&-', "sh", program(), "--port", "0",
         "--data-dir", tmp_path])
    try:
        listening = None
        while listening is None and process.poll() is None:
            listening = listening_socket_of(process.pid)
        opened = [os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in range(3)]
        assert opened == ["/dev/null"] * 3
    finally:
        process.terminate()
        assert process.wait(SECONDS_MAX) == 0


def listening_socket_of(pid):
    """A descriptor of a socket of the process, once there is one."""
    for fd in os.listdir(f"/proc/{pid}/fd"):
        try:
            if os.readlink(f"/proc/{pid}/fd/{fd}").startswith("socket:"):
                return fd
        except FileNotFoundError:
            pass
    return None


# Becomes the program, with a child that has ended and a grandchild that it is left: as the first
# process of a container has them.
ADOPTING = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
told, say = os.pipe()
if os.fork() == 0:
    pid = os.fork()
    if pid == 0:
        os.close(say)
        os.read(0, 1)
        os._exit(0)
    os.write(say, b"%d" % pid)
    os._exit(0)
sys.stderr.write(os.read(told, 20).decode() + "\\n")
sys.stderr.flush()
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_orphans_that_are_left_to_it_are_reaped(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", ADOPTING, program(), "--port", "0", "--log-level", "off",
         "--data-dir", tmp_path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with process:
        orphan = int(process.stderr.readline())
        assert LISTENING.fullmatch(process.stdout.readline())
        process.stdin.close()  # it ends
        ended = os.pidfd_open(orphan)
        assert select.select([ended], [], [], SECONDS_MAX)[0]
        os.close(ended)
        while os.path.exists(f"/proc/{orphan}"):
            os.sched_yield()
        assert children_of(process.pid) == []
        process.terminate()
        assert process.wait(SECONDS_MAX) == 0


def children_of(pid):
    children = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
            children += file.read().split()
    return children


@pytest.mark.parametrize("descriptors", range(4, 16))
def test_too_few_descriptors_end_it_with_1_and_one_sentence(tmp_path, descriptors):
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

    done = subprocess.run([program(), "--port", "0", "--data-dir", tmp_path, "--threads", "8"],
                          capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
                          preexec_fn=limit)
    assert done.returncode == 1
    assert done.stderr.startswith("hydrant: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_what_cannot_be_printed_ends_it_with_1(flag):
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([program(), flag], stdout=full, stderr=subprocess.PIPE, text=True,
                              timeout=SECONDS_MAX, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
