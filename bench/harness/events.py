"""Takes a reply of SubscribeToShard apart: HTTP's chunks, then the messages of the event stream.

Cheap rather than complete: lengths are followed, checksums are not looked at (the sdk tests do).
"""

from .plan import Fault

PRELUDE_BYTES, CRC_BYTES = 12, 4
EVENT = b"SubscribeToShardEvent"
NUMBER = b'"SequenceNumber"'  # once a record; the continuation's name has no quote before the S


class Dechunker:
    """Takes the bytes of a chunked body in any pieces and gives what the chunks hold."""

    def __init__(self):
        self._raw = bytearray()
        self._left = 0  # of the chunk at hand, with the end of line behind it
        self.ended = False

    def take(self, received):
        """The contents of all that has arrived."""
        self._raw += received
        raw, at, contents = self._raw, 0, []
        while not self.ended:
            if self._left > 0:
                part = min(self._left, len(raw) - at)
                if part == 0:
                    break
                # The last two bytes of a chunk are an end of line.
                contents.append(raw[at:at + max(min(part, self._left - 2), 0)])
                self._left -= part
                at += part
                continue
            end = raw.find(b"\r\n", at)
            if end < 0:
                break
            size = int(raw[at:end].split(b";")[0], 16)
            at = end + 2
            if size == 0:
                self.ended = True
            else:
                self._left = size + 2
        del raw[:at]
        return b"".join(contents)


class RecordCounter:
    """Counts the records in an event stream that comes in any pieces."""

    def __init__(self):
        self._held = bytearray()
        self.records = 0
        self.events = 0

    def take(self, contents):
        """Adds the records of all messages that are complete."""
        held = self._held
        held += contents
        at = 0
        while len(held) - at >= PRELUDE_BYTES:
            size = int.from_bytes(held[at:at + 4], "big")
            if size < PRELUDE_BYTES + CRC_BYTES:
                raise Fault(f"no message of an event stream: {bytes(held[at:at + 100])!r}")
            if len(held) - at < size:
                break
            headers_end = at + PRELUDE_BYTES + int.from_bytes(held[at + 4:at + 8], "big")
            if held.find(b"exception", at, headers_end) >= 0:
                raise Fault(bytes(held[at:at + min(size, 500)]).decode(errors="replace"))
            if held.find(EVENT, at, headers_end) >= 0:
                self.events += 1
                self.records += held.count(NUMBER, at, at + size)
            at += size
        del held[:at]
