"""Taking apart what Firehose compresses, without the libraries that hydrant is built with.

Snappy is read here by its format description: a varint of the length, then literals and copies.
"""

import gzip
import io
import re
import struct
import zipfile

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SNAPPY_JAVA = b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1)
BLOCK_BYTES_MAX = 32 * 1024


def decompress(compression_format, content):
    """What an object holds, by the CompressionFormat of its destination."""
    return READERS[compression_format](content)


def _one_gzip_member(content):
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
        return stream.read()


def _only_entry(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        (entry,) = archive.infolist()
        assert UUID.fullmatch(entry.filename), entry.filename
        assert entry.compress_type == zipfile.ZIP_DEFLATED
        return archive.read(entry)


def _number(content, at):
    """A big-endian 32-bit number, and where it ends."""
    return struct.unpack_from(">i", content, at)[0], at + 4


def _snappy_java(content):
    assert content.startswith(SNAPPY_JAVA), content[:16]
    at, blocks = len(SNAPPY_JAVA), []
    while at < len(content):
        length, at = _number(content, at)
        assert at + length <= len(content), "a block is cut off"
        blocks.append(snappy_block(content[at:at + length]))
        at += length
    assert all(len(block) <= BLOCK_BYTES_MAX for block in blocks)
    return b"".join(blocks)


def _hadoop_snappy(content):
    at, blocks = 0, []
    while at < len(content):
        whole, at = _number(content, at)
        length, at = _number(content, at)
        assert at + length <= len(content), "a block is cut off"
        blocks.append(snappy_block(content[at:at + length]))
        assert len(blocks[-1]) == whole <= BLOCK_BYTES_MAX
        at += length
    return b"".join(blocks)


def snappy_block(block):
    """What one raw block of Snappy holds."""
    length, at, shift = 0, 0, 0
    while True:
        length |= (block[at] & 0x7F) << shift
        shift += 7
        at += 1
        if block[at - 1] < 0x80:
            break
    out = bytearray()
    while at < len(block):
        at = _element(block, at, out)
    assert len(out) == length
    return bytes(out)


def _element(block, at, out):
    """Appends what the literal or copy at `at` stands for: where the next one begins."""
    tag = block[at]
    at += 1
    kind, number = tag & 3, tag >> 2
    if kind == 0:
        if number >= 60:
            size = number - 59
            number = int.from_bytes(block[at:at + size], "little")
            at += size
        out += block[at:at + number + 1]
        return at + number + 1
    if kind == 1:
        length, offset, size = (number & 7) + 4, number >> 3 << 8 | block[at], 1
    else:
        size = 2 if kind == 2 else 4
        length, offset = number + 1, int.from_bytes(block[at:at + size], "little")
    assert 0 < offset <= len(out)
    for _ in range(length):  # a copy may run into what it writes
        out.append(out[-offset])
    return at + size


READERS = {
    "UNCOMPRESSED": bytes,
    "GZIP": _one_gzip_member,
    "ZIP": _only_entry,
    "Snappy": _snappy_java,
    "HADOOP_SNAPPY": _hadoop_snappy,
}
