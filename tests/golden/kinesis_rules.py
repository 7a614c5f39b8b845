"""A check for each sentence of expect_rules.

A rule is found by its text, or by a pattern of it whose groups it is given.
"""

import base64
import json
import re

import cbor
import golden
from sequence_number import INDEX_MAX, decode, hex_digits
from subscription import Subscription

RULES = []


def rule(pattern):
    """Registers a check; it is given the run of the case and the groups of the pattern."""
    def register(check):
        RULES.append((re.compile(pattern), check))
        return check
    return register


def text(sentence):
    return rule(re.escape(sentence))


def find(sentence):
    """The check of a sentence with its groups; LookupError if there is none, or more than one."""
    found = [(check, match.groups()) for pattern, check in RULES
             if (match := pattern.fullmatch(sentence))]
    if len(found) != 1:
        raise LookupError(f"{len(found)} checks for the rule: {sentence}")
    return found[0]



def check(run):
    for sentence in run.case.get("expect_rules", []):
        function, groups = find(sentence)
        function(run, *groups)


def shards(run):
    return run.document["StreamDescription"]["Shards"]


def start(shard):
    return decode(shard["SequenceNumberRange"]["StartingSequenceNumber"])


def end(shard):
    return decode(shard["SequenceNumberRange"]["EndingSequenceNumber"])


# -------------------------------------------------------------------- members

@rule(r"(?:keys are |keys )exactly (\w+(?:(?:, | and )\w+)*)(?: \(no EncryptionType .*\))?")
def keys_exactly(run, names):
    shown = run.document.get("ConsumerDescription", run.document)
    assert set(shown) == set(re.split(", | and ", names))


@rule(r"keys exactly (\w+, \w+); entries exactly (\w+, \w+)")
def keys_and_entries(run, names, of_entries):
    keys_exactly(run, names)
    assert run.document["Records"]
    for entry in run.document["Records"]:
        assert set(entry) == set(of_entries.split(", "))


@rule(r"(?:(\d) records; )?(?:record )?keys (?:are )?exactly (SequenceNumber, Appr\w+, Data, \w+)"
      r"(?: \(no EncryptionType\))?")
def record_keys(run, count, names):
    records = run.document["Records"]
    assert len(records) == int(count or len(records)) and records
    for record in records:
        assert set(record) == set(names.split(", "))


@text("failed entries have exactly ErrorCode and ErrorMessage")
def failed_entries(run):
    failed = [entry for entry in run.document["Records"] if "ShardId" not in entry]
    assert len(failed) == run.document["FailedRecordCount"] > 0
    for entry in failed:
        assert set(entry) == {"ErrorCode", "ErrorMessage"}


@text("no EncryptionType key")
def no_encryption_type(run):
    assert "EncryptionType" not in run.document
    assert not any("EncryptionType" in entry for entry in run.document["Records"])


@text("no Shards and no HasMoreShards key")
def no_shards(run):
    assert not {"Shards", "HasMoreShards"} & set(run.document["StreamDescriptionSummary"])


@text("no NextToken key when everything was returned")
def no_next_token(run):
    assert "NextToken" not in run.document


@text("NextShardIterator key absent")
def no_next_iterator(run):
    assert "NextShardIterator" not in run.document


@text("MillisBehindLatest present")
def millis_present(run):
    assert isinstance(run.document["MillisBehindLatest"], int)


@text("MillisBehindLatest 0..10000")
def millis_in_range(run):
    assert 0 <= run.document["MillisBehindLatest"] <= 10000


@text("today ChildShards with two entries is present")
def two_children(run):
    ids = [child["ShardId"] for child in run.document["ChildShards"]]
    assert ids == ["shardId-000000000001", "shardId-000000000002"]


@text("json.loads(Policy) equals the document put")
def policy_as_put(run):
    put = next(step["request"]["Policy"] for step in run.case["setup"]
               if step.get("operation") == "PutResourcePolicy")
    assert json.loads(run.document["Policy"]) == json.loads(put)


# -------------------------------------------------------------------- sequence numbers

@rule(r"hex of SequenceNumber matches (\^.*\$)")
def hex_matches(run, pattern):
    assert re.search(pattern, hex_digits(run.document["SequenceNumber"]))


@rule(r"every StartingSequenceNumber matches (\^.*\$)")
def starts_match(run, pattern):
    numbers = [shard["SequenceNumberRange"]["StartingSequenceNumber"] for shard in shards(run)]
    assert numbers and all(re.search(pattern, number) for number in numbers)


