"""What a second thread costs: processor time of a request with two threads that serve, beside one."""

import statistics

from harness import bodies
from harness.connection import Connection
from harness.cost import in_turn
from harness.load import wrk
from harness.processes import start_hydrant
from harness.results import Row

KINESIS = "Kinesis_20131202."
SHARDS, CONNECTIONS = 64, 16
# Small, so that both servers are soon where they stay: each record pushes out an older one.
MEMORY_MIB = 256
WORKLOADS = {"PutRecord 100 B": "put_record", "PutRecords 500 x 1 KiB": "put_records"}


def prepare(server):
    """A stream, and a memory that is full."""
    requests = [bodies.put_records("bench", batch) for batch in bodies.batches(8, 500, 1024)]
    with Connection(server) as connection:
        connection.call(KINESIS + "CreateStream", {"StreamName": "bench", "ShardCount": SHARDS})
        for _ in connection.bursts(requests, 3 * MEMORY_MIB, 1):
            pass


def measure(plan):
    options = ("--memory.maxMiB", str(MEMORY_MIB))
    with (start_hydrant(plan.work_dir, threads=1, options=options) as one,
          start_hydrant(plan.work_dir, threads=2, options=options) as two):
        for server in (one, two):
            prepare(server)
        for work, script in WORKLOADS.items():
            plan.say(work)

            def load(server, script=script, work=work):
                return wrk(server, script, CONNECTIONS, plan.seconds).checked(work)

            in_turn(1, lambda: load(one), lambda: load(two))
            loads = in_turn(plan.runs, lambda: load(one), lambda: load(two))
            costs = [[each.cpu_seconds * 1e6 / each.requests for each in of_server] for of_server in loads]
            cores = [statistics.median(each.cpu_seconds / each.seconds for each in of_server)
                     for of_server in loads]
            yield Row(work, "processor µs of a request, two threads", costs[1], {"one thread": costs[0]},
                      target=1.18, stretch=1.08, better="lower",
                      note=f"{CONNECTIONS} connections of one wrk thread that takes its share of the "
                           f"processors; two threads were given {cores[1]:.2f} processors, one {cores[0]:.2f}")
