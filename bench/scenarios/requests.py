"""Requests per processor second: hydrant with one thread beside nginx's answer to the same requests.

nginx answers without looking at what it gets, so it is what HTTP and the kernel cost. Every workload has
a fresh pair of servers, which run in turn.
"""

import base64
import functools
import json
import random
import statistics
from dataclasses import dataclass, replace

from harness import stored
from harness.kinesis import Client
from harness.load import h2load, wrk
from harness.plan import Fault
from harness.processes import loopback_bytes, start_hydrant, start_nginx
from harness.results import Row

STATIC = "nginx answers 120 bytes at once, then reads the body and throws it away"
COPIED = "nginx with sendfile off reads the file and writes it: what a server that makes its answer must do too"
SENDFILE = "nginx with sendfile on lets the kernel send pages that it has, so that nothing is copied before it is "\
    "read; nginx itself, with sendfile off, reaches {:.2f} of that, which is the ceiling of a server that makes "\
    "its answers"
# Of what is recorded only.
RECORDED_RUNS_MAX = 3
WARM_UP_SECONDS = 1
SHARDS = 64
# Small, so that the server is soon where it stays: each record pushes out an older one.
MEMORY_MIB = 256


@dataclass(frozen=True)
class Put:
    """A workload that writes; `target` and `stretch` hold at 16 connections."""

    work: str
    script: str
    bytes: int
    records: int
    target: float | None = None
    stretch: float | None = None


PUTS = [
    Put("PutRecord 100 B", "put_record", 100, 1, 0.85, 1.0),
    Put("PutRecord 1 KiB", "put_record", 1024, 1),
    Put("PutRecords 500 x 100 B", "put_records", 100, 500, 0.10, 0.17),
    Put("PutRecords 500 x 1 KiB", "put_records", 1024, 500, 0.30, 0.40),
]
GET, GET_RECORDS, GET_BYTES = "GetRecords 1000 x 1 KiB", 1000, 1024


class Runs:
    """Loads of servers in turn, run by run: name -> a list of Load."""

    def __init__(self, plan, sides):
        """`sides`: name -> a function of seconds that gives a Load."""
        self.loads = {name: [] for name in sides}
        for name, run in sides.items():
            run(WARM_UP_SECONDS).checked(name)
        for _ in range(plan.runs):
            for name, run in sides.items():
                self.loads[name].append(run(plan.seconds).checked(name))

    def row(self, work, unit, value, beside=(), **more):
        """A Row of what `value` takes from each Load, hydrant's beside those of `beside`."""
        taken = {name: [value(load) for load in loads] for name, loads in self.loads.items()}
        return Row(work, unit, taken["hydrant"], {name: taken[name] for name in beside}, **more)

    def share(self, name, of):
        """The median of requests per CPU second of one server over those of another."""
        return statistics.median(one.requests_per_cpu_second / other.requests_per_cpu_second
                                 for one, other in zip(self.loads[name], self.loads[of], strict=True))

    def details(self, work, connections, beside):
        """What is worth recording, but says more of the machine than of the servers."""
        for what, better, value in (
                ("requests per second", "higher", lambda load: load.requests_per_second),
                ("ms, median of a request", "lower", lambda load: load.p50_ms),
                ("ms, 99th percentile", "lower", lambda load: load.p99_ms)):
            yield self.row(f"{work}, {connections} conn.", what, value, beside, better=better, detail=True)


def per_cpu_second(load):
    return load.requests_per_cpu_second


def unit(connections):
    return f"requests per CPU second, {connections} connection{'s' if connections > 1 else ''}"


def check_that_bodies_cross(nginx, put):
    """What nginx answers early must be sent in full all the same, or it would be measured for less."""
    before = loopback_bytes()
    load = wrk(nginx, put.script, 16, WARM_UP_SECONDS, {"bytes": put.bytes, "check": "status"})
    crossed = loopback_bytes() - before
    if crossed < load.checked("nginx").requests * load.request_bytes:
        raise Fault(f"{crossed} bytes crossed loopback in {load.requests} requests of {load.request_bytes}")


def start_full(plan):
    return start_hydrant(plan.work_dir, options=("--memory.maxMiB", str(MEMORY_MIB)))


def put_runs(plan, put, connections):
    with start_full(plan) as hydrant, start_nginx(plan.work_dir) as nginx:
        with Client(hydrant) as client:
            client.create_stream("bench", SHARDS)
        stored.fill(hydrant, MEMORY_MIB)
        arguments = {"bytes": put.bytes}
        check_that_bodies_cross(nginx, put)
        return Runs(plan, {
            "nginx": lambda seconds: wrk(nginx, put.script, connections, seconds,
                                         {**arguments, "check": "status"}),
            "hydrant": lambda seconds: wrk(hydrant, put.script, connections, seconds, arguments)})