@rule(r"StartingSequenceNumber of shard n\+1 minus that of shard n equals (\d+) \(.*\)")
def starts_step(run, step):
    numbers = [int(shard["SequenceNumberRange"]["StartingSequenceNumber"]) for shard in shards(run)]
    steps = [after - before for before, after in zip(numbers, numbers[1:])]
    assert steps == [int(step)] * (len(numbers) - 1)


@text("the creation second inside the sequence number is 2..7 s before the CreateStream answer")
def creation_second(run):
    # The service takes its time; here the answer comes within the second.
    created = int(run.document["StreamDescription"]["StreamCreationTimestamp"])
    assert {0 <= created - start(shard).created <= 7 for shard in shards(run)} == {True}


@text("no EndingSequenceNumber on open shards")
def open_shards_have_no_end(run):
    assert not any("EndingSequenceNumber" in s["SequenceNumberRange"] for s in shards(run))


@text("within one shard the sequence index (hex digits 11..26) of the records 2,4,6 / 1,3,5 / 0 "
      "rises by exactly 1")
def index_rises(run):
    indexes = [decode(entry["SequenceNumber"]).index for entry in run.document["Records"]]
    for of_shard in ([2, 4, 6], [1, 3, 5], [0]):
        first = indexes[of_shard[0]]
        assert [indexes[i] for i in of_shard] == list(range(first, first + len(of_shard)))


@text("shard 0 has EndingSequenceNumber: same creation second as its start, index "
      "7fffffffffffffff, time = close second")
def closed_shard(run):
    closed = shards(run)[0]
    assert end(closed).created == start(closed).created
    assert end(closed).index == INDEX_MAX
    # The split took place at once, or when its delay was over.
    assert 0 <= int(golden.epoch_seconds(run.hydrant)) - end(closed).time <= run.waited


@text("children: creation second = time second = close second + 1, index 0")
def children(run):
    parent, *young = shards(run)
    after = end(parent).time + 1
    assert [(s.created, s.time, s.index) for s in map(start, young)] == [(after, after, 0)] * 2


@text("no AdjacentParentShardId key on split children")
def no_adjacent_parent(run):
    assert not any("AdjacentParentShardId" in shard for shard in shards(run))


@text("shards 0 and 1 have EndingSequenceNumber with the same time second")
def closed_together(run):
    assert end(shards(run)[0]).time == end(shards(run)[1]).time


@text("shard 3 creation second = that second + 1")
def merged_after(run):
    assert start(shards(run)[3]).created == end(shards(run)[0]).time + 1


# -------------------------------------------------------------------- reading

