"""Reads the CBOR of error replies: maps and texts, of definite and indefinite length."""


def decode(data):
    value, end = _item(data, 0)
    if end != len(data):
        raise ValueError(f"{len(data) - end} bytes too many")
    return value


def _item(data, at):
    major, info = data[at] >> 5, data[at] & 31
    at += 1
    indefinite = info == 31
    size = info
    if 24 <= info <= 27:
        width = 1 << (info - 24)
        size, at = int.from_bytes(data[at:at + width], "big"), at + width
    if major == 0 and not indefinite:
        return size, at
    if major == 3 and not indefinite:
        return data[at:at + size].decode("utf-8"), at + size
    if major == 5:
        pairs = {}
        while data[at] != 0xFF if indefinite else len(pairs) < size:
            key, at = _item(data, at)
            pairs[key], at = _item(data, at)
        return pairs, at + indefinite
    raise ValueError(f"unexpected byte {data[at - 1]:#x} before offset {at}")
