"""Reads CBOR (RFC 8949) as far as requests of Kinesis use it: definite lengths, no floats."""

import struct

LENGTHS = {24: ">B", 25: ">H", 26: ">I", 27: ">Q"}


def decode(data):
    """The one item that `data` holds; ValueError if it is anything else."""
    value, end = _item(data, 0)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes behind the item")
    return value


def _head(data, at):
    major, info = data[at] >> 5, data[at] & 31
    if info < 24:
        return major, info, at + 1
    if info not in LENGTHS:
        raise ValueError(f"byte {data[at]:#x} at {at} is no head of definite length")
    (value,) = struct.unpack_from(LENGTHS[info], data, at + 1)
    return major, value, at + 1 + struct.calcsize(LENGTHS[info])


def _item(data, at):
    major, count, at = _head(data, at)
    if major == 0:
        return count, at
    if major in (2, 3):
        if at + count > len(data):
            raise ValueError("cut off")
        content = data[at:at + count]
        return (content if major == 2 else content.decode()), at + count
    if major not in (4, 5):
        raise ValueError(f"major type {major} is not expected")
    items = []
    for _ in range(count * (major - 3)):
        value, at = _item(data, at)
        items.append(value)
    return (items if major == 4 else dict(zip(items[::2], items[1::2]))), at
