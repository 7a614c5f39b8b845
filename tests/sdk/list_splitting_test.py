"""A transform that splits the list of a record: one record in is one record out, or a failure."""

import base64
import json

import pytest

from resources import (bucket, configuration, from_stream, lambda_arn, python_function,
                       transformed_by)

MISSING = ("Lambda.MissingRecordId",
           "One or more record Ids were not returned. Ensure that the Lambda function returns all "
           "received record Ids.")
DUPLICATED = ("Lambda.DuplicatedRecordId",
              "Multiple records were returned with the same record Id. Ensure that the Lambda "
              "function returns a unique record Id for each record.")
MEMBERS = {
    "2019": ["attemptsMade", "arrivalTimestamp", "errorCode", "errorMessage",
             "attemptEndingTimestamp", "rawData", "lambdaArn"],
    "current": ["rawData", "errorCode", "errorMessage", "attemptsMade", "arrivalTimestamp",
                "attemptEndingTimestamp", "lambdaARN"],
}
# 2026-03-31T23:58:30Z, the start of the clock.
START_MS = 1_775_001_510_000


def datum(number):
    return {"board_id": 500000 + number, "playtime": number, "user_id": 115790,
            "timestamp": "2019-09-22T11:46:47Z", "interest": "게시판"}


def list_record():
    return json.dumps({"data": [json.dumps(datum(n)) for n in range(10)]}, ensure_ascii=False)


@pytest.fixture
def deliver(start):
    """Puts one list through a handler: the server, and its objects by name."""

    def run(handler, style="current"):
        server = start("--firehose.failureRecordStyle", style, config=configuration(
            streams=[{"StreamName": "boards", "ShardCount": 1}],
            functions=[python_function("split", f"list_splitting.{handler}")],
            deliveryStreams=[from_stream("boards-to-s3", "boards", bucket(
                "boards", ProcessingConfiguration=transformed_by("split")))]))
        put = server.kinesis.put_record(StreamName="boards", Data=list_record(),
                                        PartitionKey="boards")
        assert put["ShardId"] == "shardId-000000000000"
        server.advance(59)
        assert server.objects() == {}, "the Lambda buffer is 60 s old at the earliest"
        server.advance(63)
        return server.objects()

    return run


@pytest.mark.parametrize("style", MEMBERS)
@pytest.mark.parametrize("handler, failure", [("rename_all", MISSING), ("repeat", DUPLICATED)])
def test_ids_that_are_renamed_or_repeated_give_a_failure_line(deliver, named, handler, failure,
                                                              style):
    objects = deliver(handler, style)
    assert len(objects) == 1, "a failure line and nothing else"
    (name, content), = objects.items()
    parts = named(name)
    # The time of arrival, not of the delivery in the next month.
    assert parts["prefix"] == "boards/processing-failed/2026/03/31/23/"
    assert (parts["stream"], parts["version"]) == ("boards-to-s3", "1")
    assert parts["time"].startswith("2026-03-31-23-58-3")

    line = json.loads(content)
    assert json.dumps(line, separators=(",", ":")).encode() == content, "compact, and one line"
    assert list(line) == MEMBERS[style]
    code, message = failure
    assert (line["errorCode"], line["errorMessage"]) == (code, message)
    assert line["attemptsMade"] == 1
    assert base64.b64decode(line["rawData"]).decode() == list_record()
    assert line[MEMBERS[style][-1]] == lambda_arn("split")
    assert line["arrivalTimestamp"] == START_MS
    assert 60_000 <= line["attemptEndingTimestamp"] - START_MS <= 62_000


def test_of_a_list_whose_first_item_keeps_the_id_only_that_item_is_delivered(deliver, named):
    objects = deliver("keep_first")
    (name, content), = objects.items()
    assert named(name)["prefix"] == "boards/2026/03/31/23/"
    assert content.decode() == json.dumps(datum(0)).replace('"', "'")
