"""Objects that the service was seen to write, and the same asked of the program.

The operations `delivery`, `delivery-error` and `failure-object` are none of the API: their request
says what was configured, and their expect_body_subset what lay in the bucket. README.md lists the
members of both; one that this file does not know is an error.
"""

import base64
import json
import re
from datetime import datetime, timezone
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import firehose_calls
import golden
from compressed import decompress
from fake_function import FakeFunction
from hydrant_process import HydrantProcess

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/firehose-role"
DESTINATION_ID = "destinationId-000000000001"
DEFAULT_TIME_MS = 1767225600_000  # 2026-01-01T00:00:00Z
LARGE = {"SizeInMBs": 128, "IntervalInSeconds": 900}
STREAM_MEMBERS = {"DeliveryStreamName", "DeliveryStreamType", "VersionId", "arrivalTimestamp",
                  "put_at", "Records", "errorCode"}
S3_MEMBERS = {"RoleARN", "BucketARN", "Prefix", "ErrorOutputPrefix", "BufferingHints",
              "CompressionFormat", "EncryptionConfiguration", "CloudWatchLoggingOptions",
              "DynamicPartitioningConfiguration", "FileExtension", "CustomTimeZone",
              "S3BackupMode", "S3BackupConfiguration", "ProcessingConfiguration"}
STYLE_2019 = ["attemptsMade", "arrivalTimestamp", "errorCode", "errorMessage",
              "attemptEndingTimestamp", "rawData", "lambdaArn"]
NAME = re.compile(r"(?P<before>.*)-(?P<version>\d+)-(?P<time>\d{4}(?:-\d\d){5})-"
                  + golden.UUID + r"(?P<end>.*)")


def answer(*records, status=200, **more):
    """What a function answers; the payload is a list of records unless it is given."""
    return {"status": status, "payload": {"records": list(records)}, **more}


def record(**more):
    return {"recordId": "{{r0}}", **more}


def failing(text):
    return answer(function_error="Unhandled", payload={"errorType": "Error", "errorMessage": text})


# What a function has to answer so that the service reports this code.
ANSWERS = {
    "Lambda.FunctionError": failing("boom"),
    "Lambda.FunctionTimedOut": failing("Task timed out after 3.00 seconds"),
    "Lambda.ProcessingFailedStatus": answer(record(result="ProcessingFailed")),
    "Lambda.MissingRecordId": answer(),
    "Lambda.DuplicatedRecordId": answer(record(result="Ok", data="eA=="),
                                        record(result="Ok", data="eA==")),
    "Lambda.InvalidReturnFormat": answer(record(result="Ok")),
    "Lambda.JsonProcessingException": {"status": 200, "payload_raw_b64": "bm90IEpTT04="},
    "Lambda.InvokeAccessDenied": answer(status=403, error_type="AccessDeniedException"),
    "Lambda.ResourceNotFound": answer(status=404, error_type="ResourceNotFoundException"),
    "Lambda.InvokeLimitExceeded": answer(status=429, error_type="TooManyRequestsException"),
    "DynamicPartitioning.MetadataExtractionFailed": answer(
        record(result="Ok", data="eA==", metadata={"partitionKeys": {}})),
}


def millis(time):
    """Milliseconds of a time that is told in them, or as text."""
    return round(golden.parse_time(time) * 1000) if isinstance(time, str) else int(time)


