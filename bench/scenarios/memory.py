"""Memory: what a record takes beside its bytes, whether memory.maxMiB holds, and what is given back."""

import json
import resource
from contextlib import ExitStack

from harness import bodies
from harness.connection import Connection
from harness.plan import Fault
from harness.processes import start_hydrant
from harness.results import Row

KINESIS, FIREHOSE = "Kinesis_20131202.", "Firehose_20150804."
NAME = "bench"
BATCH_RECORDS, DIFFERENT_BATCHES = 500, 4
MIB = 2**20
RECORDS = 200_000
# Size, how many of them, shards; of larger ones fewer fit into the memory of the benchmark.
OVERHEADS = ((100, RECORDS, 1), (100, RECORDS, 64), (1024, RECORDS, 1), (1024, RECORDS, 64),
             (5000, 40_000, 1))
OVERHEAD_MAX, OVERHEAD_STRETCH = 48, 32
FLOOD_MIB, FLOOD_TIMES = 64, 10
# Of what was meant to be held: blocks that are begun, and what malloc keeps.
FLOOD_MAX, FLOOD_STRETCH = 1.25, 1.1
LEFT_MAX, LEFT_STRETCH = 0.25, 0.1
FULL = f"The records held in memory have reached memory.maxMiB ({FLOOD_MIB} MiB)."
THINGS = 1000
RUNS_MAX = 3  # of what hardly differs from run to run
LONGER_THAN_KEPT_S = 25 * 3600


def admin(connection, path, body=None):
    text = json.dumps(body or {}).encode()
    connection.socket.sendall(b"POST /_hydrant/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%s"
                              % (path.encode(), len(text), text))
    status, answer = connection.answer()
    if status != 200:
        raise Fault(f"{path}: {status} {answer[:500]!r}")


def settled(server):
    """RSS of a server that has made its certificate, which it does a moment after it was started."""
    server.await_idle()
    return server.rss_bytes()


def create(connection, shards):
    connection.call(KINESIS + "CreateStream", {"StreamName": NAME, "ShardCount": shards})


def put(connection, requests, count):
    """Puts `count` batches of records, all of which must be taken."""
    for answer in connection.bursts(requests, count, 1):
        if b'"FailedRecordCount":0' not in answer:
            raise Fault(f"{answer[:300]!r}")


def requests_of(size):
    return [bodies.put_records(NAME, batch)
            for batch in bodies.batches(DIFFERENT_BATCHES, BATCH_RECORDS, size)]


