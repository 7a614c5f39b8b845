"""The recorded transform cases against the program; README.md tells what is in a case."""

import base64
import json
import re
from contextlib import contextmanager
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

import golden
from fake_function import FakeFunction
from hydrant_process import HydrantProcess

CASES = golden.load("transform.jsonl")
FIREHOSE = "Firehose_20150804"
FLAGS = ["--account", "123456789012", "--region", "us-east-1", "--seed", "1", "--log-level", "off"]
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:transform"
NAME = "golden"
LARGE = {"SizeInMBs": 128, "IntervalInSeconds": 900}
DATE = "2026/01/01/00/"
FAILED = "processing-failed/"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
OBJECT = re.compile(NAME + r"-1-2026-01-01-00-\d\d-\d\d-" + UUID)

STYLES = {
    "current": ["rawData", "errorCode", "errorMessage", "attemptsMade", "arrivalTimestamp",
                "attemptEndingTimestamp", "lambdaARN"],
    "2019": ["attemptsMade", "arrivalTimestamp", "errorCode", "errorMessage",
             "attemptEndingTimestamp", "rawData", "lambdaArn"],
}
# Members of `expect` that check_failures and the tests of a single case look at.
LOOKED_AT = {"failures", "failure_objects", "failure_separator", "failure_trailing_newline",
             "error_key_prefix", "recorded_arrivalTimestamp", "recorded_attemptEndingTimestamp",
             "reingested_b64"}
NOT_YET = {"DynamicPartitioningConfiguration": "records are not partitioned dynamically yet"}


def reason_not_to_run(case):
    for key in case["config"]:
        if key in NOT_YET:
            return NOT_YET[key]
    return None


@contextmanager
def running(style, *flags):
    """A program and its function; `style` is that of failure records."""
    function = FakeFunction()
    config = {"functions": [{"FunctionName": "transform", "Url": function.url}]}
    try:
        with HydrantProcess(*FLAGS, "--firehose.failureRecordStyle", style, *flags,
                            config=config) as hydrant:
            yield SimpleNamespace(hydrant=hydrant, function=function, style=style)
    finally:
        function.close()


@pytest.fixture(scope="module", params=STYLES)
def server(request):
    with running(request.param, "--clock", "virtual@2026-01-01T00:00:00Z") as server:
        yield server


def call(server, operation, request):
    return golden.call_ok(server.hydrant, operation, request, FIREHOSE)


def processors(config, lambda_seconds):
    parameters = {"LambdaArn": FUNCTION_ARN, "BufferSizeInMBs": "3",
                  "BufferIntervalInSeconds": str(lambda_seconds)}
    if "NumberOfRetries" in config:
        parameters["NumberOfRetries"] = str(config["NumberOfRetries"])
    given = [{"ParameterName": name, "ParameterValue": value}
             for name, value in parameters.items()]
    return [{"Type": kind, "Parameters": given} if kind == "Lambda" else {"Type": kind}
            for kind in config.get("Processors", ["Lambda"])]


def destination(config, lambda_seconds=900, hints=None):
    known = {"NumberOfRetries", "Processors", "Prefix", "ErrorOutputPrefix", *NOT_YET}
    assert set(config) <= known, config
    wanted = {key: value for key, value in config.items()
              if key not in ("NumberOfRetries", "Processors")}
    return {"RoleARN": "arn:aws:iam::123456789012:role/r", "BucketARN": "arn:aws:s3:::bucket",
            "BufferingHints": hints or LARGE,
            "ProcessingConfiguration": {"Enabled": True,
                                        "Processors": processors(config, lambda_seconds)},
            **wanted}


def create(server, extended_s3):
    call(server, "CreateDeliveryStream", {
        "DeliveryStreamName": NAME, "DeliveryStreamType": "DirectPut",
        "ExtendedS3DestinationConfiguration": extended_s3})


def put(server, data):
    records = [{"Data": element} for element in data]
    reply = call(server, "PutRecordBatch", {"DeliveryStreamName": NAME, "Records": records})
    assert reply["FailedPutCount"] == 0


def begin(server, answers):
    server.hydrant.reset()
    server.function.expect(answers)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(server, case):
    if reason := reason_not_to_run(case):
        pytest.skip(reason)
    if server.style == "2019" and not case["expect"]["failures"]:
        pytest.skip("has no failure record, whose style could matter")
    begin(server, case["lambda"])
    create(server, destination(case["config"]))
    put(server, [record["data_b64"] for record in case["input"]])
    arrival = golden.epoch_seconds(server.hydrant)
    written = server.hydrant.flush(NAME)

    objects = server.hydrant.objects()
    assert sorted(written) == sorted(objects)
    check_events(server, case)
    expect = dict(case["expect"])
    check_delivered(objects, expect.pop("delivered_b64"))
    check_failures(server.style, objects, case, arrival)
    assert len(server.function.events) == expect.pop("invocations")
    assert set(expect) <= LOOKED_AT


def check_events(server, case):
    """What the function was sent; a retry is sent the same."""
    assert server.function.events, "the function was not called"
    first = server.function.events[0]
    assert list(first) == ["invocationId", "deliveryStreamArn", "region", "records"]
    assert first["region"] == "us-east-1"
    stream_arn = "arn:aws:firehose:us-east-1:123456789012:deliverystream/" + NAME
    assert first["deliveryStreamArn"] == stream_arn
    assert [record["data"] for record in first["records"]] == [r["data_b64"] for r in case["input"]]
    for record in first["records"]:
        assert list(record) == ["recordId", "approximateArrivalTimestamp", "data"]
    assert len({record["recordId"] for record in first["records"]}) == len(case["input"])
    assert all(event == first for event in server.function.events)