@text("AFTER_SEQUENCE_NUMBER returns the last two")
def after_returns_rest(run):
    first = run.document["Records"][0]["SequenceNumber"]
    iterator = run.iterator("1", "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber=first)
    rest = run.call_ok("GetRecords", ShardIterator=iterator)["Records"]
    assert rest == run.document["Records"][1:]


@text("ApproximateArrivalTimestamp is 0..3 s above the second inside the sequence number")
def arrival_time(run):
    for record in run.document["Records"]:
        second = decode(record["SequenceNumber"]).time
        assert 0 <= record["ApproximateArrivalTimestamp"] - second <= 3


@text("the NextShardIterator may be used more than once and gives d,e each time (Limit 3), "
      "d (Limit 1), d,e (no Limit)")
def iterator_used_again(run):
    following = run.document["NextShardIterator"]
    for limit, keys in (({"Limit": 3}, "de"), ({"Limit": 1}, "d"), ({}, "de")):
        records = run.call_ok("GetRecords", ShardIterator=following, **limit)["Records"]
        assert "".join(record["PartitionKey"] for record in records) == keys


@text("data byte-identical, empty data allowed")
def data_identical(run):
    data = [base64.b64decode(record["Data"]) for record in run.document["Records"]]
    assert data == run.facts["data"]


@text("one record: an iterator wrapped in double quotes is accepted")
def one_record(run):
    assert len(run.document["Records"]) == 1


# -------------------------------------------------------------------- CBOR

@text("Data is a CBOR byte string (no base64)")
def data_is_bytes(run):
    assert [record["Data"] for record in run.document["Records"]] == [b"\x00\xff"]


def is_milliseconds(run, value):
    """Tag 1 around an integer, near the time of the server."""
    assert isinstance(value, cbor.Tagged) and isinstance(value.value, int)
    return value.tag == 1 and 0 <= golden.epoch_seconds(run.hydrant) * 1000 - value.value < 60_000


@text("ApproximateArrivalTimestamp is CBOR tag 1 with an integer of milliseconds")
def arrival_in_cbor(run):
    for record in run.document["Records"]:
        assert is_milliseconds(run, record["ApproximateArrivalTimestamp"])


@text("StreamCreationTimestamp is tag 1 (0xc1) followed by an integer, never 0xfb (double)")
def creation_in_cbor(run):
    assert is_milliseconds(run, run.document["StreamDescription"]["StreamCreationTimestamp"])


# -------------------------------------------------------------------- shards

@rule(r"StreamDescription\.Shards has exactly (\d+) entries")
def shard_count(run, count):
    assert len(shards(run)) == int(count)


@text("each has ShardId, HashKeyRange{StartingHashKey,EndingHashKey}, "
      "SequenceNumberRange{StartingSequenceNumber} only")
def shard_members(run):
    for shard in shards(run):
        assert set(shard) == {"ShardId", "HashKeyRange", "SequenceNumberRange"}
        assert set(shard["HashKeyRange"]) == {"StartingHashKey", "EndingHashKey"}
        assert set(shard["SequenceNumberRange"]) == {"StartingSequenceNumber"}


@rule(r"after it is ACTIVE again the stream lists (\d+) shards in all, (\d+) of them open")
def total_of_shards(run, total, count_open):
    run.wait()
    stream = run.case["request"]["StreamName"]
    description = run.call_ok("DescribeStream", StreamName=stream)["StreamDescription"]
    assert description["StreamStatus"] == "ACTIVE"
    listed = description["Shards"]
    still_open = [s for s in listed if "EndingSequenceNumber" not in s["SequenceNumberRange"]]
    assert (len(listed), len(still_open)) == (int(total), int(count_open))
    # Whichever were paired, the open ones cover the ring of hash keys without gap or overlap.
    ranges = sorted((int(s["HashKeyRange"]["StartingHashKey"]),
                     int(s["HashKeyRange"]["EndingHashKey"])) for s in still_open)
    assert ranges[0][0] == 0 and ranges[-1][1] == 2**128 - 1
    assert all(before[1] + 1 == after[0] for before, after in zip(ranges, ranges[1:]))


@text("StreamARN together with ConsumerARN is accepted")
def named_twice(run):
    assert {"StreamARN", "ConsumerARN"} <= set(run.case["request"])


# -------------------------------------------------------------------- subscriptions

def subscribed(run, position):
    """A later subscription of the same consumer, which takes the earlier one over."""
    run.hydrant.advance(5)
    request = {**run.subscription_request, "StartingPosition": position}
    subscription = Subscription(run.hydrant, request)
    assert subscription.reply.status == 200, subscription.reply
    return subscription


@text("event stream; events without records may come first; an event with records has exactly "
      "Records, ContinuationSequenceNumber, MillisBehindLatest (0 at the tip)")
def events(run):
    assert run.subscription.frame() == (
        {":message-type": "event", ":event-type": "initial-response",
         ":content-type": "application/x-amz-json-1.1"}, {})
    for i in range(5):
        data = base64.b64encode(f"Hello world_{i}".encode()).decode()
        run.call_ok("PutRecord", StreamName="g-ls", PartitionKey="1", Data=data)
    run.facts["events"] = run.subscription.records(5)
    for event in run.facts["events"]:
        assert set(event) == {"Records", "ContinuationSequenceNumber", "MillisBehindLatest"}
    assert run.facts["events"][-1]["MillisBehindLatest"] == 0


@text("records have no EncryptionType key")
def not_encrypted(run):
    for event in run.facts["events"]:
        for record in event["Records"]:
            assert set(record) == {"SequenceNumber", "ApproximateArrivalTimestamp", "Data",
                                   "PartitionKey"}


@text("AT_SEQUENCE_NUMBER with the StartingSequenceNumber of an empty shard is valid")
def at_start_of_shard(run):
    shard = run.call_ok("ListShards", StreamName="g-ls")["Shards"][0]
    number = shard["SequenceNumberRange"]["StartingSequenceNumber"]
    again = subscribed(run, {"Type": "AT_SEQUENCE_NUMBER", "SequenceNumber": number})
    again.frame()
    assert len(again.records(5)[0]["Records"]) == 5
    again.close()


@text("AT_TIMESTAMP earlier than the stream is valid")
def at_early_time(run):
    again = subscribed(run, {"Type": "AT_TIMESTAMP", "Timestamp": 1})
    again.frame()
    assert len(again.records(5)[0]["Records"]) == 5
    again.close()
