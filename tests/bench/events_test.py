"""The reader of SubscribeToShard's replies that the benchmark counts with."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.events import Dechunker, RecordCounter  # noqa: E402
from harness.plan import Fault  # noqa: E402


def message(kind, payload):
    headers = b"\x0b:event-type\x07" + len(kind).to_bytes(2, "big") + kind
    size = 12 + len(headers) + len(payload) + 4
    prelude = size.to_bytes(4, "big") + len(headers).to_bytes(4, "big") + b"crc!"
    return prelude + headers + payload + b"crc!"


def event(records):
    each = b'{"SequenceNumber":"1","Data":"QQ==","PartitionKey":"a"}'
    return message(b"SubscribeToShardEvent", b'{"Records":[' + b",".join([each] * records) +
                   b'],"ContinuationSequenceNumber":"1"}')


def chunked(contents, size):
    pieces = [contents[at:at + size] for at in range(0, len(contents), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


BODY = message(b"initial-response", b"{}") + event(3) + event(0) + event(2)


@pytest.mark.parametrize("received", [1, 2, 7, 100, 10_000])
@pytest.mark.parametrize("chunk", [1, 5, 64, 10_000])
def test_records_are_counted_however_the_bytes_come_in_pieces(chunk, received):
    wire, chunks, counter = chunked(BODY, chunk), Dechunker(), RecordCounter()
    for at in range(0, len(wire), received):
        counter.take(chunks.take(wire[at:at + received]))
    assert (counter.records, counter.events) == (5, 3)


def test_a_body_ends_with_its_empty_chunk():
    chunks = Dechunker()
    assert chunks.take(b"3\r\nabc\r\n") == b"abc"
    assert not chunks.ended
    chunks.take(b"0\r\n\r\n")
    assert chunks.ended


def test_an_exception_of_the_server_is_no_count():
    with pytest.raises(Fault, match="ResourceNotFoundException"):
        RecordCounter().take(message(b"exception:ResourceNotFoundException", b"{}"))


def test_what_is_no_event_stream_is_no_count():
    with pytest.raises(Fault):
        RecordCounter().take(b"\0" * 100)