def split_objects(objects):
    """The contents of data objects and of failure objects; their names are checked."""
    data, failures = [], []
    for name, content in objects.items():
        key = name.removeprefix("bucket/")
        prefix, _, rest = key.rpartition("/")
        assert OBJECT.fullmatch(rest), key
        assert prefix + "/" in (DATE, FAILED + DATE), key
        (failures if prefix.startswith(FAILED) else data).append(content)
    return data, failures


def check_delivered(objects, wanted):
    data, _ = split_objects(objects)
    assert data == ([] if wanted is None else [base64.b64decode(wanted)])


def check_failures(style, objects, case, arrival):
    expect = case["expect"]
    _, contents = split_objects(objects)
    if not expect["failures"]:
        assert contents == []
        return
    assert len(contents) == expect.get("failure_objects", 1)
    # Without a newline behind the last one, which would leave an empty line here.
    assert not expect.get("failure_trailing_newline", False)
    lines = contents[0].decode().split(expect.get("failure_separator", "\n"))
    assert len(lines) == len(expect["failures"])
    for line, wanted in zip(lines, expect["failures"]):
        check_failure(style, line, wanted, arrival * 1000)


def check_failure(style, line, wanted, arrival_millis):
    record = json.loads(line)
    assert list(record) == STYLES[style]
    assert line == json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    assert record["arrivalTimestamp"] == arrival_millis
    assert record["attemptEndingTimestamp"] == arrival_millis  # the clock stood still
    assert record[STYLES[style][-1]] == FUNCTION_ARN
    named = {key: value for key, value in wanted.items() if key != "ref" and value is not None}
    assert {key: record[key] for key in named} == named


RECORDED = [case for case in CASES if "recorded_arrivalTimestamp" in case["expect"]]


@pytest.mark.parametrize("case", RECORDED, ids=[case["id"] for case in RECORDED])
def test_recorded_failure_object(case):
    """At the times of the recording the failure record is the recorded one, byte for byte."""
    expect = case["expect"]
    arrival = expect["recorded_arrivalTimestamp"]
    ended = expect["recorded_attemptEndingTimestamp"]
    start = datetime.fromtimestamp(arrival // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    with running("2019", "--clock", "virtual@" + start) as server:
        server.function.expect(case["lambda"])
        create(server, destination(case["config"]))
        server.hydrant.advance(arrival % 1000 / 1000)
        put(server, [record["data_b64"] for record in case["input"]])
        server.hydrant.advance((ended - arrival) / 1000)
        server.hydrant.flush(NAME)
        (name, content), = server.hydrant.objects().items()
    # An object is named by the time at which its oldest record came.
    second = datetime.fromtimestamp(arrival // 1000, timezone.utc)
    prefix = second.strftime(FAILED + "%Y/%m/%d/%H/")
    assert prefix == expect.get("error_key_prefix", prefix)
    stamp = second.strftime("%Y-%m-%d-%H-%M-%S")
    assert name.startswith(f"bucket/{prefix}{NAME}-1-{stamp}-"), name
    failure, = expect["failures"]
    assert content.decode() == (
        f'{{"attemptsMade":1,"arrivalTimestamp":{arrival},"errorCode":"{failure["errorCode"]}",'
        f'"errorMessage":"{failure["errorMessage"]}","attemptEndingTimestamp":{ended},'
        f'"rawData":"{failure["rawData"]}","lambdaArn":"{FUNCTION_ARN}"}}')


def test_what_a_function_puts_is_in_a_later_batch(server):
    """The function drops the record that is too much for one answer, and puts it again."""
    case = next(case for case in CASES if case["id"] == "reingest-dropped-without-data")
    again, = case["expect"]["reingested_b64"]
    begin(server, case["lambda"])
    server.function.on_event = lambda: put(server, [again])
    create(server, destination(case["config"]))
    put(server, [record["data_b64"] for record in case["input"]])
    first = server.hydrant.flush(NAME)

    server.function.expect([{"status": 200, "payload": {"records": [
        {"recordId": "{{r0}}", "result": "Ok", "data": again}]}}])
    second = server.hydrant.flush(NAME)
    contents = [[server.hydrant.object(name) for name in names] for names in (first, second)]
    delivered = [case["expect"]["delivered_b64"], again]
    assert contents == [[base64.b64decode(text)] for text in delivered]
    assert [r["data"] for e in server.function.events for r in e["records"]] == [again]


def test_retries_wait_longer_each_time(server):
    """2, 6 and 12 seconds behind the attempt before; a flush does not wait (the cases above)."""
    begin(server, [{"status": 200, "function_error": "Unhandled", "payload": {}}])
    hints = {"SizeInMBs": 128, "IntervalInSeconds": 60}
    create(server, destination({}, lambda_seconds=60, hints=hints))
    put(server, ["YQ=="])
    arrival = golden.epoch_seconds(server.hydrant)
    seen = []
    for seconds in (59.9, 0.1, 1.9, 0.1, 5.9, 0.1, 11.9, 0.1):
        server.hydrant.advance(seconds)
        seen.append(len(server.function.events))
    assert seen == [0, 1, 1, 2, 2, 3, 3, 4]

    server.hydrant.advance(60)
    _, contents = split_objects(server.hydrant.objects())
    record = json.loads(contents[0])
    assert record["attemptsMade"] == 4
    assert record["arrivalTimestamp"] == arrival * 1000
    assert record["attemptEndingTimestamp"] == (arrival + 80) * 1000
