"""Functions of every kind, and what becomes of records whose function goes wrong."""

import base64
import json
import socket
import sys

import pytest

from conftest import start_in_background
from hydrant_process import AdminError
from resources import (ACCOUNT, HANDLERS, REGION, bucket, configuration, direct_put, from_stream,
                       lambda_arn, python_function, stream_arn, transformed_by)

FUNCTION_ERROR = ("Lambda.FunctionError",
                  "The Lambda function was successfully invoked but it returned an error result.")
TIMED_OUT = ("Lambda.FunctionTimedOut",
             "The Lambda function invocation timed out. Increase the Timeout setting in the Lambda "
             "function.")
NOT_READABLE = ("Lambda.JsonProcessingException",
                "There was an error parsing returned records from the Lambda function. Ensure that "
                "the returned records follow the status model required by Kinesis Data Firehose.")
MISSING = ("Lambda.MissingRecordId",
           "One or more record Ids were not returned. Ensure that the Lambda function returns all "
           "received record Ids.")
NULL_DATA = ("Lambda.InvalidReturnFormat",
             "The data field cannot be null when the SourceType is DirectPut or "
             "KinesisStreamAsSource and processing result is Ok. The value field cannot be null "
             "when the SourceType is MSKAsSource and processing result is Ok.")
NOT_FOUND = ("Lambda.ResourceNotFound",
             "The specified Lambda function does not exist. Use a different function that does "
             "exist.")


@pytest.fixture
def start_with(start):
    """Starts a program whose delivery stream `to-s3` has this function as its transform."""

    def start_one(function, **processing):
        return start(config=configuration(
            functions=[function],
            deliveryStreams=[direct_put("to-s3", bucket(
                "results", Prefix="good/!{timestamp:yyyy}/",
                ErrorOutputPrefix="bad/!{firehose:error-output-type}/",
                ProcessingConfiguration=transformed_by(function["FunctionName"],
                                                       **processing)))]))

    return start_one


def odd(**settings):
    return python_function("odd", "odd.lambda_handler", **settings)


def put(server, *texts):
    answer = server.firehose.put_record_batch(DeliveryStreamName="to-s3",
                                              Records=[{"Data": text} for text in texts])
    assert answer["FailedPutCount"] == 0


def new_objects(server, *texts):
    """What becomes of the texts: delivered bytes, and failure lines."""
    put(server, *texts)
    objects = [(name, server.object(name)) for name in server.flush("to-s3")]
    good = b"".join(content for name, content in objects if name.startswith("results/good/"))
    bad = [content for name, content in objects
           if name.startswith("results/bad/processing-failed/")]
    return good, [json.loads(line) for content in bad for line in content.decode().split("\n")]


@pytest.mark.parametrize("does, failure, attempts", [
    ("crash", FUNCTION_ERROR, 2),
    ("fail", FUNCTION_ERROR, 2),
    ("hang", TIMED_OUT, 2),
    ("return_too_much", FUNCTION_ERROR, 2),
    ("return_text", NOT_READABLE, 1),
    ("return_half", NOT_READABLE, 1),
    ("return_list", NOT_READABLE, 1),
    ("return_nothing", MISSING, 1),
    ("return_no_records", MISSING, 1),
])
def test_a_function_that_goes_wrong_fails_its_batch_and_serves_the_next(start_with, does, failure,
                                                                       attempts):
    server = start_with(odd(Timeout=1), NumberOfRetries=1)
    texts = ["first", json.dumps({"do": does}), "third"]
    good, lines = new_objects(server, *texts)
    assert good == b""
    assert [base64.b64decode(line["rawData"]).decode() for line in lines] == texts
    for line in lines:
        assert (line["errorCode"], line["errorMessage"]) == failure
        assert line["attemptsMade"] == attempts
        assert line["lambdaARN"] == lambda_arn("odd")
    assert new_objects(server, "next") == (b"next", [])


