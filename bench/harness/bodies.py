"""Requests with random records, the same in every run."""

import base64
import json
import random

from .connection import request_of

KEY_CHARACTERS = 16
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def data(chance, size):
    return base64.b64encode(chance.randbytes(size)).decode()


def partition_key(chance):
    return "".join(chance.choices(LETTERS, k=KEY_CHARACTERS))


def put_record(stream, size, chance):
    """A request of PutRecord with one record of `size` random bytes."""
    return request_of("Kinesis_20131202.PutRecord", {
        "StreamName": stream, "Data": data(chance, size), "PartitionKey": partition_key(chance)})


def put_records(stream, records):
    """A request of PutRecords; `records` are pairs of base64 and partition key."""
    return request_of("Kinesis_20131202.PutRecords", {
        "StreamName": stream,
        "Records": [{"Data": text, "PartitionKey": key} for text, key in records]})


def put_record_batch(name, records):
    """The same records for Firehose, which has no keys."""
    return request_of("Firehose_20150804.PutRecordBatch", json.dumps({
        "DeliveryStreamName": name, "Records": [{"Data": text} for text, _ in records]}))


def batches(count, records, size, seed=1):
    """`count` lists of records, as pairs of base64 and partition key."""
    chance = random.Random(seed)
    return [[(data(chance, size), partition_key(chance)) for _ in range(records)]
            for _ in range(count)]
