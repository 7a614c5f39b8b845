"""Records as the Kinesis Producer Library packs them: a magic number, protobuf, its MD5."""

import hashlib

MAGIC = b"\xf3\x89\x9a\xc2"


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def bytes_field(number, value):
    return varint(number << 3 | 2) + varint(len(value)) + value


def number_field(number, value):
    return varint(number << 3) + varint(value)


def aggregated(records, hash_keys=(), tags=()):
    """One record that holds (partition key, data) of each; `hash_keys` go around, tags to each."""
    keys = list(dict.fromkeys(key for key, _ in records))
    body = b"".join(bytes_field(1, key.encode()) for key in keys)
    body += b"".join(bytes_field(2, key.encode()) for key in hash_keys)
    for index, (key, data) in enumerate(records):
        record = number_field(1, keys.index(key))
        if hash_keys:
            record += number_field(2, index % len(hash_keys))
        record += bytes_field(3, data)
        for name, value in tags:
            record += bytes_field(4, bytes_field(1, name.encode()) + bytes_field(2, value.encode()))
        body += bytes_field(3, record)
    return MAGIC + body + hashlib.md5(body).digest()
