"""Firehose: what a MiB costs from PutRecordBatch to the object, beside PutRecords and in every form.

The flush at the end is in every figure: what is counted has been written, and is counted again in what the
server says of its objects.
"""

import base64
import json
import os
import random
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import bodies
from harness.connection import Connection, request_of
from harness.pairs import in_turn
from harness.plan import Fault
from harness.processes import start_hydrant
from harness.results import Row

FIREHOSE, KINESIS = "Firehose_20150804.", "Kinesis_20131202."
NAME = "bench"
BATCH_RECORDS, RECORD_BYTES, DIFFERENT_BATCHES, CONNECTIONS = 500, 1024, 8, 4
BATCH_MIB = BATCH_RECORDS * RECORD_BYTES / 2**20
SHARDS = 64
# Small, so that PutRecords is soon where it stays: each record pushes out an older one.
STREAM_MIB = 256
# A page that a virtual machine has never had, or has given back, costs its host more to find than the server
# to fill; how many of those a run is given is chance. So before each run the system hands out that many times
# as many as will be written, and more runs than elsewhere stand against those that were given some all the same.
TOUCHED_TIMES, RUNS_MORE = 5, 3
IN_MEMORY = Path("/dev/shm")

COUNTRIES = ["AR", "BR", "CA", "DE", "EG", "FR", "GB", "IN", "IT", "JP",
             "KE", "KR", "MX", "NG", "NO", "NZ", "PL", "TR", "US", "ZA"]
BUCKET = {"RoleARN": "arn:aws:iam::000000000000:role/bench", "BucketARN": "arn:aws:s3:::bench"}
LARGE = {"BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 900}}


def processor(kind, **parameters):
    return {"Type": kind, "Parameters": [
        {"ParameterName": name, "ParameterValue": value} for name, value in parameters.items()]}


def processed_by(*processors):
    return {"ProcessingConfiguration": {"Enabled": True, "Processors": list(processors)}}


QUERY = processor("MetadataExtraction", MetadataExtractionQuery="{country: .country}",
                  JsonParsingEngine="JQ-1.6")
SPLIT = processor("RecordDeAggregation", SubRecordType="JSON")
LINES = processor("AppendDelimiterToRecord")
PARTITIONED = {"DynamicPartitioningConfiguration": {"Enabled": True},
               "Prefix": "country=!{partitionKeyFromQuery:country}/",
               "ErrorOutputPrefix": "errors/!{firehose:error-output-type}/"}
FORMS = {
    "uncompressed": {},
    "with a delimiter": processed_by(LINES),
    "GZIP": {"CompressionFormat": "GZIP"},
    "ZIP": {"CompressionFormat": "ZIP"},
    "Snappy": {"CompressionFormat": "Snappy"},
    "HADOOP_SNAPPY": {"CompressionFormat": "HADOOP_SNAPPY"},
    "jq, 20 partitions": {**PARTITIONED, **processed_by(QUERY)},
    "jq, 20 partitions, GZIP": {**PARTITIONED, **processed_by(QUERY), "CompressionFormat": "GZIP"},
    "split, jq, partitions": {**PARTITIONED, **processed_by(SPLIT, QUERY)},
    "with a backup": {"S3BackupMode": "Enabled",
                      "S3BackupConfiguration": {**BUCKET, **LARGE, "BucketARN": "arn:aws:s3:::backup"}},
}


def event(chance, words):
    """A JSON record of RECORD_BYTES, whose text is made of a few thousand invented words."""
    made = {"id": chance.getrandbits(64), "country": chance.choice(COUNTRIES),
            "user": {"name": chance.choice(words), "age": chance.randrange(100)}, "text": ""}
    missing = RECORD_BYTES - len(json.dumps(made))
    while missing > 0:
        word = chance.choice(words)[:max(missing - 1, 0)] + " "
        made["text"] += word
        missing -= len(word)
    return json.dumps(made).encode()


def event_batches():
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randrange(2, 12))) for _ in range(2000)]
    return [[(base64.b64encode(event(chance, words)).decode(), "") for _ in range(BATCH_RECORDS)]
            for _ in range(DIFFERENT_BATCHES)]


def send(server, requests, count, wanted):
    """Sends `count` of the requests in turn over CONNECTIONS connections; `wanted` is at one end of every
    answer, or this is a Fault."""
    numbers = iter(range(count))

    def send_some(_):
        with Connection(server) as connection:
            # A step of this iterator is one step of the interpreter, so that it needs no lock.
            for number in numbers:
                status, answer = connection.exchange(requests[number % len(requests)])
                if status != 200 or wanted not in answer[:40] + answer[-40:]:
                    raise Fault(f"{status} {answer[:300]!r}")

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(send_some, range(CONNECTIONS)))