@pytest.mark.parametrize("order, failure", [
    ({"without": ["data"]}, NULL_DATA),
    ({"change": {"data": None}}, NULL_DATA),
    ({"change": {"result": "ProcessingFailed"}},
     ("Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record")),
    ({"change": {"recordId": "of nobody"}}, MISSING),
    ({"without": ["recordId"]}, MISSING),
])
def test_a_record_that_goes_wrong_leaves_the_others_of_its_batch_alone(start_with, order, failure):
    server = start_with(odd())
    bad_text = json.dumps(order)
    good, lines = new_objects(server, "before ", bad_text, "behind")
    assert good == b"before behind"
    (line,) = lines
    assert base64.b64decode(line["rawData"]).decode() == bad_text
    assert (line["errorCode"], line["errorMessage"]) == failure
    assert line["attemptsMade"] == 1


@pytest.mark.parametrize("change", [{"result": "ok"}, {"result": None}, {"data": "!!!!"},
                                    {"data": 5}])
def test_a_result_of_no_known_form_fails_as_such(start_with, change):
    server = start_with(odd())
    good, lines = new_objects(server, json.dumps({"change": change}), "behind")
    assert good == b"behind"
    assert [line["errorCode"] for line in lines] == ["Lambda.InvalidReturnFormat"]


def test_dropped_records_and_members_that_nobody_knows_are_no_failures(start_with):
    server = start_with(odd())
    dropped = json.dumps({"change": {"result": "Dropped"}, "without": ["data"]})
    more = json.dumps({"change": {"unknown": [{}], "metadata": {}}})
    empty = json.dumps({"change": {"data": ""}})
    assert new_objects(server, dropped, more, empty) == (more.encode(), [])


def test_a_function_that_is_not_there_fails_every_record(start):
    server = start(config=configuration(deliveryStreams=[direct_put("to-s3", bucket(
        "results", ProcessingConfiguration=transformed_by("nobody")))]))
    put(server, "first", "second")
    server.advance(200)
    (content,) = server.objects().values()
    for line in map(json.loads, content.decode().split("\n")):
        assert (line["errorCode"], line["errorMessage"]) == NOT_FOUND
        assert line["attemptsMade"] == 4


def test_a_function_sees_the_environment_of_its_service(start_with):
    server = start_with(python_function("environment", "odd.environment", {"SALT": "bitter"},
                                        Timeout=60))
    expected = {"SALT": "bitter", "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": ACCOUNT,
                "AWS_LAMBDA_FUNCTION_NAME": "environment", "_HANDLER": "odd.environment",
                "LAMBDA_TASK_ROOT": str(HANDLERS), "arn": lambda_arn("environment"),
                "in time": "True"}
    good, lines = new_objects(server, *expected)
    assert lines == []
    assert good.decode().splitlines() == list(expected.values())


