"""A client of the standard library that every server of the benchmark understands."""

import http.client
import json
import time

from .plan import Fault
from .processes import headers

ACTIVE_SECONDS = 30
REPLY_SECONDS = 120


class Refused(Fault):
    """An answer with another status than 200."""

    def __init__(self, operation, status, text):
        super().__init__(f"{operation} was answered with {status}: {text[:500]}")
        self.status = status


class Client:
    """One connection to a Server, kept alive; opened again when the server has closed it."""

    def __init__(self, server, service="Kinesis_20131202"):
        self._service = service
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=REPLY_SECONDS)

    def call(self, operation, body=None):
        """The answer to an operation, decoded; Refused unless its status is 200."""
        text = self.call_bytes(operation, json.dumps(body or {}).encode())
        return json.loads(text) if text else {}

    def call_bytes(self, operation, body):
        """The same with bodies as they cross the wire: for what is sent often, made before."""
        try:
            return self._exchange(operation, body)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # An idle connection may have been closed; a server that is gone fails again.
            self._connection.close()
            return self._exchange(operation, body)

    def create_stream(self, name, shards):
        """Makes a stream and waits until it is ACTIVE."""
        self.call("CreateStream", {"StreamName": name, "ShardCount": shards})
        end = time.monotonic() + ACTIVE_SECONDS
        while time.monotonic() < end:
            # DescribeStreamSummary is not known to all of them.
            told = self.call("DescribeStream", {"StreamName": name, "Limit": 1})["StreamDescription"]
            if told["StreamStatus"] == "ACTIVE":
                return
            time.sleep(0.02)
        raise Fault(f"the stream {name} did not become ACTIVE within {ACTIVE_SECONDS} s")

    def await_gone(self, name):
        """Waits until a stream that is being deleted no longer exists."""
        end = time.monotonic() + ACTIVE_SECONDS
        while time.monotonic() < end:
            try:
                self.call("DescribeStream", {"StreamName": name, "Limit": 1})
            except Refused:
                return
            time.sleep(0.02)
        raise Fault(f"the stream {name} was not gone within {ACTIVE_SECONDS} s")

    def iterator(self, stream, shard="shardId-000000000000", kind="TRIM_HORIZON"):
        """The iterator of a shard."""
        return self.call("GetShardIterator", {"StreamName": stream, "ShardId": shard,
                                              "ShardIteratorType": kind})["ShardIterator"]

    def records(self, stream, shard="shardId-000000000000"):
        """All records of a shard from TRIM_HORIZON to its end, as GetRecords gives them."""
        iterator, found = self.iterator(stream, shard), []
        while iterator:
            answer = self.call("GetRecords", {"ShardIterator": iterator})
            found += answer["Records"]
            if not answer["Records"] and not answer.get("MillisBehindLatest"):
                break
            iterator = answer.get("NextShardIterator")
        return found

    def close(self):
        self._connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _exchange(self, operation, body):
        self._connection.request("POST", "/", body, headers(operation, self._service))
        reply = self._connection.getresponse()
        text = reply.read()
        if reply.status != 200:
            raise Refused(operation, reply.status, text.decode("utf-8", "replace"))
        return text