class Recipe:
    """What makes the program write the object that was seen."""

    def __init__(self, request, error_code=None):
        unknown = set(request) - STREAM_MEMBERS - S3_MEMBERS
        assert not unknown, f"members that the runner does not know: {unknown}"
        given = {key: value for key, value in request.items() if value is not None}
        self.name = given.get("DeliveryStreamName", "s1")
        self.version = int(given.get("VersionId", 1))
        self.arrival_ms = millis(given.get("arrivalTimestamp", DEFAULT_TIME_MS))
        self.put_ms = millis(given.get("put_at", self.arrival_ms))
        self.data = [r["Data"] for r in given.get("Records", [{"Data": "eA=="}])]
        self.error_code = given.get("errorCode", error_code)
        self.lambda_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:transform"
        self.style = "current"
        self.codes = []  # of each record, where they differ
        self.retries = 3
        self.s3 = {"RoleARN": ROLE, "BucketARN": "arn:aws:s3:::bucket", "BufferingHints": LARGE,
                   **{key: value for key, value in given.items() if key in S3_MEMBERS}}

    def destination(self):
        if self.error_code is None:
            return self.s3
        parameters = {"LambdaArn": self.lambda_arn, "NumberOfRetries": str(self.retries),
                      "BufferSizeInMBs": "3", "BufferIntervalInSeconds": "900"}
        processing = {"Enabled": True, "Processors": [{"Type": "Lambda", "Parameters": [
            {"ParameterName": name, "ParameterValue": value}
            for name, value in parameters.items()]}]}
        partitioned = {}
        if self.error_code.startswith("DynamicPartitioning."):
            partitioned = {"DynamicPartitioningConfiguration": {"Enabled": True},
                           "Prefix": "p/!{partitionKeyFromLambda:k}/",
                           "ErrorOutputPrefix": "e/!{firehose:error-output-type}/"}
        return {**partitioned, **self.s3, "ProcessingConfiguration": processing}

    def _answer(self):
        """What the function answers for all the records, each by the code that it is to end with."""
        codes = self.codes or [self.error_code] * len(self.data)
        answers = [json.dumps(ANSWERS[code]) for code in codes]
        answers = [json.loads(text.replace("{{r0}}", f"{{{{r{index}}}}}").replace("eA==", data))
                   for index, (text, data) in enumerate(zip(answers, self.data))]
        first = answers[0]
        if "records" in first.get("payload", {}):
            first["payload"]["records"] = [
                record for each in answers for record in each["payload"]["records"]]
        return first

    def flags(self):
        start = datetime.fromtimestamp(self.arrival_ms // 1000, timezone.utc)
        region = self.lambda_arn.split(":")[3]
        return ["--account", ACCOUNT, "--region", region, "--seed", "1", "--log-level", "off",
                "--clock", "virtual@" + start.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "--firehose.failureRecordStyle", self.style]

    def make(self):
        """The one object that the program writes: name, key, info, content."""
        function = FakeFunction()
        function.expect([self._answer()] if self.error_code else [])
        name = self.lambda_arn.split(":")[6]
        config = {"functions": [{"FunctionName": name, "Url": function.url}]}
        try:
            with HydrantProcess(*self.flags(), config=config) as hydrant:
                self._deliver(hydrant)
                (name, content), = hydrant.objects().items()
                info = hydrant.object_info(name)
                return SimpleNamespace(key=info["Key"], info=info, content=content)
        finally:
            function.close()

    def _deliver(self, hydrant):
        def call(operation, **request):
            return firehose_calls.call_ok(hydrant, operation,
                                   {"DeliveryStreamName": self.name, **request})

        call("CreateDeliveryStream", ExtendedS3DestinationConfiguration=self.destination())
        for version in range(1, self.version):
            call("UpdateDestination", CurrentDeliveryStreamVersionId=str(version),
                 DestinationId=DESTINATION_ID, ExtendedS3DestinationUpdate={})
        if self.arrival_ms % 1000:
            hydrant.advance(self.arrival_ms % 1000 / 1000)
        put = call("PutRecordBatch", Records=[{"Data": data} for data in self.data])
        assert put["FailedPutCount"] == 0
        if self.put_ms > self.arrival_ms:
            hydrant.advance((self.put_ms - self.arrival_ms) / 1000)
        hydrant.flush(self.name)


# -------------------------------------------------------------------- one case

def run(case):
    """Asserts what a case expects of the objects it is about."""
    assert case.get("expect_status") is None
    wanted = dict(case["expect_body_subset"])
    request = {}
    for step in [*case["setup"], case]:
        assert step is case or step["operation"] == "CreateDeliveryStream", step
        request |= golden.expand(step["request"])
        request |= request.pop("ExtendedS3DestinationConfiguration", {})
    if case["operation"] == "failure-object":
        return run_failure_object(request, wanted)
    code = {"delivery": None, "delivery-error": "Lambda.FunctionError"}[case["operation"]]
    examples = wanted.pop("examples", [])
    sizes = wanted.pop("object_size", None)
    for example in examples:
        check_example(example, request, code)
    if sizes is not None:
        check_size(Recipe(request, code), sizes)
    recipe = Recipe(request, code)
    made = recipe.make()
    for name, value in wanted.items():
        CHECKS[name](made, value)
    if code is None:
        content = decompress(recipe.s3.get("CompressionFormat", "UNCOMPRESSED"), made.content)
        assert content == b"".join(base64.b64decode(data) for data in recipe.data)


def check_example(example, request, code):
    """A stream of the same name and version, at the same time, names its object the same."""
    found = NAME.fullmatch(example)
    assert found, example
    name = request.get("DeliveryStreamName")
    if not name or not found["before"].endswith(name):
        name = found["before"].rpartition("/")[2]
    zone = ZoneInfo(request.get("CustomTimeZone") or "UTC")
    named = datetime.strptime(found["time"], "%Y-%m-%d-%H-%M-%S").replace(tzinfo=zone)
    second = int(named.timestamp())
    arrival = millis(request.get("arrivalTimestamp", second * 1000))
    assert arrival // 1000 == second, "the example is of another time"
    recipe = Recipe({**request, "DeliveryStreamName": name, "VersionId": found["version"],
                     "arrivalTimestamp": arrival}, code)
    wanted = masked(example, recipe.s3.get("Prefix", ""))
    assert golden.fits(wanted, recipe.make().key), wanted


def masked(key, prefix):
    """The key with a placeholder for what is new in every object."""
    key = re.sub(golden.UUID, "<uuid>", key)
    parts = re.split(r"(!\{[^{}]*\})", prefix)
    pattern = "".join(
        "(.{11})" if part == "!{firehose:random-string}"
        else ".+?" if part.startswith("!{") else re.escape(part) for part in parts)
    found = re.match(pattern, key)
    for group in range(found.re.groups if found else 0, 0, -1):
        key = key[:found.start(group)] + "<random>" + key[found.end(group):]
    return key


def check_size(recipe, size):
    """A failure record and nothing else, as long as the recorded one when its data are as long."""
    recipe.data = [""]
    missing = size - len(recipe.make().content)
    recipe.lambda_arn += "x" * (missing % 4)
    recipe.data = [base64.b64encode(bytes(missing // 4 * 3)).decode()]
    assert len(recipe.make().content) == size


def run_failure_object(request, wanted):
    """The recorded line, or lines of records that came together, byte for byte."""
    text = wanted.pop("line", None) or "\n".join(wanted.pop("lines"))
    assert not wanted, f"members that the runner does not know: {set(wanted)}"
    # What stands for a number is none; what stands for a text, in quotes, is one.
    lines = [json.loads(re.sub(r'(?<=:)<[^<>]*>', "0", line)) for line in text.split("\n")]
    first = lines[0]
    recipe = Recipe(request, first["errorCode"])
    recipe.arrival_ms = first["arrivalTimestamp"] or DEFAULT_TIME_MS
    recipe.put_ms = first["attemptEndingTimestamp"] or recipe.arrival_ms
    recipe.data = [given(line["rawData"], "eA==") for line in lines]
    recipe.codes = [line["errorCode"] for line in lines]
    recipe.retries = max(first["attemptsMade"], 1) - 1
    if list(first) == STYLE_2019:
        recipe.style = "2019"
    recipe.lambda_arn = given(first.get("lambdaARN") or first.get("lambdaArn"), recipe.lambda_arn)
    content = recipe.make().content.decode()
    assert golden.fits(text, content) if golden.PLACEHOLDER.search(text) else content == text


def given(value, default):
    return default if not value or golden.PLACEHOLDER.search(value) else value


# -------------------------------------------------------------------- members that are compared

def _info(member):
    def check(made, value):
        assert made.info.get(member) == value

    return check


def _key_regex(made, value):
    assert re.search(value, made.key), made.key


def _key(made, value):
    assert golden.fits(value, made.key), made.key


def _key_prefix(made, value):
    assert made.key.startswith(value), made.key


def _key_suffix(made, value):
    assert NAME.fullmatch(made.key)["end"] == value, made.key


def _body(made, value):
    assert made.content == base64.b64decode(value)


CHECKS = {
    "key": _key,
    "key_regex": _key_regex,
    "key_prefix": _key_prefix,
    "key_suffix": _key_suffix,
    "body_b64": _body,
    "Content-Type": _info("ContentType"),
    "Content-Encoding": _info("ContentEncoding"),
}
