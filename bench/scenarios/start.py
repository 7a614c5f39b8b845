"""Cold start, memory when idle and memory with records: hydrant beside kinesalite, kinesis-local and moto."""

import json
import time

from harness.kinesis import Client
from harness.plan import Fault
from harness.processes import PEER_STARTERS, start_hydrant
from harness.results import Row
from harness.stored import random_records

STARTS, QUICK_STARTS = 10, 3
RECORDS, QUICK_RECORDS = 100_000, 10_000
RUNS_MAX = 3
RECORD_BYTES, KEY_BYTES, BATCH, DIFFERENT_BATCHES = 1024, 16, 500, 8
# kinesis-local would take minutes. What it holds by then is told, and nothing is made of it.
LOAD_SECONDS_MAX = 40
MIB = 1 << 20


def whole_hydrant(work_dir):
    """As a user starts it: a thread for each processor. All records have room."""
    return start_hydrant(work_dir, threads=0, options=("--memory.maxMiB", "4096"))


STARTERS = {"hydrant": whole_hydrant, **PEER_STARTERS}


def starts(plan):
    """name -> [(seconds to the first answer, bytes when idle)]"""
    taken = {name: [] for name in STARTERS}
    for _ in range(QUICK_STARTS if plan.quick else STARTS):
        for name, start in STARTERS.items():
            with start(plan.work_dir) as server:
                server.await_idle()
                taken[name].append((server.start_seconds, server.rss_bytes()))
    return taken


def filled(plan, name, bodies, records):
    """Records that a fresh server took in the time there is, and its memory before and after, in bytes."""
    with STARTERS[name](plan.work_dir) as server, Client(server) as client:
        client.create_stream("bench", 64)
        server.await_idle()
        before, count, end = server.rss_bytes(), 0, time.monotonic() + LOAD_SECONDS_MAX
        while count < records and time.monotonic() < end:
            answer = json.loads(client.call_bytes("PutRecords", bodies[count // BATCH % len(bodies)]))
            if answer["FailedRecordCount"]:
                raise Fault(f"{name} refused {answer['FailedRecordCount']} records")
            count += BATCH
        server.await_idle()
        return count, before, server.rss_bytes()


def memory_rows(plan):
    bodies = [json.dumps({"StreamName": "bench",
                          "Records": random_records(BATCH, RECORD_BYTES, seed)}).encode()
              for seed in range(DIFFERENT_BATCHES)]
    # Ours is quick enough to be asked for all, and with fewer what every server needs would be shared by fewer.
    runs = [filled(plan, "hydrant", bodies, RECORDS) for _ in range(min(plan.runs, RUNS_MAX))]
    yield Row("memory of a record beyond its bytes", "bytes",
              [(after - before) / RECORDS - RECORD_BYTES - KEY_BYTES for _, before, after in runs],
              target=48, better="lower",
              note=f"RSS with {RECORDS} records less RSS with the empty stream of 64 shards; a record's bytes are "
                   "its data and its partition key")
    records = QUICK_RECORDS if plan.quick else RECORDS
    ours = [(runs[0] if records == RECORDS else filled(plan, "hydrant", bodies, records))[2] / MIB]
    held = {name: filled(plan, name, bodies, records) for name in PEER_STARTERS}
    yield Row(f"RSS after {records} x 1 KiB", "MiB", ours,
              {name: [after / MIB] for name, (count, _, after) in held.items() if count == records},
              better="lower")
    for name, (count, _, after) in held.items():
        if count < records:
            yield Row(f"RSS, {name} with fewer", "MiB", ours, {name: [after / MIB]}, better="lower",
                      note=f"{name} took only {count} of {records} records in {LOAD_SECONDS_MAX} s")


def measure(plan):
    plan.say("cold starts")
    taken = starts(plan)
    seconds = {name: [value * 1000 for value, _ in values] for name, values in taken.items()}
    idle = {name: [value / MIB for _, value in values] for name, values in taken.items()}
    yield Row("cold start to the first answer", "ms", seconds.pop("hydrant"), seconds, 1 / 10, 1 / 25, "lower")
    yield Row("RSS when idle", "MiB", idle.pop("hydrant"), idle, 1 / 5, 1 / 10, "lower")
    plan.say("memory with records")
    yield from memory_rows(plan)
