"""A subscription as its bytes come: the frames of an event stream over HTTP/1.1."""

import http.client
import json
import struct
import zlib

import golden


def _exactly(reply, count):
    data = reply.read(count)
    assert len(data) == count, "the stream ended within a frame"
    return data


def _headers(block):
    headers = {}
    while block:
        size = block[0]
        name, kind = block[1:1 + size].decode(), block[1 + size]
        length = struct.unpack_from(">H", block, 2 + size)[0]
        assert kind == 7, "a header that is no string"
        headers[name] = block[4 + size:4 + size + length].decode()
        block = block[4 + size + length:]
    return headers


class Subscription:
    """Open until it is closed; `reply` is its head, or the whole answer if it was refused."""

    def __init__(self, hydrant, request):
        self._connection = http.client.HTTPConnection(hydrant.host, hydrant.port,
                                                      timeout=golden.REPLY_SECONDS)
        self._connection.request("POST", "/", json.dumps(request).encode(), {
            "Content-Type": golden.JSON, "X-Amz-Target": "Kinesis_20131202.SubscribeToShard",
            **golden.SIGNATURE})
        self._reply = self._connection.getresponse()
        body = self._reply.read() if self._reply.status != 200 else b""
        self.reply = golden.Reply(self._reply.status, self._reply.getheaders(), body)

    def close(self):
        self._connection.close()

    def frame(self):
        """Headers and payload of the next one; its checksums are right."""
        prelude = _exactly(self._reply, 12)
        total, of_headers, crc = struct.unpack(">III", prelude)
        assert zlib.crc32(prelude[:8]) == crc
        rest = _exactly(self._reply, total - 12)
        assert zlib.crc32(prelude + rest[:-4]) == struct.unpack(">I", rest[-4:])[0]
        return _headers(rest[:of_headers]), json.loads(rest[of_headers:-4])

    def event(self):
        headers, payload = self.frame()
        assert headers[":event-type"] == "SubscribeToShardEvent", (headers, payload)
        return payload

    def records(self, count):
        """The events that hold so many records in all."""
        events, found = [], 0
        while found < count:
            events.append(self.event())
            found += len(events[-1]["Records"])
        return events
