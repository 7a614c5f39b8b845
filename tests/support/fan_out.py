"""Many subscriptions of SubscribeToShard at once, and the records that are to come through them.

    layout = Layout(url, shards=50, consumers=20)     # makes the stream and its consumers
    with Subscribers(layout) as subscribers:          # one connection to each shard and consumer
        plan = [Load(shard=0, bytes=10_480, per_second=100)]
        written = Writer(layout, plan, seconds=30)    # a process of its own
        subscribers.read_until_complete(written)      # raises Fault for what is lost, doubled, mixed up
        subscribers.delays[0]                         # seconds from put to arrival, of shard 0

Raw sockets and as little parsing as tells one record from another, so that the client can keep up.
The time of its put and its number lie in each record. A file of the standard library alone.
"""

import base64
import http.client
import json
import multiprocessing
import re
import selectors
import socket
import struct
import time
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

CONSUMERS_MAX = 20  # of one stream
CREATING_MAX = 5  # consumers at a time
MARK = struct.Struct(">QI")  # nanoseconds of the monotonic clock, number within its shard
MARK_TEXT = 16  # characters of base64 that hold it
SILENCE_SECONDS = 60
DATA = re.compile(rb'"Data":"([A-Za-z0-9+/]{%d})' % MARK_TEXT)


class Fault(AssertionError):
    """A subscriber did not get what was written."""