def admin(connection, method, path):
    connection.socket.sendall(f"{method} /_hydrant/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                              "Content-Length: 0\r\n\r\n".encode())
    status, answer = connection.answer()
    if status != 200:
        raise Fault(f"{path}: {status} {answer[:500]!r}")
    return json.loads(answer)


def put_to_stream(server, requests, count):
    """MiB for a processor second."""
    before = server.cpu_seconds()
    send(server, requests, count, b'"FailedRecordCount":0')
    return count * BATCH_MIB / (server.cpu_seconds() - before)


def touch_pages(folder, mib):
    """Has the system hand out pages for `mib` MiB of files, and takes them back."""
    some = bytes(2**20)
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(mib):
            file.write(some)


def empty_files(server):
    """Gives the pages of all objects back. The files stay: for a minute after many have been deleted, ext4
    looks at each of them when it makes a new one."""
    for path in (server.folder / "data/s3").rglob("*"):
        if path.is_file():
            os.truncate(path, 0)


def objects_of(state):
    """(bucket, key) -> size"""
    return {(entry["bucket"], entry["key"]): entry["size"] for entry in state["objects"]}


def deliver(server, requests, count, destination):
    """MiB for a processor second from the put to the object, and bytes written for one that came."""
    with Connection(server) as connection:
        connection.call(FIREHOSE + "CreateDeliveryStream", {
            "DeliveryStreamName": NAME,
            "ExtendedS3DestinationConfiguration": {**BUCKET, **destination}})
        earlier = objects_of(admin(connection, "GET", "state"))
        touch_pages(server.folder, round(TOUCHED_TIMES * count * BATCH_MIB))
        before = server.cpu_seconds()
        send(server, requests, count, b'"FailedPutCount":0')
        admin(connection, "POST", f"flush/{NAME}")
        spent = server.cpu_seconds() - before
        state = admin(connection, "GET", "state")
        connection.call(FIREHOSE + "DeleteDeliveryStream", {"DeliveryStreamName": NAME})
    stream, records = state["deliveryStreams"][0], count * BATCH_RECORDS
    delivered = stream["counters"]["delivery_to_s3_records"]
    if stream["undeliveredRecords"] or delivered != records:
        raise Fault(f"{delivered} of {records} records were delivered")
    written = sum(size for name, size in objects_of(state).items() if name not in earlier)
    empty_files(server)
    return count * BATCH_MIB / spent, written / (records * RECORD_BYTES)


def discard(server, requests, count):
    """The same without any delivery: what HTTP, JSON and base64 cost."""
    with Connection(server) as connection:
        connection.call(FIREHOSE + "CreateDeliveryStream", {
            "DeliveryStreamName": NAME, "ExtendedS3DestinationConfiguration": {**BUCKET, **LARGE}})
        before = server.cpu_seconds()
        send(server, requests, count, b'"FailedPutCount":0')
        connection.call(FIREHOSE + "DeleteDeliveryStream", {"DeliveryStreamName": NAME})
        return count * BATCH_MIB / (server.cpu_seconds() - before)


def beside_put_records(plan, folder, count):
    """MiB for a processor second, by run: PutRecords, delivered to objects in `folder`."""
    batches = bodies.batches(DIFFERENT_BATCHES, BATCH_RECORDS, RECORD_BYTES)
    to_stream = [bodies.put_records(NAME, batch) for batch in batches]
    to_firehose = [bodies.put_record_batch(NAME, batch) for batch in batches]
    stream_options = ("--memory.maxMiB", str(STREAM_MIB))
    with (start_hydrant(plan.work_dir, options=stream_options) as kinesis,
          start_hydrant(folder, options=("--delays.createDeliveryStreamMs", "0")) as firehose):
        with Connection(kinesis) as connection:
            connection.call(KINESIS + "CreateStream", {"StreamName": NAME, "ShardCount": SHARDS})
        put_to_stream(kinesis, to_stream, int(2 * STREAM_MIB / BATCH_MIB))
        deliver(firehose, to_firehose, count, {})
        runs = plan.runs if plan.quick else plan.runs * RUNS_MORE
        return in_turn(runs, lambda: put_to_stream(kinesis, to_stream, count),
                       lambda: deliver(firehose, to_firehose, count, {})[0])


def in_every_form(plan, count):
    """For each form: processor ms for a MiB by run, and bytes written for one that came."""
    requests = [bodies.put_record_batch(NAME, batch) for batch in event_batches()]
    written = {}
    with start_hydrant(plan.work_dir, options=("--delays.createDeliveryStreamMs", "0")) as server:
        def form(name):
            rate, written[name] = deliver(server, requests, count, {**LARGE, **FORMS[name]})
            return 1000 / rate

        discard(server, requests, count)
        form("uncompressed")
        discarded, *delivered = in_turn(
            plan.runs, lambda: 1000 / discard(server, requests, count),
            *(lambda name=name: form(name) for name in FORMS))
    return discarded, dict(zip(FORMS, delivered, strict=True)), written


def measure(plan):
    count = 100 if plan.quick else 400
    unit = "MiB for a processor second"
    note = (f"PutRecordBatch of {BATCH_RECORDS} x 1 KiB of random data to uncompressed objects, the flush "
            f"included; PutRecords of the same records to {SHARDS} shards; {CONNECTIONS} connections; "
            f"{count * BATCH_MIB:.0f} MiB a run")
    plan.say(f"{count} batches to objects on the disk of {plan.work_dir}")
    beside, ours = beside_put_records(plan, plan.work_dir, count)
    yield Row("DirectPut to objects", unit, ours, {"PutRecords": beside}, target=0.7, stretch=0.9, note=note)
    if IN_MEMORY.is_dir():
        plan.say("the same in memory")
        with tempfile.TemporaryDirectory(prefix="hydrant-bench-", dir=IN_MEMORY) as folder:
            beside, ours = beside_put_records(plan, Path(folder), count)
        yield Row("DirectPut to /dev/shm", unit, ours, {"PutRecords": beside}, note=note)
    plan.say("in every form of delivery")
    discarded, delivered, written = in_every_form(plan, 40 if plan.quick else 100)
    note = ("JSON records of 1 KiB in batches of 500, text of 2,000 invented words; beside it the same put "
            "and discarded; in brackets the bytes written for one that came")
    for name, values in delivered.items():
        yield Row(f"{name} ({written[name]:.2f})", "processor ms of a MiB", values,
                  {"discarded": discarded}, better="lower", note=note)
