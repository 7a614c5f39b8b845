"""One connection of HTTP/1.1 on a raw socket, as cheap for this process as Python allows.

    connection = Connection(server)
    put = request_of("Kinesis_20131202.PutRecords", body)   # built before the clock starts
    status, answer = connection.exchange(put)

The requests have the headers of an SDK, some 700 bytes with a signature.
"""

import json
import re
import socket

from .plan import Fault

RECEIVE_BYTES = 1 << 18
GOOD, BAD = b"HTTP/1.1 200 ", re.compile(rb"HTTP/1\.1 [^2]")
END_OF_HEAD = b"\r\n\r\n"
HEAD = (
    "POST / HTTP/1.1\r\nHost: 127.0.0.1:4566\r\nAccept-Encoding: identity\r\n"
    "Content-Type: application/x-amz-json-1.1\r\n"
    "User-Agent: Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux#6.1.0-26-amd64 md/arch#x86_64 "
    "lang/python#3.11.7 md/pyimpl#CPython m/b,Z,D,E cfg/retry-mode#standard Botocore/1.44.5\r\n"
    "X-Amz-Target: {target}\r\nX-Amz-Date: 20260101T000000Z\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/kinesis/"
    "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature="
    + "0123456789abcdef" * 4 + "\r\n"
    "amz-sdk-invocation-id: 5f3d5a3e-6f0f-4b52-9a0e-2f8c3f6d7e11\r\n"
    "amz-sdk-request: attempt=1\r\nContent-Length: {length}\r\n\r\n")


def request_of(target, body):
    """The bytes of a request; `body` is a dict, or the JSON as text or bytes."""
    if isinstance(body, dict):
        body = json.dumps(body, separators=(",", ":"))
    if isinstance(body, str):
        body = body.encode()
    return HEAD.format(target=target, length=len(body)).encode() + body


def content_length(head):
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise Fault(f"no length: {head[:300]!r}")


class Connection:
    """Not thread-safe; `server` has a `port` on loopback."""

    def __init__(self, server, timeout_seconds=120):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout_seconds)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.received = bytearray()

    def receive(self):
        """Adds what has arrived to `received`."""
        part = self.socket.recv(RECEIVE_BYTES)
        if not part:
            raise Fault(f"the connection ended behind {bytes(self.received[:300])!r}")
        self.received += part

    def head(self):
        """Takes the head of a reply: status and head."""
        while (end := self.received.find(END_OF_HEAD)) < 0:
            self.receive()
        head = bytes(self.received[:end])
        del self.received[:end + len(END_OF_HEAD)]
        return int(head.split(b" ", 2)[1]), head

    def exchange(self, request):
        """Sends the bytes of a request; status and body of its reply."""
        self.socket.sendall(request)
        return self.answer()

    def answer(self):
        """Takes a whole reply: status and body."""
        status, head = self.head()
        length = content_length(head)
        while len(self.received) < length:
            self.receive()
        body = bytes(self.received[:length])
        del self.received[:length]
        return status, body

    def bursts(self, requests, count, burst=32):
        """Sends `count` of the requests in turn, some at once and not waiting for an answer; gives the
        body of each answer, or is a Fault unless all have status 200. A burst must be small beside what
        the kernel takes for a socket."""
        for first in range(0, count, burst):
            numbers = range(first, min(first + burst, count))
            self.socket.sendall(b"".join(requests[number % len(requests)] for number in numbers))
            for _ in numbers:
                status, body = self.answer()
                if status != 200:
                    raise Fault(f"{status} {body[:500]!r}")
                yield body

    def await_answers(self, count):
        """Takes `count` answers with status 200 whose bodies are JSON, and looks no closer; a Fault when
        there is another. Nothing else may be under way."""
        received, self.received = self.received, bytearray()
        while received.count(GOOD) < count or not received.endswith(b"}"):
            part = self.socket.recv(RECEIVE_BYTES)
            if not part or BAD.search(part):
                raise Fault(f"{bytes(part[:300])!r}")
            received += part

    def call(self, target, body):
        """The JSON that an operation answers; Fault unless it is a 200."""
        status, answer = self.exchange(request_of(target, body))
        if status != 200:
            raise Fault(f"{target}: {status} {answer[:500]!r}")
        return json.loads(answer) if answer else {}

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def on_all_at_once(connections, burst, count):
    """Sends `burst`, the bytes of `count` requests, on each connection, then takes all answers: so little
    work for this process that the server is busy."""
    for connection in connections:
        connection.socket.sendall(burst)
    for connection in connections:
        connection.await_answers(count)
