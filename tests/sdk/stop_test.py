"""The end of a program under load: what it has acknowledged it delivers, and it ends well."""

import base64
import http.client
import json
import re
import threading
import time
from collections import Counter

from resources import (buffering, bucket, configuration, direct_put, from_stream, python_function,
                       transformed_by)

RECORDS, RECORDS_OF_CALL, CONNECTIONS, SHARDS = 200_000, 500, 8, 64
CALLS = RECORDS // RECORDS_OF_CALL
RECORD = re.compile(rb"<(\d+):payload>\n")
SECONDS_MAX = 60


def data_of(number):
    text = f"<{number}:payload>\n"
    # The transform refuses it when it says so itself.
    return base64.b64encode(text.encode()).decode()


def call_of(number):
    """The target and the body of one call: even ones to Firehose, odd ones to the stream."""
    numbers = range(number * RECORDS_OF_CALL, (number + 1) * RECORDS_OF_CALL)
    if number % 2 == 0:
        return "Firehose_20150804.PutRecordBatch", json.dumps({
            "DeliveryStreamName": "direct", "Records": [{"Data": data_of(n)} for n in numbers]})
    return "Kinesis_20131202.PutRecords", json.dumps({
        "StreamName": "source",
        "Records": [{"Data": data_of(n), "PartitionKey": str(n)} for n in numbers]})


class Producers:
    """CONNECTIONS threads that put until all is put or the server is gone."""

    def __init__(self, server):
        self.server = server
        self.acknowledged = set()
        self.half_done = threading.Event()
        self.calls = [(number, *call_of(number)) for number in reversed(range(CALLS))]
        self.mutex = threading.Lock()
        self.threads = [threading.Thread(target=self.produce) for _ in range(CONNECTIONS)]

    def produce(self):
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=60)
        try:
            while call := self.next_call():
                self.put(connection, *call)
        except (OSError, http.client.HTTPException):
            pass  # whether the last call was taken nobody can know
        finally:
            connection.close()

    def next_call(self):
        with self.mutex:
            return self.calls.pop() if self.calls else None

    def put(self, connection, number, target, body):
        connection.request("POST", "/", body, {"X-Amz-Target": target,
                                               "Content-Type": "application/x-amz-json-1.1"})
        reply = connection.getresponse()
        content = reply.read()
        assert reply.status == 200, content
        answer = json.loads(content)
        entries = answer.get("RequestResponses") or answer["Records"]
        first = number * RECORDS_OF_CALL
        with self.mutex:
            self.acknowledged.update(first + at for at, entry in enumerate(entries)
                                     if "ErrorCode" not in entry)
            if len(self.acknowledged) >= RECORDS // 2:
                self.half_done.set()


def numbers_in(objects):
    """How often each record is in an object or in a failure line."""
    found = Counter()
    for name, content in objects.items():
        if "/failed/" in name:
            content = b"".join(base64.b64decode(json.loads(line)["rawData"])
                               for line in content.split(b"\n"))
        assert RECORD.sub(b"", content) == b"", f"{name} holds what nobody has put"
        found.update(int(number) for number in RECORD.findall(content))
    return found


def test_each_acknowledged_record_is_delivered_once_when_the_program_is_stopped(start, tmp_path):
    began = time.monotonic()
    server = start("--throttle.scale", "10000", clock="real", data=tmp_path / "data",
                   config=configuration(
                       streams=[{"StreamName": "source", "ShardCount": SHARDS}],
                       functions=[python_function("sort-out", "sorting_out.lambda_handler")],
                       deliveryStreams=[
                           direct_put("direct", bucket(
                               "direct", BufferingHints=buffering(1, 300),
                               ErrorOutputPrefix="failed/",
                               ProcessingConfiguration=transformed_by("sort-out"))),
                           from_stream("streamed", "source", bucket(
                               "streamed", BufferingHints=buffering(1, 300)))]))
    producers = Producers(server)
    for thread in producers.threads:
        thread.start()
    assert producers.half_done.wait(SECONDS_MAX)
    code = server.stop()
    for thread in producers.threads:
        thread.join(SECONDS_MAX)
    took = time.monotonic() - began

    found = numbers_in(server.objects())
    lost = producers.acknowledged - set(found)
    twice = [number for number, times in found.items() if times > 1]
    assert (len(lost), len(twice)) == (0, 0)
    assert RECORDS // 2 <= len(producers.acknowledged) <= len(found) <= RECORDS
    assert any("/failed/" in name for name in server.objects())
    assert code == 0
    assert took < SECONDS_MAX
