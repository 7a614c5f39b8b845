"""Requests per processor second: hydrant with one thread beside kinesalite, kinesis-local and moto.

None of them uses more than one processor, so requests per CPU second are what a full core of theirs does.
Each workload starts all of them anew, because they get slower with what they hold, and sends it to one
after the other, run by run. So is nginx, whose static answer says what of the distance HTTP and the kernel allow.
"""

import functools
import json
import statistics
from dataclasses import dataclass, replace

from harness import stored
from harness.kinesis import Client
from harness.load import wrk
from harness.processes import PEER_STARTERS, start_hydrant, start_nginx
from harness.results import Row

UNIT = "requests per CPU second of a full core"
SHARDS = 64
MEMORY_MIB = 256  # of hydrant, which is full when it is measured; the others keep all
SECONDS_MIN = 3
# Until a just-in-time compiler has seen the code that is measured.
WARM_UP_SECONDS = 3
NOTE = "hydrant by 16 connections; the others by 16 with small requests and by 1 with large ones, of which"\
    " more at once only make them wait"


@dataclass(frozen=True)
class Workload:
    """`connections` are the peers'; hydrant has 16."""

    work: str
    script: str
    bytes: int
    connections: int
    target: float | None = None
    stretch: float | None = None


WORKLOADS = [
    Workload("PutRecord 100 B", "put_record", 100, 16, 40, 60),
    Workload("PutRecord 1 KiB", "put_record", 1024, 16),
    Workload("PutRecords 500 x 100 B", "put_records", 100, 1),
    Workload("PutRecords 500 x 1 KiB", "put_records", 1024, 1, 120, 200),
    Workload("GetRecords 1000 x 1 KiB", "get_records", 1024, 1, 40, 80),
]


def prepared(server, workload):
    """Makes the stream of a workload, and gives the arguments that its requests need."""
    if server.name == "nginx":
        return {"bytes": workload.bytes, "check": "status"}
    with Client(server) as client:
        if workload.script != "get_records":
            client.create_stream("bench", SHARDS)
            if server.name == "hydrant":
                stored.fill(server, MEMORY_MIB)
            return {"bytes": workload.bytes}
        iterator, answer = stored.one_answer(client, 1000, workload.bytes)
        # moto's iterators end with a line feed. Times may take a few digits less the next time.
        return {"iterator": json.dumps(iterator)[1:-1], "least": len(answer) - 1000}


def one_server(start, plan, workload, connections, seconds):
    """Loads of a fresh server that nothing else runs beside, as many as are asked for."""
    with start(plan.work_dir) as server:
        arguments = prepared(server, workload)
        wrk(server, workload.script, connections, WARM_UP_SECONDS, arguments)
        while True:
            server.await_idle()
            load = wrk(server, workload.script, connections, seconds, arguments)
            if not load.requests:
                # kinesis-local takes seconds for a large request when it is cold.
                load = wrk(server, workload.script, connections, seconds * 4, arguments)
            yield load


def row_of(workload, taken):
    """The row of a workload. Whoever answered nothing in a run does not stand in it, and the note says so."""
    silent = [name for name, loads in taken.items() if not all(load.requests for load in loads)]
    values = {name: [load.checked(f"{name}, {workload.work}").requests_per_cpu_second for load in loads]
              for name, loads in taken.items() if name not in silent or name == "hydrant"}
    note = f"{NOTE}; no answer from {', '.join(silent)} in one of its runs" if silent else NOTE
    ceiling = values.pop("nginx", None)
    row = Row(workload.work, UNIT, values.pop("hydrant"), values, workload.target, workload.stretch, note=note)
    if ceiling is None:
        return row
    share = statistics.median(nginx / best for nginx, best in zip(ceiling, row.theirs[row.rival], strict=True))
    return replace(row, note=f"{note}; nginx, which looks at nothing and answers 120 bytes, reaches {share:,.0f} "
                             f"times {row.rival}")


def measure(plan):
    runs, seconds = 1 if plan.quick else plan.runs, max(plan.seconds, SECONDS_MIN)
    start = functools.partial(start_hydrant, options=("--memory.maxMiB", str(MEMORY_MIB)))
    for workload in WORKLOADS:
        starters = {"hydrant": start, **PEER_STARTERS}
        if workload.script != "get_records":  # nginx has no such answer here
            starters["nginx"] = start_nginx
        plan.say(workload.work)
        turns = {name: one_server(start, plan, workload, workload.connections if name in PEER_STARTERS else 16,
                                  seconds) for name, start in starters.items()}
        taken = {name: [] for name in turns}
        try:
            for _ in range(runs):
                for name, turn in turns.items():
                    taken[name].append(next(turn))
        finally:
            for turn in turns.values():
                turn.close()
        yield row_of(workload, taken)