class Client:
    """Calls of Kinesis on one kept connection."""

    def __init__(self, url):
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)

    def call(self, operation, **members):
        self._connection.request("POST", "/", json.dumps(members), {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": "Kinesis_20131202." + operation})
        reply = self._connection.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise Fault(f"{operation}: {reply.status} {body.decode()}")
        return json.loads(body) if body else {}


class Layout:
    """A stream that is ACTIVE, its shards, and consumers that are ACTIVE."""

    def __init__(self, url, shards, consumers, stream="fan-out"):
        assert consumers <= CONSUMERS_MAX
        self.url, self.stream = url, stream
        client = Client(url)
        client.call("CreateStream", StreamName=stream, ShardCount=shards)
        while True:
            described = client.call("DescribeStreamSummary",
                                    StreamName=stream)["StreamDescriptionSummary"]
            if described["StreamStatus"] == "ACTIVE":
                break
            time.sleep(0.01)
        listed = client.call("ListShards", StreamName=stream)["Shards"]
        self.shards = [each["ShardId"] for each in listed]
        self.hash_keys = [each["HashKeyRange"]["StartingHashKey"] for each in listed]
        self.consumer_arns = []
        for first in range(0, consumers, CREATING_MAX):
            self._register(client, described["StreamARN"],
                           range(first, min(first + CREATING_MAX, consumers)))

    def _register(self, client, stream_arn, numbers):
        made = [client.call("RegisterStreamConsumer", StreamARN=stream_arn,
                            ConsumerName=f"consumer-{number}")["Consumer"]["ConsumerARN"]
                for number in numbers]
        for arn in made:
            while client.call("DescribeStreamConsumer", ConsumerARN=arn)[
                    "ConsumerDescription"]["ConsumerStatus"] != "ACTIVE":
                time.sleep(0.01)
        self.consumer_arns += made


@dataclass(frozen=True)
class Load:
    """What is written to one shard, evenly in time."""

    shard: int
    bytes: int
    per_second: float


class Writer:
    """Writes to a plan in a process of its own, so that readers do not slow it down."""

    def __init__(self, layout, plan, seconds):
        # Not a copy of this process: that would keep the readers' sockets open.
        context = multiprocessing.get_context("spawn")
        self._report, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=write, daemon=True,
                                        args=(layout, plan, seconds, theirs))
        self._process.start()
        theirs.close()

    def written(self):
        """Records by shard, once all are written; None before."""
        if not self._report.poll():
            return None
        try:
            counts = self._report.recv()
        except EOFError:
            raise Fault("the writer failed") from None
        self._process.join()
        return counts


def write(layout, plan, seconds, report):
    """Body of the writer's process: sends {shard: records} to `report` at the end."""
    client = Client(layout.url)
    start = time.monotonic()
    # The slow ones are spread over their second.
    due = [(start + i / len(plan) / load.per_second, load, number)
           for i, load in enumerate(plan) for number in [0]]
    due = sorted((when + number / load.per_second, i, number)
                 for i, (when, load, _) in enumerate(due)
                 for number in range(round(seconds * load.per_second)))
    paddings = [bytes(load.bytes - MARK.size - 1) for load in plan]
    counts = {}
    for when, i, number in due:
        time.sleep(max(0.0, when - time.monotonic()))
        shard = plan[i].shard
        data = MARK.pack(time.monotonic_ns(), number) + paddings[i]
        client.call("PutRecord", StreamName=layout.stream, PartitionKey="k",
                    ExplicitHashKey=layout.hash_keys[shard],
                    Data=base64.b64encode(data).decode())
        counts[shard] = number + 1
    report.send(counts)


class Subscription:
    """One connection: unpacks HTTP's chunks, then the messages of the event stream."""

    def __init__(self, url, consumer_arn, shard, shard_id):
        place = urlsplit(url)
        self.shard = shard
        self.name = f"{consumer_arn.rsplit('/', 1)[1]} on {shard_id}"
        self.begun = False
        self.expected = 0  # number of the next record
        self.heartbeats = 0
        self._raw, self._body = bytearray(), bytearray()
        self._chunk_left = None  # None: in the head of the reply
        body = json.dumps({"ConsumerARN": consumer_arn, "ShardId": shard_id,
                           "StartingPosition": {"Type": "LATEST"}})
        self.socket = socket.create_connection((place.hostname, place.port), timeout=60)
        self.socket.sendall((
            f"POST / HTTP/1.1\r\nHost: {place.netloc}\r\nContent-Length: {len(body)}\r\n"
            "Content-Type: application/x-amz-json-1.1\r\n"
            f"X-Amz-Target: Kinesis_20131202.SubscribeToShard\r\n\r\n{body}").encode())
        self.socket.setblocking(False)

    def receive(self, delays):
        """Takes what has arrived, and adds the delay of each record."""
        try:
            received = self.socket.recv(1 << 18)
        except BlockingIOError:
            return
        now = time.monotonic_ns()
        if not received:
            raise Fault(f"{self.name}: the connection ended after {self.expected} records")
        self._raw += received
        self._unchunk()
        at = 0
        while len(self._body) - at >= 12:
            size = int.from_bytes(self._body[at:at + 4], "big")
            if len(self._body) - at < size:
                break
            self._message(bytes(self._body[at:at + size]), now, delays)
            at += size
        del self._body[:at]

    def _unchunk(self):
        raw = self._raw
        if self._chunk_left is None:
            end = raw.find(b"\r\n\r\n")
            if end < 0:
                return
            if not raw.startswith(b"HTTP/1.1 200 "):
                raise Fault(f"{self.name}: {bytes(raw)}")
            del raw[:end + 4]
            self._chunk_left = 0
        while raw:
            if self._chunk_left > 2:
                part = min(self._chunk_left - 2, len(raw))
                self._body += raw[:part]
            elif self._chunk_left > 0:  # the end of the line behind a chunk
                part = min(self._chunk_left, len(raw))
            else:
                end = raw.find(b"\r\n")
                if end < 0:
                    return
                size = int(raw[:end], 16)
                if size == 0:
                    raise Fault(f"{self.name}: the stream ended after {self.expected} records")
                self._chunk_left = size + 2
                del raw[:end + 2]
                continue
            self._chunk_left -= part
            del raw[:part]

    def _message(self, message, now, delays):
        if zlib.crc32(message[:-4]) != int.from_bytes(message[-4:], "big"):
            raise Fault(f"{self.name}: a wrong checksum")
        if b"initial-response" in message[:100]:
            self.begun = True
            return
        if b"SubscribeToShardEvent" not in message[:100] or not self.begun:
            raise Fault(f"{self.name}: {message[:500]!r}")
        marks = DATA.findall(message)
        self.heartbeats += not marks
        for mark in marks:
            put_at, number = MARK.unpack(base64.b64decode(mark))
            if number != self.expected:
                raise Fault(f"{self.name}: record {number}, expected {self.expected}")
            self.expected += 1
            delays.append((now - put_at) / 1e9)


class Subscribers:
    """A subscription of each consumer to each shard, from now on. Attribute: delays, by shard."""

    def __init__(self, layout):
        self._selector = selectors.DefaultSelector()
        self.delays = [[] for _ in layout.shards]
        self.all = []
        # Opened a few at a time: the server's backlog is not what is looked at.
        for arn in layout.consumer_arns:
            opened = [Subscription(layout.url, arn, shard, shard_id)
                      for shard, shard_id in enumerate(layout.shards)]
            for each in opened:
                self._selector.register(each.socket, selectors.EVENT_READ, each)
            self.all += opened
            # The event behind the first message tells that the position is fixed.
            self._read_until(lambda opened=opened: all(s.heartbeats for s in opened))

    def _read_until(self, done):
        last = time.monotonic()
        while not done():
            ready = self._selector.select(0.2)
            for key, _ in ready:
                key.data.receive(self.delays[key.data.shard])
            if ready:
                last = time.monotonic()
            elif time.monotonic() - last > SILENCE_SECONDS:
                raise Fault("nothing arrives any more")

    def read_until_complete(self, writer, silence_seconds=SILENCE_SECONDS):
        """Reads until all that was written has come to everyone; the records written, by shard."""
        counts = None
        while counts is None:
            turn_ends = time.monotonic() + 0.2
            self._read_until(lambda: time.monotonic() >= turn_ends)
            counts = writer.written()
        deadline = time.monotonic() + silence_seconds

        def missing():
            return [s for s in self.all if s.expected != counts.get(s.shard, 0)]

        self._read_until(lambda: not missing() or time.monotonic() > deadline)
        if late := missing():
            raise Fault(f"{len(late)} subscriptions lack records, such as {late[0].name}: "
                        f"{late[0].expected} of {counts.get(late[0].shard, 0)}")
        return counts

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._selector.close()
        for each in self.all:
            each.socket.close()
