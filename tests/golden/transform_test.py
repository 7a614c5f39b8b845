"""The recorded transform cases against the program; README.md tells what is in a case."""

import base64
import json
import re
from contextlib import contextmanager
from datetime import datetime, timezone
from types import SimpleNamespace

import pytest

import firehose_calls
import firehose_objects
import golden
from compressed import decompress
from fake_function import FakeFunction
from hydrant_process import HydrantProcess

CASES = golden.load("transform.jsonl")
FLAGS = ["--account", "123456789012", "--region", "us-east-1", "--seed", "1", "--log-level", "off"]
FUNCTION_ARN = "arn:aws:lambda:us-east-1:123456789012:function:transform"
ROLE = "arn:aws:iam::123456789012:role/r"
NAME = "golden"
LARGE = {"SizeInMBs": 128, "IntervalInSeconds": 900}
DATE = "2026/01/01/00/"
FAILED = "processing-failed/"
OBJECT = re.compile(NAME + r"-1-2026-01-01-00-\d\d-\d\d-" + golden.UUID + r"(?:\.\w+)*")

STYLES = {
    "current": ["rawData", "errorCode", "errorMessage", "attemptsMade", "arrivalTimestamp",
                "attemptEndingTimestamp", "lambdaARN"],
    "2019": ["attemptsMade", "arrivalTimestamp", "errorCode", "errorMessage",
             "attemptEndingTimestamp", "rawData", "lambdaArn"],
}
KNOWN = {"id", "confidence", "source", "tag", "note", "config", "input", "lambda", "expect"}
# Members of `expect` that check_failures and the tests of a single case look at.
LOOKED_AT = {"invocations", "delivered_b64", "partitions_b64", "backup_b64", "failures",
             "failure_objects", "failure_separator", "failure_trailing_newline", "key_prefix",
             "error_key_prefix", "recorded_arrivalTimestamp", "recorded_attemptEndingTimestamp",
             "reingested_b64"}
# Members of `config` besides those of an ExtendedS3 destination.
PARAMETERS = {
    "MetadataExtraction": {"MetadataExtractionQuery", "JsonParsingEngine"},
    "RecordDeAggregation": {"SubRecordType", "Delimiter"},
    "AppendDelimiterToRecord": {"Delimiter"},
    "CloudWatchLogProcessing": {"DataMessageExtraction"},
    "Decompression": set(),
}
OWN_SETTINGS = {"NumberOfRetries", "Processors"}.union(*PARAMETERS.values())
# With these the function sees other records than those that were put.
BEFORE_FUNCTION = {"Decompression", "CloudWatchLogProcessing", "RecordDeAggregation"}
# What the API wants to be there and a case about something else leaves out.
ERROR_PREFIX = "errors/!{firehose:error-output-type}/"
BACKUP = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::backup", "BufferingHints": LARGE}
EXPRESSION = re.compile(r"!\{(\w+):([^{}]*)\}")
LETTERS = {"yyyy": "2026", "MM": "01", "dd": "01", "HH": "00"}


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
    return firehose_calls.call_ok(server.hydrant, operation, request)


def processor(kind, parameters):
    return {"Type": kind, "Parameters": [
        {"ParameterName": name, "ParameterValue": str(value)}
        for name, value in parameters.items()]}


def processors(config, lambda_seconds):
    """The processors of a case: names, whose parameters stand beside, or documents of the API."""
    function = {"LambdaArn": FUNCTION_ARN, "BufferSizeInMBs": "3",
                "BufferIntervalInSeconds": lambda_seconds}
    if "NumberOfRetries" in config:
        function["NumberOfRetries"] = config["NumberOfRetries"]
    beside = {"JsonParsingEngine": "JQ-1.6", "SubRecordType": "JSON", **config}
    result = []
    for entry in config.get("Processors", ["Lambda"]):
        if isinstance(entry, dict):
            result.append(entry)
        elif entry == "Lambda":
            result.append(processor(entry, function))
        elif entry == "Decompression":
            result.append(processor(entry, {"CompressionFormat": "GZIP"}))
        else:
            result.append(processor(entry, {
                name: beside[name] for name in sorted(PARAMETERS[entry]) if name in beside}))
    return result


