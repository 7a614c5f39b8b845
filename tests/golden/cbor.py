"""CBOR, as far as requests and replies of the services go. A tag stays with its value."""

import struct
from typing import NamedTuple


class Tagged(NamedTuple):
    tag: int
    value: object


SIMPLE = {20: False, 21: True, 22: None}
FLOATS = {25: ">e", 26: ">f", 27: ">d"}
BREAK = 0xFF


def decode(data):
    value, end = _item(data, 0)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes too many")
    return value


def _item(data, at):
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    size = info
    if 24 <= info <= 27:
        width = 1 << (info - 24)
        raw, at = data[at:at + width], at + width
        size = int.from_bytes(raw, "big")
    indefinite = info == 31
    if major in (0, 1) and not indefinite:
        return (size if major == 0 else -1 - size), at
    if major in (2, 3) and not indefinite:
        text = bytes(data[at:at + size])
        return (text if major == 2 else text.decode("utf-8")), at + size
    if major in (4, 5):
        return _collection(data, at, None if indefinite else size, is_map=major == 5)
    if major == 6 and not indefinite:
        value, at = _item(data, at)
        return Tagged(size, value), at
    if major == 7 and info in SIMPLE:
        return SIMPLE[info], at
    if major == 7 and info in FLOATS:
        return struct.unpack(FLOATS[info], raw)[0], at
    raise ValueError(f"unexpected byte {data[at - 1]:#x} before offset {at}")


def _collection(data, at, size, is_map):
    items = []
    while data[at] != BREAK if size is None else len(items) < size:
        item, at = _item(data, at)
        if is_map:
            value, at = _item(data, at)
            item = (item, value)
        items.append(item)
    return (dict(items) if is_map else items), at + (size is None)


def encode(value):
    """What a client writes: definite lengths, times as Tagged(1, milliseconds)."""
    if isinstance(value, Tagged):
        return _head(6, value.tag) + encode(value.value)
    if value is None or isinstance(value, bool):
        return _head(7, {False: 20, True: 21, None: 22}[value])
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(encode, value))
    return _head(5, len(value)) + b"".join(encode(item) for pair in value.items() for item in pair)


def _head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << 8 * width:
            return bytes([major << 5 | info]) + argument.to_bytes(width, "big")
    raise ValueError(argument)
