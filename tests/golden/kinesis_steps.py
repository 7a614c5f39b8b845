"""What a setup says in words: by case, the calls that it means, and the request they lead to.

A step is given the run of its case, whose calls of the setup have been made, and gives back the
request to send.
"""

import base64

import golden

# Notes of a setup that ask for nothing: the case has it so already.
STATEMENTS = {"empty account", "stream still CREATING", "still UPDATING"}
STEPS = {}


def step(case_id):
    def register(function):
        STEPS[case_id] = function
        return function
    return register


def stream_of(run):
    """The stream that the setup created."""
    return run.case["setup"][0]["request"]["StreamName"]


def put(run, data, key, **more):
    encoded = base64.b64encode(data).decode()
    return run.call_ok("PutRecord", StreamName=stream_of(run), Data=encoded, PartitionKey=key,
                       **more)["SequenceNumber"]


@step("ks-fun-038")
def latest_of_closed_shard(run):
    return {"ShardIterator": run.iterator("0", "LATEST")}


@step("ks-fun-046")
def expired_iterator(run):
    iterator = run.iterator("0", "LATEST")
    run.hydrant.advance(301)
    return {"ShardIterator": iterator}


@step("ks-fun-048")
def iterator_at_record(run):
    mixed = next(case for case in golden.load("kinesis.jsonl") if case["id"] == "ks-fun-023")
    numbers = [entry["SequenceNumber"]
               for entry in run.call_ok("PutRecords", **mixed["request"])["Records"]]
    return {"ShardIterator": run.iterator("1", "AT_SEQUENCE_NUMBER",
                                          StartingSequenceNumber=numbers[1])}


@step("ks-fun-049")
def iterator_at_second_of_five(run):
    numbers = [put(run, b"", key, ExplicitHashKey="0") for key in "abcde"]
    return {**run.case["request"], "ShardIterator": run.iterator(
        "0", "AT_SEQUENCE_NUMBER", StartingSequenceNumber=numbers[1])}


@step("ks-shape-004")
def iterator_at_start_of_shard(run):
    data = [b"test", b"", b"a" * 1000, "zażółć gęślą jaźń ☃".encode()]
    for element in data:
        put(run, element, "1")
    run.facts["data"] = data
    shard = run.call_ok("ListShards", StreamName=stream_of(run))["Shards"][0]
    return {"ShardIterator": run.iterator(
        "0", "AT_SEQUENCE_NUMBER",
        StartingSequenceNumber=shard["SequenceNumberRange"]["StartingSequenceNumber"])}


@step("ks-shape-019")
def quoted_iterator(run):
    put(run, b"x", "1")
    return {"ShardIterator": '"' + run.iterator("0", "TRIM_HORIZON") + '"'}


@step("ks-shape-021")
def cbor_of_one_record(run):
    put(run, b"\x00\xff", "1")
    return {**run.case["request"],
            "body": {"$cbor": {"ShardIterator": run.iterator("0", "TRIM_HORIZON")}}}


@step("ks-shape-026")
def iterator_before_one_record(run):
    put(run, b"x", "1")
    return {"ShardIterator": run.iterator("0", "TRIM_HORIZON")}


@step("ks-seen-002")
@step("ks-seen-004")
@step("ks-seen-005")
def token_of_earlier_page(run):
    page = run.call_ok("ListShards", StreamName=stream_of(run), MaxResults=1)
    return {**run.case["request"], "NextToken": page["NextToken"]}


@step("ks-fun-031")
def forty_five_tags(run):
    tags = [{"a": "a", "\u00fc0 _.": "a", "/=+-@": "a", "b": "b", "c": ""},
            {str(i): "a" for i in range(40)}]
    for some in tags:
        run.call_ok("AddTagsToStream", StreamName=stream_of(run), Tags=some)
    return run.case["request"]


@step("ks-seen-013")
def fifty_on_demand_streams(run):
    for i in range(50):
        run.call_ok("CreateStream", StreamName=f"g-od{i}",
                    StreamModeDetails={"StreamMode": "ON_DEMAND"})
        if i % 5 == 4:
            run.wait()
    return run.case["request"]


def consumer_arn(run):
    listed = run.call_ok("ListStreamConsumers",
                         StreamARN=run.case["setup"][2]["request"]["StreamARN"])
    return listed["Consumers"][0]["ConsumerARN"]


@step("ks-shape-005")
@step("ks-shape-010")
def arn_of_consumer(run):
    return {**run.case["request"], "ConsumerARN": consumer_arn(run)}


@step("ks-seen-009")
def consumer_that_is_creating(run):
    run.call_ok("CreateStream", StreamName="test2", ShardCount=1)
    run.hydrant.advance(0.5)
    arn = run.call_ok("DescribeStreamSummary", StreamName="test2")["StreamDescriptionSummary"]
    consumer = run.call_ok("RegisterStreamConsumer", StreamARN=arn["StreamARN"], ConsumerName="c")
    return {**run.case["request"], "ConsumerARN": consumer["Consumer"]["ConsumerARN"]}


@step("ks-seen-011")
def ten_descriptions(run):
    for _ in range(10):
        run.call_ok("DescribeStream", StreamName="g-ls")
    return run.case["request"]


@step("ks-seen-007")
def stream_with_a_key_that_is_denied(run):
    """The configuration of this case's server says so of the key."""
    run.call_ok("CreateStream", StreamName="s", ShardCount=1)
    run.wait()
    run.call_ok("StartStreamEncryption", StreamName="s", EncryptionType="KMS", KeyId="arn:aws:kms:"
                "us-east-1:123456789012:key/8e1c1c9a-0000-4000-8000-000000000001")
    run.wait()
    return run.case["request"]
