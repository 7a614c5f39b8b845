"""A transform that puts records back into its own delivery stream while it is invoked."""

import base64
import json

import pytest

from resources import bucket, configuration, direct_put, python_function, transformed_by

RECORDS = 2000
# An id of 160 characters and a line of 76 in base64: 300 records an answer.
ANSWER_BYTES_MAX = 300 * (160 + 76)


def image(number):
    attributes = {"id": f"item-{number:05}", "user_id": "user-1", "store_id": "st",
                  "created": "2020-12-16T01:02:03", "updated_at": "2020-12-17T04:05:06"}
    return json.dumps({name: {"S": value} for name, value in attributes.items()})


def line(number):
    return f"item-{number:05},user-1,st,2020-12-16 01:02:03,2020-12-17 04:05:06"


@pytest.fixture
def start_with_images(start):
    def start_one(data=None, **processing):
        return start(data=data, clock="virtual@2020-12-16T10:00:00Z", config=configuration(
            functions=[python_function("to-csv", "images.lambda_handler",
                                       {"ANSWER_BYTES_MAX": str(ANSWER_BYTES_MAX)})],
            deliveryStreams=[direct_put("images", bucket(
                "images", Prefix="year=!{timestamp:yyyy}/month=!{timestamp:MM}/day=!{timestamp:dd}/",
                ErrorOutputPrefix="failed/!{firehose:error-output-type}/",
                ProcessingConfiguration=transformed_by("to-csv", **processing)))]))

    return start_one


def put(server, texts):
    for first in range(0, len(texts), 500):
        answer = server.firehose.put_record_batch(
            DeliveryStreamName="images",
            Records=[{"Data": text} for text in texts[first:first + 500]])
        assert answer["FailedPutCount"] == 0


def lines_of(server):
    return b"".join(server.objects().values()).decode().splitlines()


def test_what_a_transform_puts_back_is_delivered_once_by_the_clock(start_with_images, named):
    server = start_with_images()
    put(server, [image(n) for n in range(RECORDS)])
    server.advance(60)
    counters = server.delivery_stream("images")["counters"]
    assert counters["incoming_records"] > RECORDS, "nothing was put back: the limit is too high"
    # Each minute takes what fits into an answer, and the rest goes around once more.
    server.advance(60 * (RECORDS // 300 + 2))
    assert sorted(lines_of(server)) == [line(n) for n in range(RECORDS)]
    assert {named(name)["prefix"] for name in server.objects()} == {
        "images/year=2020/month=12/day=16/"}
    state = server.delivery_stream("images")
    assert (state["undeliveredRecords"], state["batchesInFlight"]) == (0, 0)


def test_what_a_transform_puts_back_during_a_flush_belongs_to_the_next(start_with_images):
    server = start_with_images()
    put(server, [image(n) for n in range(RECORDS)])
    flushes = 0
    while server.flush("images"):
        flushes += 1
        assert flushes <= RECORDS
    assert flushes > 1
    assert sorted(lines_of(server)) == [line(n) for n in range(RECORDS)]


def test_what_a_transform_puts_back_at_the_end_is_delivered_before_it(start_with_images, tmp_path):
    server = start_with_images(data=tmp_path / "data")
    put(server, [image(n) for n in range(RECORDS)])
    assert server.stop() == 0
    assert sorted(lines_of(server)) == [line(n) for n in range(RECORDS)]


def test_one_bad_record_fails_its_whole_batch_after_four_attempts(start_with_images):
    server = start_with_images()
    texts = [image(0), '{"id": {"S": "no more than this"}}', image(2)]
    put(server, texts)
    server.advance(60 + 2 + 6 + 12)
    server.advance(60)
    (name, content), = server.objects().items()
    assert name.startswith("images/failed/processing-failed/images-1-2020-12-16-10-00-00-")
    lines = [json.loads(text) for text in content.decode().split("\n")]
    assert [base64.b64decode(entry["rawData"]).decode() for entry in lines] == texts
    for entry in lines:
        assert entry["errorCode"] == "Lambda.FunctionError"
        assert entry["errorMessage"] == (
            "The Lambda function was successfully invoked but it returned an error result.")
        assert entry["attemptsMade"] == 4
        # The buffer of the Lambda and three waits.
        assert entry["attemptEndingTimestamp"] - entry["arrivalTimestamp"] == 80_000
    assert "KeyError" in server.log(), "what the handler raised stands in the log"


@pytest.mark.parametrize("retries, attempts", [(0, 1), (1, 2)])
def test_the_number_of_retries_can_be_set(start_with_images, retries, attempts):
    server = start_with_images(NumberOfRetries=retries)
    put(server, ["{}"])
    server.advance(180)
    (content,) = server.objects().values()
    assert json.loads(content)["attemptsMade"] == attempts
