#!/usr/bin/env python3
"""What a MiB costs from PutRecordBatch to the object: processor seconds of the server.

Batches of 500 JSON records of 1 KiB are put over one connection, then flushed: as they are, compressed in
every format, partitioned by a jq query, taken apart into records, and with a backup. The first row puts and
discards (DeleteDeliveryStream), so it is the cost of the wire. Needs build/release/hydrant, or the program
that HYDRANT_PROGRAM names.
"""

import argparse
import base64
import http.client
import json
import os
import random
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from hydrant_process import HydrantProcess  # noqa: E402

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
NAME = "bench"
COUNTRIES = ["AR", "BR", "CA", "DE", "EG", "FR", "GB", "IN", "IT", "JP",
             "KE", "KR", "MX", "NG", "NO", "NZ", "PL", "TR", "US", "ZA"]
BATCH_RECORDS, RECORD_BYTES, DIFFERENT_BATCHES = 500, 1024, 8
BUCKET = {"RoleARN": "arn:aws:iam::000000000000:role/bench",
          "BufferingHints": {"SizeInMBs": 128, "IntervalInSeconds": 900}}


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
DISCARDED = "put and discarded"
WORKLOADS = {
    DISCARDED: {},
    "uncompressed": {},
    "with a delimiter": processed_by(LINES),
    "GZIP": {"CompressionFormat": "GZIP"},
    "ZIP": {"CompressionFormat": "ZIP"},
    "Snappy": {"CompressionFormat": "Snappy"},
    "HADOOP_SNAPPY": {"CompressionFormat": "HADOOP_SNAPPY"},
    "jq, 20 partitions": {**PARTITIONED, **processed_by(QUERY)},
    "jq, 20 partitions, GZIP": {**PARTITIONED, **processed_by(QUERY), "CompressionFormat": "GZIP"},
    "JSON taken apart, jq, 20 partitions": {**PARTITIONED, **processed_by(SPLIT, QUERY)},
    "with a backup": {"S3BackupMode": "Enabled",
                      "S3BackupConfiguration": {**BUCKET, "BucketARN": "arn:aws:s3:::backup"}},
}


def record(chance, words):
    event = {"id": chance.getrandbits(64), "country": chance.choice(COUNTRIES),
             "user": {"name": chance.choice(words), "age": chance.randrange(100)}, "text": ""}
    missing = RECORD_BYTES - len(json.dumps(event))
    while missing > 0:
        word = chance.choice(words)[:max(missing - 1, 0)] + " "
        event["text"] += word
        missing -= len(word)
    return json.dumps(event).encode()


def batches():
    """Bodies of PutRecordBatch, the same in every run."""
    chance = random.Random(1)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choices(letters, k=chance.randrange(2, 12))) for _ in range(2000)]
    return [json.dumps({"DeliveryStreamName": NAME, "Records": [
        {"Data": base64.b64encode(record(chance, words)).decode()}
        for _ in range(BATCH_RECORDS)]}).encode() for _ in range(DIFFERENT_BATCHES)]


class Caller:
    """One connection, kept alive."""

    def __init__(self, hydrant):
        self._connection = http.client.HTTPConnection(hydrant.host, hydrant.port, timeout=120)

    def call(self, operation, body):
        if isinstance(body, dict):
            body = json.dumps(body).encode()
        self._connection.request("POST", "/", body, {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "Firehose_20150804." + operation})
        reply = self._connection.getresponse()
        answer = reply.read()
        assert reply.status == 200, answer
        return answer


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def delivered_bytes(hydrant):
    return sum(entry["size"] for entry in hydrant.state()["objects"])


def measure(hydrant, workload, bodies, count):
    """Processor seconds for a MiB of records, and bytes written for a byte of them."""
    hydrant.reset()
    caller = Caller(hydrant)
    caller.call("CreateDeliveryStream", {
        "DeliveryStreamName": NAME, "ExtendedS3DestinationConfiguration": {
            **BUCKET, "BucketARN": "arn:aws:s3:::bench", **WORKLOADS[workload]}})
    before = cpu_seconds(hydrant.pid)
    for number in range(count):
        answer = caller.call("PutRecordBatch", bodies[number % len(bodies)])
        assert answer.startswith(b'{"FailedPutCount":0,'), answer[:200]
    if workload == DISCARDED:
        caller.call("DeleteDeliveryStream", {"DeliveryStreamName": NAME})
    else:
        hydrant.flush(NAME)
    spent = cpu_seconds(hydrant.pid) - before
    records_bytes = count * BATCH_RECORDS * RECORD_BYTES
    if workload != DISCARDED:
        state = hydrant.state()["deliveryStreams"][0]
        assert state["undeliveredRecords"] == 0, "not all is delivered"
        assert state["counters"]["delivery_to_s3_records"] == count * BATCH_RECORDS
    return spent / (records_bytes / 2**20), delivered_bytes(hydrant) / records_bytes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workloads", nargs="*", help=", ".join(WORKLOADS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--batches", type=int, default=300, help="of half a MiB, in each run")
    options = parser.parse_args()
    chosen = options.workloads or list(WORKLOADS)
    if unknown := set(chosen) - set(WORKLOADS):
        parser.error(f"no such workload: {', '.join(unknown)}")
    bodies = batches()
    spent = {workload: [] for workload in chosen}
    written = {}
    with HydrantProcess("--delays.createDeliveryStreamMs", "0", "--log-level", "warn") as hydrant:
        measure(hydrant, chosen[0], bodies, options.batches)
        # One behind the other, so that what else the machine does falls on all.
        for _ in range(options.runs):
            for workload in chosen:
                seconds, written[workload] = measure(hydrant, workload, bodies, options.batches)
                spent[workload].append(seconds)
    first = statistics.median(spent[chosen[0]])
    print("| delivered | CPU ms for a MiB | MiB for a CPU second | of the first | bytes written |")
    print("|---|---|---|---|---|")
    for workload in chosen:
        middle = statistics.median(spent[workload])
        low, high = min(spent[workload]), max(spent[workload])
        print(f"| {workload} | {middle * 1000:.2f} ({low * 1000:.2f} to {high * 1000:.2f}) | "
              f"{1 / middle:.0f} | {middle / first:.2f} | {written[workload]:.2f} |")


if __name__ == "__main__":
    main()