def test_the_event_of_direct_puts_has_the_members_of_the_service(start_with):
    server = start_with(python_function("event", "odd.event_itself"))
    put(server, "one")
    server.advance(120)
    (content,) = server.objects().values()
    event = json.loads(content)
    assert list(event) == ["invocationId", "deliveryStreamArn", "region", "records"]
    assert event["deliveryStreamArn"] == (
        f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/to-s3")
    assert event["region"] == REGION
    (record,) = event["records"]
    assert list(record) == ["recordId", "approximateArrivalTimestamp", "data"]
    assert base64.b64decode(record["data"]) == b"one"
    assert record["approximateArrivalTimestamp"] == 1_775_001_510_000


def test_the_event_of_a_source_stream_tells_where_each_record_was(start):
    server = start(config=configuration(
        streams=[{"StreamName": "source", "ShardCount": 1}],
        functions=[python_function("event", "odd.event_itself")],
        deliveryStreams=[from_stream("to-s3", "source", bucket(
            "results", ProcessingConfiguration=transformed_by("event")))]))
    put_answer = server.kinesis.put_record(StreamName="source", Data=b"one", PartitionKey="열쇠")
    server.advance(122)
    (content,) = server.objects().values()
    event = json.loads(content)
    assert list(event) == ["invocationId", "sourceKinesisStreamArn", "deliveryStreamArn", "region",
                           "records"]
    assert event["sourceKinesisStreamArn"] == stream_arn("source")
    (record,) = event["records"]
    assert record["recordId"] == put_answer["SequenceNumber"] + "000000"
    assert record["kinesisRecordMetadata"] == {
        "sequenceNumber": put_answer["SequenceNumber"], "subsequenceNumber": 0,
        "partitionKey": "열쇠", "shardId": put_answer["ShardId"],
        "approximateArrivalTimestamp": record["approximateArrivalTimestamp"]}


@pytest.mark.parametrize("handler, records, expected", [
    ("reversal.handler", ["abc", "가나다"], "cba다나가"),
    ("callback.handler", ["abc", "def"], "abcdef"),
])
def test_a_function_can_be_of_node(start_with, handler, records, expected):
    server = start_with({"FunctionName": "node", "Runtime": "nodejs20.x", "Handler": handler,
                         "Directory": str(HANDLERS)})
    assert new_objects(server, *records) == (expected.encode(), [])


def test_a_function_of_node_that_throws_is_a_function_error(start_with):
    server = start_with({"FunctionName": "node", "Runtime": "nodejs20.x",
                         "Handler": "callback.broken", "Directory": str(HANDLERS)})
    good, lines = new_objects(server, "abc")
    assert good == b""
    assert [(line["errorCode"], line["attemptsMade"]) for line in lines] == [
        ("Lambda.FunctionError", 4)]


def test_a_function_can_be_any_program_that_talks_the_runtime_api(start_with):
    server = start_with({"FunctionName": "upper", "Command": [sys.executable, "odd.py"],
                         "Directory": str(HANDLERS)})
    assert new_objects(server, "abc", "def") == (b"ABCDEF", [])


@pytest.mark.parametrize("function", [
    {"Command": ["/there/is/no/such/program"]},
    {"Command": [sys.executable, "-c", "pass"]},
    {"Runtime": "python3", "Handler": "no_such_module.handler", "Interpreter": sys.executable},
    {"Runtime": "python3", "Handler": "odd.no_such_function", "Interpreter": sys.executable},
    {"Runtime": "nodejs20.x", "Handler": "no_such_module.handler"},
])
def test_a_function_that_cannot_start_is_a_function_error(start_with, function):
    server = start_with({"FunctionName": "broken", "Directory": str(HANDLERS), **function},
                        NumberOfRetries=0)
    good, lines = new_objects(server, "abc")
    assert good == b""
    assert [(line["errorCode"], line["attemptsMade"]) for line in lines] == [
        ("Lambda.FunctionError", 1)]


def test_a_handler_is_refused_what_would_wait_for_it(start_with):
    server = start_with(odd())
    with socket.create_server(("127.0.0.1", 0)) as meeting:
        port = meeting.getsockname()[1]
        calls = [("/_hydrant/clock/advance", {"seconds": 1}), ("/_hydrant/flush", {}),
                 ("/_hydrant/reset", {})]
        put(server, *(json.dumps({"wait": port, "call": call}) for call in calls))
        statuses = []
        server_answers = start_in_background(server.flush, "to-s3")
        for _ in calls:
            handler, _ = meeting.accept()
            with handler:
                statuses.append(handler.recv(100))
        server_answers()
    assert statuses == [b"409\n"] * 3


def test_time_stands_still_while_a_handler_works_and_cannot_be_moved_twice(start_with):
    server = start_with(odd())
    with socket.create_server(("127.0.0.1", 0)) as meeting:
        put(server, json.dumps({"wait": meeting.getsockname()[1]}))
        first_advance = start_in_background(server.advance, 300)
        handler, _ = meeting.accept()
        with handler:
            assert server.clock()["now"] == "2026-03-31T23:59:30.000Z"
            with pytest.raises(AdminError) as refused:
                server.advance(1)
            assert refused.value.status == 409
        assert first_advance()["now"] == "2026-04-01T00:03:30.000Z"
    assert len(server.objects()) == 1
