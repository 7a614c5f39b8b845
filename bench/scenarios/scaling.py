"""What a request costs when there is ten times as much of something: flat, or linear in the thing itself.

Each row is the cost at the larger number beside that at the smaller one, in the same server or in servers
that run at the same time, in turn. A cost that should not depend on the number may at most double when the
number grows tenfold; the cost of a list or of a change is divided by what it lists or changes, and the same
holds for it. So nothing worse than linear passes.
"""

import random
import resource
import time
from contextlib import ExitStack
from dataclasses import replace

from harness import bodies
from harness.connection import Connection, on_all_at_once, request_of
from harness.pairs import in_turn
from harness.plan import Fault
from harness.processes import start_hydrant
from harness.results import MISSED, Row

KINESIS = "Kinesis_20131202."
SIZES = (10, 100, 1000)
RECORDS_HELD = (10_000, 100_000, 1_000_000)
GROWTH_MAX, GROWTH_STRETCH = 2.0, 1.2
MANY = ("--quotas.shards", "100000", "--throttle.controlPlane", "false",
        "--delays.reshardMs", "0", "--delays.updateStreamMs", "0")
AT_ONCE = 4  # requests on one of many connections
RUNS = 5  # each is a moment, so that a quick plan need not have fewer
FIRST_SHARD = "shardId-000000000000"
IDLE_SECONDS = 3
IDLE_MAX, IDLE_STRETCH = 5, 1
FULL_MIB, FULL_SIZES = 64, (100, 1000, 10_000)
US, MS = "processor µs", "processor ms of an idle second"
HELD_RECORD_BYTES = 100


def short(number):
    """10, 100, 1k, 10k, 1M"""
    for unit, name in ((1_000_000, "M"), (1000, "k")):
        if number >= unit and number % unit == 0:
            return f"{number // unit}{name}"
    return str(number)


def rows_of(work, thing, sizes, costs, note=""):
    """A row for each step of `sizes`; `costs` has a list of runs for each of them. Of the steps before the
    last, those that are as they should be are details."""
    for at in range(1, len(sizes)):
        row = Row(f"{work}, {short(sizes[at])} {thing}", US, costs[at],
                  {f"at {short(sizes[at - 1])}": costs[at - 1]}, target=GROWTH_MAX,
                  stretch=GROWTH_STRETCH, better="lower", note=note)
        yield replace(row, detail=at + 1 < len(sizes) and row.verdict != MISSED)


def cost_of(server, connection, requests, count, burst=32):
    """Processor µs of the server for one of `count` requests, sent in bursts: a server that must wake up
    for each would mostly show what waking costs."""
    before = server.cpu_seconds()
    for answer in connection.bursts(requests, count, burst):
        if b'"__type"' in answer:
            raise Fault(f"{answer[:300]!r}")
    return (server.cpu_seconds() - before) * 1e6 / count


def spent(server, work):
    """Processor µs of the server while `work` runs."""
    before = server.cpu_seconds()
    work()
    return (server.cpu_seconds() - before) * 1e6


def create(connection, name, shards):
    connection.call(KINESIS + "CreateStream", {"StreamName": name, "ShardCount": shards})


def iterator(connection, stream, kind, **position):
    return connection.call(KINESIS + "GetShardIterator", {
        "StreamName": stream, "ShardId": FIRST_SHARD, "ShardIteratorType": kind,
        **position})["ShardIterator"]


def pages(connection, operation, first, members):
    """Walks all pages of a list; how many there are in it."""
    found, body = 0, first
    while body:
        answer = connection.call(KINESIS + operation, body)
        found += len(answer[members])
        token = answer.get("NextToken")
        body = {"NextToken": token} if token else None
    return found


