"""SubscribeToShard: what a record costs that is pushed rather than fetched, and how late it comes."""

import random
import resource
import sys
from pathlib import Path

from harness.bodies import data, partition_key
from harness.connection import Connection, request_of
from harness.pairs import in_turn
from harness.events import NUMBER, Dechunker, RecordCounter
from harness.plan import Fault
from harness.processes import start_hydrant
from harness.results import Row

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests/support"))
import fan_out as subscriptions  # noqa: E402

KINESIS = "Kinesis_20131202."
STREAM = "fan-out"
SHARDS, RECORDS_OF_SHARD, RECORD_BYTES, BATCH, READ = 4, 25_000, 1024, 500, 1000
# Of the delays: with a byte of partition key, just below the 1 MiB/s that a shard takes.
HOT_BYTES, HOT_PER_SECOND = 10_480, 100
DELAY_SHARDS = 50
CONSUMERS = 20  # all that a stream takes; each serves one pass, as a shard is held for 5 s


def fill(connection):
    """Makes the stream and puts the same number of records into each shard; the ids of its shards."""
    connection.call(KINESIS + "CreateStream", {"StreamName": STREAM, "ShardCount": SHARDS})
    shards = connection.call(KINESIS + "ListShards", {"StreamName": STREAM})["Shards"]
    chance = random.Random(1)
    for shard in shards:
        first = shard["HashKeyRange"]["StartingHashKey"]
        body = request_of(KINESIS + "PutRecords", {"StreamName": STREAM, "Records": [
            {"Data": data(chance, RECORD_BYTES), "PartitionKey": partition_key(chance),
             "ExplicitHashKey": first} for _ in range(BATCH)]})
        for _ in range(RECORDS_OF_SHARD // BATCH):
            status, answer = connection.exchange(body)
            if status != 200 or b'"FailedRecordCount":0' not in answer:
                raise Fault(f"PutRecords: {status} {answer[:300]!r}")
    return [shard["ShardId"] for shard in shards]


def read_by_calls(connection, shard_id):
    """Fetches a shard from its oldest record to its tip; how many records came."""
    iterator = connection.call(KINESIS + "GetShardIterator", {
        "StreamName": STREAM, "ShardId": shard_id,
        "ShardIteratorType": "TRIM_HORIZON"})["ShardIterator"]
    records = 0
    while records < RECORDS_OF_SHARD:
        status, answer = connection.exchange(request_of(
            KINESIS + "GetRecords", {"ShardIterator": iterator, "Limit": READ}))
        found = answer.count(NUMBER)
        if status != 200 or found == 0:
            raise Fault(f"GetRecords: {status} {answer[:300]!r}")
        records += found
        # The only other strings behind the list of records are short ones.
        tail = answer[answer.rindex(b'"NextShardIterator"'):]
        iterator = tail.split(b'"', 4)[3].decode()
    return records


def read_by_subscription(server, consumer_arn, shard_id):
    """Is pushed a shard from its oldest record to its tip; how many records came."""
    counter, chunks = RecordCounter(), Dechunker()
    with Connection(server) as connection:
        connection.socket.sendall(request_of(KINESIS + "SubscribeToShard", {
            "ConsumerARN": consumer_arn, "ShardId": shard_id,
            "StartingPosition": {"Type": "TRIM_HORIZON"}}))
        status, head = connection.head()
        if status != 200:
            raise Fault(f"SubscribeToShard: {head[:300]!r}")
        while counter.records < RECORDS_OF_SHARD:
            if not connection.received:
                connection.receive()
            counter.take(chunks.take(connection.received))
            connection.received.clear()
    return counter.records


def pushed_against_fetched(plan):
    """Microseconds of the server for a record, by run: fetched, pushed."""
    passes = max(1, CONSUMERS // (plan.runs + 1)) if not plan.quick else 1
    with start_hydrant(plan.work_dir) as server, Connection(server) as connection:
        shard_ids = fill(connection)
        stream_arn = connection.call(KINESIS + "DescribeStreamSummary", {"StreamName": STREAM})[
            "StreamDescriptionSummary"]["StreamARN"]
        consumers = iter([connection.call(KINESIS + "RegisterStreamConsumer", {
            "StreamARN": stream_arn, "ConsumerName": f"consumer-{number}"})[
                "Consumer"]["ConsumerARN"] for number in range(CONSUMERS)])

        def cost(read_pass):
            before = server.cpu_seconds()
            records = sum(read_pass() for _ in range(passes))
            return (server.cpu_seconds() - before) * 1e6 / records

        def fetch():
            return sum(read_by_calls(connection, shard_id) for shard_id in shard_ids)

        def push():
            arn = next(consumers)
            return sum(read_by_subscription(server, arn, shard_id) for shard_id in shard_ids)

        cost(fetch)  # the first reading touches memory that none has touched
        cost(push)
        return in_turn(plan.runs, lambda: cost(fetch), lambda: cost(push))


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) * percent // 100, len(ordered) - 1)]


def delays(plan):
    """Milliseconds from put to arrival, with the limits of the service and a thread for each processor:
    of the shard with 1 MiB/s, and of the others, that have a record a second each."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    seconds = 5 if plan.quick else 20
    load = [subscriptions.Load(0, HOT_BYTES, HOT_PER_SECOND)]
    load += [subscriptions.Load(shard, 100, 1) for shard in range(1, DELAY_SHARDS)]
    with start_hydrant(plan.work_dir, threads=0, options=("--throttle.scale", "1")) as server:
        try:
            layout = subscriptions.Layout(server.url, DELAY_SHARDS, CONSUMERS)
            with subscriptions.Subscribers(layout) as subscribers:
                writer = subscriptions.Writer(layout, load, seconds)
                # Fails unless every subscriber gets every record once and in order.
                subscribers.read_until_complete(writer)
                hot, *others = subscribers.delays
        except subscriptions.Fault as fault:
            raise Fault(f"{fault}\n{server.log()}") from fault
    return ([delay * 1000 for delay in hot], [delay * 1000 for each in others for delay in each])


def measure(plan):
    plan.say(f"{SHARDS * RECORDS_OF_SHARD} records of 1 KiB, pushed and fetched")
    fetched, pushed = pushed_against_fetched(plan)
    yield Row("SubscribeToShard, HTTP/1.1", "processor µs of a record", pushed, {"GetRecords": fetched},
              target=1.3, stretch=1.1, better="lower",
              note=f"{SHARDS} shards of {RECORDS_OF_SHARD} records of 1 KiB, from TRIM_HORIZON to the tip, "
                   f"one reader, one thread; GetRecords with Limit {READ}")
    plan.say(f"delay of {CONSUMERS * DELAY_SHARDS} subscriptions")
    hot, others = delays(plan)
    note = (f"{CONSUMERS} consumers on each of {DELAY_SHARDS} shards with the limits of the service; one "
            "process of Python reads them all, and its own queue is in these figures")
    for place, found in (("shard with 1 MiB/s", hot), ("others, 1 record/s each", others)):
        for percent in (50, 99):
            yield Row(f"p{percent}, {place}", "ms from put to arrival", [percentile(found, percent)],
                      better="lower", note=note)
