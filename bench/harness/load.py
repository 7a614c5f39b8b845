"""Load by wrk and h2load, and what it cost the server."""

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .plan import Fault
from .processes import ROOT, headers, needs

WORKLOADS = ROOT / "bench/workloads"
# A request of the slowest peer takes seconds; only a server that hangs meets this.
TIMEOUT_SECONDS = 120
WRK_RESULT = re.compile(
    r"^RESULT requests=(\d+) bad=(\d+) duration_us=(\d+) request_bytes=(\d+) p50_us=([\d.]+) "
    r"p99_us=([\d.]+)$", re.M)
H2LOAD_SECONDS = re.compile(r"^finished in ([\d.]+)(us|ms|s|m|h), ", re.M)
H2LOAD_REQUESTS = re.compile(
    r"^requests: (\d+) total, \d+ started, \d+ done, (\d+) succeeded, (\d+) failed, (\d+) errored", re.M)
H2LOAD_BYTES = re.compile(r"^traffic: .* (?:\S+) \((\d+)\) data$", re.M)
UNIT_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Load:
    """What one run did. `cpu_seconds` is the server's; `bad` counts wrong and missing answers.

    `request_bytes` is the size of a request, headers included; wrk only.
    """

    requests: int
    bad: int
    cpu_seconds: float
    seconds: float
    p50_ms: float
    p99_ms: float
    told: str = ""
    request_bytes: int = 0

    @property
    def requests_per_cpu_second(self):
        return self.requests / self.cpu_seconds if self.cpu_seconds else 0.0

    @property
    def requests_per_second(self):
        return self.requests / self.seconds if self.seconds else 0.0

    def checked(self, what):
        """Itself, or a Fault if an answer was wrong or there was none."""
        if self.bad or not self.requests:
            raise Fault(f"{what}: {self.bad} wrong answers of {self.requests}\n{self.told}")
        return self


def wrk(server, script, connections, seconds, arguments=None):
    """Runs bench/workloads/SCRIPT.lua against `server`; `arguments` is what the script is told, a dict.

    The scripts check every answer: its status, and what a good one contains.
    """
    needs("wrk")
    told = [f"{key}={value}" for key, value in (arguments or {}).items()]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, int(seconds))}s",
               f"--timeout={TIMEOUT_SECONDS}s", "-s", f"{script}.lua", server.url, "--", *told]
    before = server.cpu_seconds()
    ended = subprocess.run(command, cwd=WORKLOADS, capture_output=True, text=True, check=False)
    cpu_seconds = server.cpu_seconds() - before
    return parse_wrk(ended.stdout + ended.stderr, cpu_seconds)


def parse_wrk(text, cpu_seconds):
    """The Load that the line of bench/workloads/common.lua tells; Fault if it is not there."""
    found = WRK_RESULT.search(text)
    if not found:
        raise Fault(f"wrk told no result:\n{text}")
    requests, bad, duration_us, request_bytes = map(int, found.group(1, 2, 3, 4))
    return Load(requests, bad, cpu_seconds, duration_us / 1e6, float(found[5]) / 1000,
                float(found[6]) / 1000, text, request_bytes)


def kept_bodies(path):
    """The bodies that a workload has written to its argument keep=FILE."""
    content, at, bodies = Path(path).read_bytes(), 0, []
    while at < len(content):
        end = content.index(b"\n", at)
        start, at = end + 1, end + 1 + int(content[at:end])
        bodies.append(content[start:at])
    return bodies


def h2load(server, operation, body, answer_bytes, connections, seconds, streams=1):
    """Sends `body` (bytes, the same each time) over HTTP/2 without TLS and without an upgrade.

    Every answer must have status 200. h2load does not look into answers, so all of them together must
    have as many bytes as that many good ones of `answer_bytes`.
    """
    needs("h2load")
    with tempfile.TemporaryDirectory(prefix="h2load-") as folder:
        (Path(folder) / "body").write_bytes(body)
        command = ["h2load", "-t1", f"-c{connections}", f"-m{streams}", f"-D{max(1, int(seconds))}",
                   f"-d{folder}/body", f"--log-file={folder}/log", "--no-tls-proto=h2c"]
        for name, value in headers(operation).items():
            command += ["-H", f"{name}: {value}"]
        before = server.cpu_seconds()
        ended = subprocess.run([*command, server.url], capture_output=True, text=True, check=False)
        cpu_seconds = server.cpu_seconds() - before
        log = Path(folder) / "log"
        return parse_h2load(ended.stdout + ended.stderr, log.read_text() if log.exists() else "",
                            cpu_seconds, answer_bytes)


def parse_h2load(text, log, cpu_seconds, answer_bytes):
    """The Load in h2load's report and its log, a line "start status microseconds" for each request."""
    seconds, requests = H2LOAD_SECONDS.search(text), H2LOAD_REQUESTS.search(text)
    data = H2LOAD_BYTES.search(text)
    if not seconds or not requests or not data:
        raise Fault(f"h2load told no result:\n{text}")
    done = int(requests[2])
    bad = int(requests[3]) + int(requests[4])
    answers = [line.split() for line in log.splitlines()]
    bad += sum(status != "200" for _, status, _ in answers)
    # Each good answer has the same size; a request cut off at the end may have brought a part of its own.
    if int(data[1]) < done * answer_bytes or int(data[1]) > (done + 1000) * answer_bytes:
        bad += 1
        text += f"\n{data[1]} bytes of answers are not {done} times {answer_bytes}"
    times = sorted(int(taken) for _, _, taken in answers) or [0]
    return Load(done, bad, cpu_seconds, float(seconds[1]) * UNIT_SECONDS[seconds[2]],
                times[len(times) // 2] / 1000, times[len(times) * 99 // 100] / 1000, text)