def destination(config, lambda_seconds=900, hints=None):
    assert set(config) <= OWN_SETTINGS | firehose_objects.S3_MEMBERS, config
    wanted = {key: value for key, value in config.items() if key not in OWN_SETTINGS}
    if "!{" in wanted.get("Prefix", ""):
        wanted.setdefault("ErrorOutputPrefix", ERROR_PREFIX)
    if wanted.get("S3BackupMode") == "Enabled":
        wanted.setdefault("S3BackupConfiguration", BACKUP)
    # 128 MiB: dynamic partitioning asks for 64 at the least.
    return {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket", "BufferingHints": hints or LARGE,
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
    assert set(case) <= KNOWN and set(case["expect"]) <= LOOKED_AT
    if server.style == "2019" and not case["expect"]["failures"]:
        pytest.skip("has no failure record, whose style could matter")
    begin(server, case.get("lambda", []))
    s3 = destination(case["config"])
    create(server, s3)
    put(server, [record["data_b64"] for record in case["input"]])
    arrival = golden.epoch_seconds(server.hydrant)
    written = server.hydrant.flush(NAME)

    objects = server.hydrant.objects()
    assert sorted(written) == sorted(objects)
    check_events(server, case)
    data, failures, backup = split_objects(objects, s3)
    check_delivered(data, case)
    check_failures(server.style, failures, case, arrival)
    check_backup(backup, case)
    assert len(server.function.events) == case["expect"]["invocations"]


def check_events(server, case):
    """What the function was sent; a retry is sent the same."""
    if case["expect"]["invocations"] == 0:
        return
    first = server.function.events[0]
    assert list(first) == ["invocationId", "deliveryStreamArn", "region", "records"]
    assert first["region"] == "us-east-1"
    stream_arn = "arn:aws:firehose:us-east-1:123456789012:deliverystream/" + NAME
    assert first["deliveryStreamArn"] == stream_arn
    if not BEFORE_FUNCTION & set(map(str, case["config"].get("Processors", []))):
        assert [r["data"] for r in first["records"]] == [r["data_b64"] for r in case["input"]]
    for record in first["records"]:
        assert list(record) == ["recordId", "approximateArrivalTimestamp", "data"]
    assert len({record["recordId"] for record in first["records"]}) == len(first["records"])
    assert all(event == first for event in server.function.events)


def evaluated(prefix):
    """A pattern of what a prefix is at the start of 2026, in a group each what a record decides."""
    if "!{" not in prefix:
        return re.escape(prefix + DATE)
    pattern, end = "", 0
    for found in EXPRESSION.finditer(prefix):
        namespace, value = found.groups()
        pattern += re.escape(prefix[end:found.start()])
        if namespace == "timestamp":
            value = re.sub("yyyy|MM|dd|HH", lambda match: LETTERS[match[0]], value)
            assert not re.search("[A-Za-z]", value), f"the runner does not know the time of {value}"
            pattern += re.escape(value)
        elif found[0] == "!{firehose:error-output-type}":
            pattern += "processing-failed"
        else:
            pattern += ".+"
        end = found.end()
    return pattern + re.escape(prefix[end:])


def split_objects(objects, s3):
    """Contents by evaluated prefix: of data, of failure records, of the backup. Names are checked."""
    error_prefix = s3.get("ErrorOutputPrefix", "")
    if "!{" not in error_prefix:
        error_prefix = evaluated((error_prefix or s3.get("Prefix", "")) + FAILED)
    else:
        error_prefix = evaluated(error_prefix)
    patterns = [("bucket/" + error_prefix, s3), ("bucket/" + evaluated(s3.get("Prefix", "")), s3)]
    if backup := s3.get("S3BackupConfiguration"):
        bucket = backup["BucketARN"].rpartition(":")[2]
        patterns.append((f"{bucket}/{evaluated(backup.get('Prefix', ''))}", backup))
    failures, data, backups = parts = [{}, {}, {}]
    for name, content in objects.items():
        for part, (pattern, target) in zip(parts, patterns):
            if match := re.fullmatch(f"({pattern})({OBJECT.pattern})", name):
                compression = target.get("CompressionFormat", "UNCOMPRESSED")
                prefix = match[1].partition("/")[2]
                assert prefix not in part, "one object for each prefix"
                part[prefix] = decompress(compression, content)
                break
        else:
            raise AssertionError(f"not the name of an object: {name}")
    return data, failures, backups


def check_delivered(data, case):
    expect = case["expect"]
    wanted = expect["delivered_b64"]
    assert b"".join(data.values()) == base64.b64decode(wanted or "")
    partitions = expect.get("partitions_b64")
    if partitions is None:
        assert len(data) == (0 if wanted is None else 1)
    else:
        assert data == {prefix: base64.b64decode(text) for prefix, text in partitions.items()}
    for prefix in data:
        assert prefix.startswith(expect.get("key_prefix", ""))


def check_backup(backup, case):
    wanted = case["expect"].get("backup_b64")
    assert list(backup.values()) == ([] if wanted is None else [base64.b64decode(wanted)])


def check_failures(style, objects, case, arrival):
    expect = case["expect"]
    assert len(objects) == expect.get("failure_objects", 1 if expect["failures"] else 0)
    if not expect["failures"]:
        return
    (prefix, content), = objects.items()
    if "recorded_arrivalTimestamp" not in expect:
        assert prefix.startswith(expect.get("error_key_prefix", ""))
    # Without a newline behind the last one, which would leave an empty line here.
    assert not expect.get("failure_trailing_newline", False)
    lines = content.decode().split(expect.get("failure_separator", "\n"))
    assert len(lines) == len(expect["failures"])
    for line, wanted in zip(lines, expect["failures"]):
        check_failure(style, line, wanted, arrival * 1000)


def check_failure(style, line, wanted, arrival_millis):
    record = json.loads(line)
    # Only what a function is to blame for names it.
    function = [STYLES[style][-1]] if wanted["errorCode"].startswith("Lambda.") else []
    assert list(record) == [*STYLES[style][:-1], *function]
    assert line == json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    assert record["arrivalTimestamp"] == arrival_millis
    assert record["attemptEndingTimestamp"] == arrival_millis  # the clock stood still
    assert [record[name] for name in function] == [FUNCTION_ARN] * len(function)
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
    (content,) = server.hydrant.objects().values()
    record = json.loads(content)
    assert record["attemptsMade"] == 4
    assert record["arrivalTimestamp"] == arrival * 1000
    assert record["attemptEndingTimestamp"] == (arrival + 80) * 1000