def overhead(plan, size, records, shards):
    """Bytes resident for a record beyond its data and its partition key."""
    requests = requests_of(size)
    with start_hydrant(plan.work_dir) as server, Connection(server) as connection:
        # Refused, for want of a stream, when they have been read: now the buffers of a connection are there.
        for request in requests:
            connection.exchange(request)
        create(connection, shards)
        before = settled(server)
        put(connection, requests, records // BATCH_RECORDS)
        return (server.rss_bytes() - before) / records - size - bodies.KEY_CHARACTERS


def flood(plan, when_full, shards, size=1024):
    """MiB resident beyond those of an idle server at the end of a flood of ten times memory.maxMiB."""
    requests = requests_of(size)
    batches = FLOOD_TIMES * FLOOD_MIB * MIB // ((size + bodies.KEY_CHARACTERS) * BATCH_RECORDS)
    with start_hydrant(plan.work_dir, options=(
            "--memory.maxMiB", str(FLOOD_MIB), "--memory.whenFull", when_full)) as server, \
            Connection(server) as connection:
        create(connection, shards)
        before, refused = settled(server), 0
        for answer in connection.bursts(requests, batches, 1):
            if b'"FailedRecordCount":0' not in answer:
                refused += refused_records(answer)
        if (refused > 0) != (when_full == "refuse"):
            raise Fault(f"whenFull {when_full}: {refused} of {batches * BATCH_RECORDS} records were refused")
        return (server.rss_peak_bytes() - before) / MIB


def refused_records(answer):
    """How many records of PutRecords were refused; a Fault unless it was for want of memory."""
    refused = [each for each in json.loads(answer)["Records"] if "ErrorCode" in each]
    for each in refused:
        if each["ErrorCode"] != "ProvisionedThroughputExceededException" or each["ErrorMessage"] != FULL:
            raise Fault(f"refused with {each}")
    return len(refused)


def delivery_flood(plan):
    """The same for Firehose, where nothing may be dropped."""
    requests = [bodies.put_record_batch(NAME, batch)
                for batch in bodies.batches(DIFFERENT_BATCHES, BATCH_RECORDS, 1024)]
    batches, refused = FLOOD_TIMES * FLOOD_MIB * MIB // (1024 * BATCH_RECORDS), 0
    with start_hydrant(plan.work_dir, options=(
            "--memory.maxMiB", str(FLOOD_MIB), "--delays.createDeliveryStreamMs", "0")) as server, \
            Connection(server) as connection:
        connection.call(FIREHOSE + "CreateDeliveryStream", {
            "DeliveryStreamName": NAME, "ExtendedS3DestinationConfiguration": {
                "RoleARN": "arn:aws:iam::000000000000:role/bench", "BucketARN": "arn:aws:s3:::bench",
                "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 900}}})
        before = settled(server)
        for number in range(batches):
            status, answer = connection.exchange(requests[number % len(requests)])
            refused += status != 200
            if status not in (200, 503) or (status == 503) != (FULL.encode() in answer):
                raise Fault(f"{status} {answer[:300]!r}")
        if not refused:
            raise Fault("nothing was refused")
        return (server.rss_peak_bytes() - before) / MIB


def given_back(plan, shards):
    """The share that is still resident of what records took: when they have aged out, when their stream has
    been deleted, after a reset."""
    requests, batches = requests_of(1024), RECORDS // BATCH_RECORDS
    with start_hydrant(plan.work_dir, options=("--clock", "virtual")) as server, \
            Connection(server) as connection:
        for request in requests:
            connection.exchange(request)
        create(connection, shards)
        idle, shares = settled(server), []

        def filled_and(emptied):
            put(connection, requests, batches)
            full = server.rss_bytes()
            emptied()
            shares.append((server.rss_bytes() - idle) / (full - idle))

        filled_and(lambda: admin(connection, "clock/advance", {"seconds": LONGER_THAN_KEPT_S}))
        filled_and(lambda: admin(connection, "clock/advance", {"seconds": LONGER_THAN_KEPT_S}))
        filled_and(lambda: connection.call(KINESIS + "DeleteStream", {"StreamName": NAME}))
        create(connection, shards)
        filled_and(lambda: admin(connection, "reset"))
        return shares[1:]  # the first time malloc had nothing that it could have kept


def each_of(plan):
    """KiB resident for each of a thousand: streams of one shard, shards of one stream, connections."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    found = {}
    with start_hydrant(plan.work_dir, options=(
            "--quotas.shards", "100000", "--throttle.controlPlane", "false")) as server, \
            ExitStack() as stack:
        connection = stack.enter_context(Connection(server))

        def make(what, made):
            before = settled(server)
            made()
            found[what] = (server.rss_bytes() - before) / THINGS / 1024

        make("stream of one shard", lambda: [connection.call(KINESIS + "CreateStream", {
            "StreamName": f"stream-{number}", "ShardCount": 1}) for number in range(THINGS)])
        make("shard", lambda: create(connection, THINGS))
        make("connection", lambda: [stack.enter_context(Connection(server)).call(
            KINESIS + "DescribeLimits", {}) for _ in range(THINGS)])
    return found


def measure(plan):
    runs = range(1 if plan.quick else min(plan.runs, RUNS_MAX))
    note = "resident memory with records less that before, less the bytes of data and partition keys"
    for size, records, shards in OVERHEADS:
        plan.say(f"overhead of a record, {size} bytes, {shards} shards")
        yield Row(f"{size} B, {shards} shards" if shards > 1 else f"{size} B, a shard", "bytes of a record beyond data and key",
                  [overhead(plan, size, records, shards) for _ in runs], target=OVERHEAD_MAX,
                  stretch=OVERHEAD_STRETCH, better="lower", note=note)
    note = (f"most that was resident, less that of the idle server, in a flood of {FLOOD_TIMES} times "
            "memory.maxMiB; every refusal is looked at")
    floods = {"Kinesis, trim, 1 shard": lambda: flood(plan, "trim", 1),
              "Kinesis, trim, 64 shards": lambda: flood(plan, "trim", 64),
              "Kinesis, refuse, 64 shards": lambda: flood(plan, "refuse", 64),
              "Firehose": lambda: delivery_flood(plan)}
    for name, flooded in floods.items():
        plan.say(f"flood: {name}")
        yield Row(name, "MiB resident in a flood", [flooded() for _ in runs],
                  {"maxMiB": [FLOOD_MIB for _ in runs]}, target=FLOOD_MAX, stretch=FLOOD_STRETCH,
                  better="lower", note=note)
    plan.say("what is given back")
    shares = zip(*(given_back(plan, 64) for _ in runs), strict=True)
    for event, share in zip(("records aged out", "DeleteStream", "reset"), shares, strict=True):
        yield Row(event, "share of the records' memory still resident", list(share), target=LEFT_MAX,
                  stretch=LEFT_STRETCH, better="lower", note=f"{RECORDS} records of 1 KiB in 64 shards")
    plan.say(f"{THINGS} streams, shards and connections")
    for what, size in each_of(plan).items():
        yield Row(f"{what}, idle", "KiB each", [size], better="lower",
                  note=f"{THINGS} of them; of a connection without what the kernel keeps for its socket")
