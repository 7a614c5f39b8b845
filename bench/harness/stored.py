"""Records written to be read, and the check that what was sent is what is stored."""

import base64
import json
import random
import re

from . import bodies, cbor
from .connection import Connection
from .kinesis import Client
from .load import kept_bodies, wrk
from .plan import Fault
from .processes import start_hydrant

NEXT = re.compile(rb'"NextShardIterator": ?"([^"]+)"')
BEHIND = re.compile(rb'"MillisBehindLatest": ?(\d+)')
COMPARED_RECORDS = 100


def random_records(count, size, seed=1):
    """Entries of PutRecords, the same each time."""
    chance = random.Random(seed)
    return [{"Data": base64.b64encode(chance.randbytes(size)).decode(),
             "PartitionKey": f"{chance.getrandbits(64):016x}"} for _ in range(count)]


def put_all(client, stream, records):
    """PutRecords of 500 at a time; Fault if one of them is refused."""
    for at in range(0, len(records), 500):
        answer = client.call("PutRecords", {"StreamName": stream, "Records": records[at:at + 500]})
        if answer["FailedRecordCount"]:
            raise Fault(f"PutRecords refused {answer['FailedRecordCount']} records of {stream}")


def one_answer(client, count, size):
    """Makes a stream of one shard with `count` records, and reads them by one GetRecords.

    The iterator, which may be used again and again for some minutes, and the answer's bytes; Fault unless
    they are the records that were sent, in order.
    """
    sent = random_records(count, size)
    client.create_stream("one", 1)
    put_all(client, "one", sent)
    iterator = client.iterator("one")
    answer = client.call_bytes("GetRecords",
                               json.dumps({"ShardIterator": iterator, "Limit": count}).encode())
    got = [{"Data": record["Data"], "PartitionKey": record["PartitionKey"]}
           for record in json.loads(answer)["Records"]]
    if got != sent:
        raise Fault(f"GetRecords gave {len(got)} records, and not the {count} that were put")
    return iterator, answer


def fill(server, memory_mib):
    """Puts records into the stream "bench" until a server that may hold `memory_mib` has let old ones go.

    From then on it is where it stays, each record pushing out an older one. Before that the system gives
    it fresh pages, at a price that is the machine's: on a virtual one up to ten times that of a put.
    """
    requests = [bodies.put_records("bench", batch) for batch in bodies.batches(8, 500, 1024)]
    with Connection(server) as connection:
        for _ in connection.bursts(requests, 3 * memory_mib, 1):
            pass


def check(plan, puts, shards):
    """Sends each of `puts` (work, script, bytes, records) for a second, in both formats, and reads back.

    Fault unless every record is there that was answered, and those at the start of each shard are byte
    for byte what was sent.
    """
    # Enough for a second at full speed: here nothing may be trimmed.
    with start_hydrant(plan.work_dir, options=("--memory.maxMiB", "8192")) as hydrant, \
            Client(hydrant) as client:
        for put in puts:
            for form in ("json",) if plan.quick else ("json", "cbor"):
                kept = plan.work_dir / "bodies"
                client.create_stream("check", shards)
                load = wrk(hydrant, put.script, 1, 1, {"stream": "check", "bytes": put.bytes,
                                                       "format": form, "keep": kept})
                load.checked(put.work)
                sent = sent_records(kept_bodies(kept), form)
                found = sum(count_and_compare(client, "check", f"shardId-{shard:012}", sent)
                            for shard in range(shards))
                # The last request may have been cut off by the end of the run.
                if not load.requests * put.records <= found <= (load.requests + 1) * put.records:
                    raise Fault(f"{put.work}: {load.requests} requests of {put.records} records were "
                                f"answered, and {found} records are stored")
                client.call("DeleteStream", {"StreamName": "check"})
                client.await_gone("check")


def sent_records(bodies, form):
    """Partition key -> Data in base64 of all records in these bodies."""
    sent = {}
    for body in bodies:
        told = json.loads(body) if form == "json" else cbor.decode(body)
        for record in told.get("Records", [told]):
            data = record["Data"]
            sent[record["PartitionKey"]] = data if form == "json" else base64.b64encode(data).decode()
    return sent


def count_and_compare(client, stream, shard, sent):
    """The number of records in a shard. Fault if one of the first was not sent like that."""
    iterator = client.iterator(stream, shard)
    first = client.call("GetRecords", {"ShardIterator": iterator, "Limit": COMPARED_RECORDS})
    for record in first["Records"]:
        if sent.get(record["PartitionKey"]) != record["Data"]:
            raise Fault(f"{shard} holds a record of {record['PartitionKey']} that was not sent")
    count = 0
    while True:
        answer = client.call_bytes("GetRecords", json.dumps({"ShardIterator": iterator}).encode())
        # Counting bytes takes a tenth of the time of decoding; neither keys nor data have quotes.
        here = answer.count(b'"SequenceNumber"')
        count += here
        if not here and not int(BEHIND.search(answer[-1000:])[1]):
            return count
        iterator = NEXT.search(answer[-1000:])[1].decode()