def get_runs(plan, connections):
    with start_hydrant(plan.work_dir) as hydrant, Client(hydrant) as client:
        iterator, answer = stored.one_answer(client, GET_RECORDS, GET_BYTES)
        with start_nginx(plan.work_dir, {"answer": answer}) as nginx:
            arguments = {"iterator": iterator, "least": len(answer)}

            def of_nginx(folder, seconds):
                return wrk(nginx, "get_records", connections, seconds,
                           {**arguments, "method": "GET", "path": f"/{folder}/answer"})

            return Runs(plan, {
                "nginx copying": functools.partial(of_nginx, "copied"),
                "nginx sendfile": functools.partial(of_nginx, "sendfile"),
                "hydrant": lambda seconds: wrk(hydrant, "get_records", connections, seconds, arguments)})


def cbor_runs(plan, work):
    """The same in CBOR; what nginx does would be the same as above."""
    with start_full(plan) as hydrant, Client(hydrant) as client:
        if isinstance(work, Put):
            client.create_stream("bench", SHARDS)
            stored.fill(hydrant, MEMORY_MIB)
            script, arguments = work.script, {"bytes": work.bytes}
        else:
            iterator, _ = stored.one_answer(client, GET_RECORDS, GET_BYTES)
            script, arguments = "get_records", {"iterator": iterator, "least": GET_RECORDS * GET_BYTES}
        arguments["format"] = "cbor"
        return Runs(plan, {"hydrant": lambda seconds: wrk(hydrant, script, 16, seconds, arguments)})


def h2_runs(plan, put):
    """The same over HTTP/2 from the first byte. h2load sends one body again and again."""
    chance = random.Random(1)

    def record():
        return {"Data": base64.b64encode(chance.randbytes(put.bytes)).decode(),
                "PartitionKey": f"{chance.getrandbits(64):016x}"}

    if put.records == 1:
        operation, body = "PutRecord", {"StreamName": "bench", **record()}
    else:
        operation = "PutRecords"
        body = {"StreamName": "bench", "Records": [record() for _ in range(put.records)]}
    content = json.dumps(body, separators=(",", ":")).encode()
    with start_full(plan) as hydrant, Client(hydrant) as client:
        client.create_stream("bench", SHARDS)
        stored.fill(hydrant, MEMORY_MIB)
        answer = client.call_bytes(operation, content)
        if json.loads(answer).get("FailedRecordCount", 0):
            raise Fault(f"{put.work} over HTTP/2: {answer[:300]}")
        return Runs(plan, {"hydrant": lambda seconds: h2load(
            hydrant, operation, content, len(answer), 16, seconds)})


def json_rows(plan, connections):
    for put in PUTS:
        plan.say(f"{put.work}, {connections} conn.")
        runs = put_runs(plan, put, connections)
        limits = {"target": put.target, "stretch": put.stretch} if connections == 16 else {}
        yield runs.row(put.work, unit(connections), per_cpu_second, ["nginx"], note=STATIC, **limits)
        yield from runs.details(put.work, connections, ["nginx"])
    plan.say(f"{GET}, {connections} conn.")
    runs = get_runs(plan, connections)
    limits = {"target": 0.5, "stretch": 0.8} if connections == 16 else {}
    yield runs.row(GET, unit(connections), per_cpu_second, ["nginx copying"], note=COPIED, **limits)
    yield runs.row(GET, unit(connections), per_cpu_second, ["nginx sendfile"],
                   note=SENDFILE.format(runs.share("nginx copying", "nginx sendfile")))
    yield from runs.details(GET, connections, ["nginx copying"])


def other_wires(plan):
    """What nothing of nginx's stands beside."""
    for work in [*PUTS, GET]:
        name = f"{work if work == GET else work.work}, CBOR"
        plan.say(name)
        yield name, cbor_runs(plan, work)
    for put in (PUTS[0], *PUTS[2:]):
        name = f"{put.work}, HTTP/2"
        plan.say(name)
        yield name, h2_runs(plan, put)


def measure(plan):
    plan.say("what was sent is what is stored")
    stored.check(plan, PUTS, SHARDS)
    rows = [*json_rows(plan, 16)]
    recorded = replace(plan, runs=min(plan.runs, RECORDED_RUNS_MAX))
    for name, runs in other_wires(recorded):
        rows.append(runs.row(name, unit(16), per_cpu_second))
        rows += runs.details(name, 16, [])
    rows += json_rows(recorded, 1)
    yield from (row for row in rows if not row.detail)
    yield from sorted((row for row in rows if row.detail), key=lambda row: row.unit)
