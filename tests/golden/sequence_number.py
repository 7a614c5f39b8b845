"""The layout of sequence numbers, for tests to look into them."""

from typing import NamedTuple

INDEX_MAX = 0x7FFFFFFFFFFFFFFF  # of the number that ends a closed shard


class SequenceNumber(NamedTuple):
    created: int  # second in which the shard was created
    index: int
    time: int  # second of the record
    shard: int


def hex_digits(decimal):
    return f"{int(decimal):047x}"


def decode(decimal):
    digits = hex_digits(decimal)
    assert len(digits) == 47 and digits[0] == "2" and digits[46] == "2", digits
    assert digits[27:29] == "00", digits
    shard = int(digits[38:46], 16)
    assert int(digits[10], 16) == shard % 16, digits
    return SequenceNumber(int(digits[1:10], 16), int(digits[11:27], 16), int(digits[29:38], 16),
                          shard)