def shards(plan):
    """PutRecord, PutRecords and GetRecords on streams of more and more shards, and the control plane."""
    chance = random.Random(1)
    count = 1000 if plan.quick else 3000
    with start_hydrant(plan.work_dir, options=MANY) as server, Connection(server) as connection:
        names = [f"s{size}" for size in SIZES]
        for name, size in zip(names, SIZES, strict=True):
            create(connection, name, size)
        loads = {
            "PutRecord": lambda name: [bodies.put_record(name, 100, chance) for _ in range(64)],
            "PutRecords of 2": lambda name: [
                bodies.put_records(name, batch) for batch in bodies.batches(64, 2, 100)],
            "GetRecords of nothing": lambda name: [request_of(KINESIS + "GetRecords", {
                "ShardIterator": iterator(connection, name, "LATEST")})],
        }
        for work, requests_for in loads.items():
            plan.say(f"{work}, {SIZES[-1]} shards")
            requests = [requests_for(name) for name in names]
            measures = [lambda r=r: cost_of(server, connection, r, count) for r in requests]
            in_turn(1, *measures)
            yield from rows_of(work, "shards", SIZES, in_turn(RUNS, *measures))
        plan.say("lists and changes of shards")
        yield from changes_of_shards(plan, server, connection)


def changes_of_shards(plan, server, connection):
    """Each divided by the number of shards that it lists or changes."""
    def listed(name):
        pages(connection, "ListShards", {"StreamName": name}, "Shards")

    def scaled(name, shards_wanted):
        connection.call(KINESIS + "UpdateShardCount", {
            "StreamName": name, "ScalingType": "UNIFORM_SCALING", "TargetShardCount": shards_wanted})

    def measures(size):
        name = f"changed{size}"

        def all_of_them():
            create(connection, name, size)
            costs = [spent(server, lambda: listed(name)) / size,
                     spent(server, lambda: scaled(name, size // 2)) / size,
                     spent(server, lambda: scaled(name, size)) / size]
            connection.call(KINESIS + "DeleteStream", {"StreamName": name})
            return costs
        return all_of_them

    sizes = SIZES[1:]
    in_turn(1, *map(measures, sizes))
    runs = in_turn(RUNS, *map(measures, sizes))
    for at, work in enumerate(("ListShards", "half as many", "twice as many")):
        yield from rows_of(work, "shards", sizes, [[run[at] for run in of_size] for of_size in runs],
                           note="divided by the number of shards; half and twice as many by UpdateShardCount")


def streams(plan):
    """Servers with more and more streams: PutRecord to one of them, and what making and listing each costs."""
    count, made = 1000 if plan.quick else 3000, []
    with ExitStack() as stack:
        servers = [stack.enter_context(start_hydrant(plan.work_dir, options=MANY)) for _ in SIZES]
        connections = [stack.enter_context(Connection(server)) for server in servers]
        plan.say(f"PutRecord, {SIZES[-1]} streams")
        for server, connection, size in zip(servers, connections, SIZES, strict=True):
            creations = [request_of(KINESIS + "CreateStream", {
                "StreamName": f"stream-{number}", "ShardCount": 1}) for number in range(size)]
            made.append([cost_of(server, connection, creations, size)])
        measures = [lambda s=server, c=connection: cost_of(
            s, c, [bodies.put_record("stream-7", 100, random.Random(1))], count)
            for server, connection in zip(servers, connections, strict=True)]
        in_turn(1, *measures)
        yield from rows_of("PutRecord", "streams", SIZES, in_turn(RUNS, *measures))
        measures = [lambda s=server, c=connection, n=size: spent(
            s, lambda: pages(c, "ListStreams", {"Limit": 100}, "StreamNames")) / n
            for server, connection, size in zip(servers, connections, SIZES, strict=True)]
        in_turn(1, *measures)
        listed = in_turn(RUNS, *measures)
        note = "divided by the number of streams"
        yield from rows_of("CreateStream", "streams", SIZES[1:], made[1:], note=note)
        yield from rows_of("ListStreams", "streams", SIZES[1:], listed[1:], note=note)
        yield Row(f"{SIZES[-1]} streams", MS, [idle(servers[-1])], target=IDLE_MAX,
                  stretch=IDLE_STRETCH, better="lower")


def idle(server):
    """Processor ms of a second in which nobody asks for anything."""
    server.await_idle()
    before = server.cpu_seconds()
    time.sleep(IDLE_SECONDS)
    return (server.cpu_seconds() - before) * 1000 / IDLE_SECONDS


def held(plan):
    """One shard with more and more records in it: writing, and reading at either end and in the middle."""
    count = 1000 if plan.quick else 3000
    batches = bodies.batches(8, 500, HELD_RECORD_BYTES)
    with start_hydrant(plan.work_dir) as server, Connection(server) as connection:
        names = [f"s{records}" for records in RECORDS_HELD]
        loads = {"PutRecord": [], "GetRecords, the tip": [], "GetRecords, the middle": [],
                 "iterator by time": []}
        for name, records in zip(names, RECORDS_HELD, strict=True):
            plan.say(f"{records} records in a shard")
            create(connection, name, 1)
            puts = [bodies.put_records(name, batch) for batch in batches]
            halves = []
            for _ in range(2):
                for _ in connection.bursts(puts, records // 500 // 2, 1):
                    pass
                halves.append(connection.call(KINESIS + "PutRecord", {
                    "StreamName": name, "Data": "AAAA", "PartitionKey": "a"})["SequenceNumber"])
            middle, tip = (request_of(KINESIS + "GetRecords", {"Limit": 10, "ShardIterator": iterator(
                connection, name, "AT_SEQUENCE_NUMBER", StartingSequenceNumber=number)})
                for number in halves)
            loads["PutRecord"].append([bodies.put_record(name, HELD_RECORD_BYTES, random.Random(1))])
            loads["GetRecords, the tip"].append([tip])
            loads["GetRecords, the middle"].append([middle])
            loads["iterator by time"].append([request_of(KINESIS + "GetShardIterator", {
                "StreamName": name, "ShardId": FIRST_SHARD, "ShardIteratorType": "AT_TIMESTAMP",
                "Timestamp": time.time() - 0.2})])
        for work, requests in reversed(loads.items()):  # PutRecord last: it moves the tip
            measures = [lambda r=r: cost_of(server, connection, r, count) for r in requests]
            in_turn(1, *measures)
            yield from rows_of(work, "records", RECORDS_HELD, in_turn(RUNS, *measures))


def full(plan):
    """PutRecords when memory is full, so that each pushes out what is oldest, with more and more shards."""
    count = 10 if plan.quick else 40
    requests = [bodies.put_records("bench", batch) for batch in bodies.batches(16, 500, 1024)]

    def cost(server):
        # A connection of its own: while another server is filled it could be idle for too long.
        with Connection(server) as connection:
            return cost_of(server, connection, requests, count, 1) / 500

    with ExitStack() as stack:
        servers = []
        for size in FULL_SIZES:
            plan.say(f"memory that is full, {size} shards")
            servers.append(stack.enter_context(start_hydrant(
                plan.work_dir, options=(*MANY, "--memory.maxMiB", str(FULL_MIB)))))
            with Connection(servers[-1]) as connection:
                create(connection, "bench", size)
                # Two of them are a MiB and more.
                cost_of(servers[-1], connection, requests, FULL_MIB * 2 + FULL_MIB // 8, 1)
        measures = [lambda server=server: cost(server) for server in servers]
        yield from rows_of("PutRecords, full", "shards", FULL_SIZES, in_turn(RUNS, *measures),
                           note=f"divided by its 500 records; memory.maxMiB {FULL_MIB}, whenFull trim")


def connections(plan):
    """PutRecord from more and more connections, and what those cost that say nothing."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    plan.say(f"PutRecord from {SIZES[-1]} connections")
    chance = random.Random(1)
    burst = b"".join(bodies.put_record("bench", 100, chance) for _ in range(AT_ONCE))
    with start_hydrant(plan.work_dir) as server, ExitStack() as stack:
        opened = [stack.enter_context(Connection(server)) for _ in range(SIZES[-1])]
        create(opened[0], "bench", 64)

        def from_connections(size):
            rounds = 2 * SIZES[-1] // size

            def all_rounds():
                for _ in range(rounds):
                    on_all_at_once(opened[:size], burst, AT_ONCE)
            return spent(server, all_rounds) / (rounds * size * AT_ONCE)

        measures = [lambda size=size: from_connections(size) for size in SIZES]
        in_turn(1, *measures)
        yield from rows_of("PutRecord", "connections", SIZES, in_turn(RUNS, *measures))
        yield Row(f"{SIZES[-1]} connections", MS, [idle(server)], target=IDLE_MAX,
                  stretch=IDLE_STRETCH, better="lower")


def measure(plan):
    rows = [row for dimension in (shards, streams, connections, held, full) for row in dimension(plan)]
    yield from sorted(rows, key=lambda row: row.unit == MS)
