"""What a second thread costs: processor time of a request with two threads that serve, beside one."""

import random
import statistics
import time
from contextlib import ExitStack

from harness import bodies, stored
from harness.connection import Connection, on_all_at_once
from harness.pairs import in_turn
from harness.load import wrk
from harness.processes import start_hydrant
from harness.results import Row

KINESIS = "Kinesis_20131202."
SHARDS, CONNECTIONS = 64, 16
# Small, so that both servers are soon where they stay: each record pushes out an older one.
MEMORY_MIB = 256
BURST = 32
# More and shorter runs than elsewhere: within seconds a machine's speed may change by more than a second
# thread costs.
RUNS_MORE, SECONDS = 3, 1


def prepare(server):
    """A stream, and a memory that is full."""
    with Connection(server) as connection:
        connection.call(KINESIS + "CreateStream", {"StreamName": "bench", "ShardCount": SHARDS})
    stored.fill(server, MEMORY_MIB)


def bursts(server, requests, seconds):
    """Sends BURST requests at once on each of CONNECTIONS connections, again and again, so that both threads
    of a server are busy. Processor µs of a request, and processors used."""
    burst, count = b"".join(requests), 0
    with ExitStack() as stack:
        connections = [stack.enter_context(Connection(server)) for _ in range(CONNECTIONS)]
        before, began = server.cpu_seconds(), time.monotonic()
        while time.monotonic() - began < seconds:
            on_all_at_once(connections, burst, len(requests))
            count += len(requests) * len(connections)
        spent = server.cpu_seconds() - before
        return spent * 1e6 / count, spent / (time.monotonic() - began)


def by_wrk(server, script, seconds):
    load = wrk(server, script, CONNECTIONS, seconds).checked(script)
    return load.cpu_seconds * 1e6 / load.requests, load.cpu_seconds / load.seconds


def measure(plan):
    options = ("--memory.maxMiB", str(MEMORY_MIB))
    chance, count = random.Random(1), plan.runs if plan.quick else plan.runs * RUNS_MORE
    pipelined = [bodies.put_record("bench", 100, chance) for _ in range(BURST)]
    loads = {
        "PutRecord 100 B": lambda server: by_wrk(server, "put_record", SECONDS),
        f"PutRecord 100 B, {BURST} at once": lambda server: bursts(server, pipelined, SECONDS),
        "PutRecords 500 x 1 KiB": lambda server: by_wrk(server, "put_records", SECONDS),
    }
    with (start_hydrant(plan.work_dir, threads=1, options=options) as one,
          start_hydrant(plan.work_dir, threads=2, options=options) as two):
        for server in (one, two):
            prepare(server)
        for work, load in loads.items():
            plan.say(work)
            measures = [lambda load=load: load(one), lambda load=load: load(two)]
            in_turn(1, *measures)
            runs = in_turn(count, *measures)
            (alone, alone_cores), (together, together_cores) = (
                ([cost for cost, _ in of_server], statistics.median(cores for _, cores in of_server))
                for of_server in runs)
            yield Row(work, "processor µs of a request, two threads", together, {"one thread": alone},
                      target=1.18, stretch=1.08, better="lower",
                      note=f"two threads were given {together_cores:.2f} processors, one {alone_cores:.2f}; "
                           f"{count} runs of {SECONDS} s")
