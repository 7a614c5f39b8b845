"""What the benchmark takes for a refusal that says why."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.plan import Fault  # noqa: E402
from scenarios.memory import FULL, refused_records  # noqa: E402
from scenarios.threads import await_answers  # noqa: E402

THROTTLED = "ProvisionedThroughputExceededException"


def answer(*records):
    return json.dumps({"FailedRecordCount": 1, "Records": records}).encode()


def test_records_refused_for_want_of_memory_are_counted():
    refused = {"ErrorCode": THROTTLED, "ErrorMessage": FULL}
    assert refused_records(answer({"ShardId": "s"}, refused, refused)) == 2


@pytest.mark.parametrize("refused", [
    {"ErrorCode": THROTTLED, "ErrorMessage": "Rate exceeded for shard s"},
    {"ErrorCode": "InternalFailure", "ErrorMessage": FULL},
])
def test_any_other_refusal_is_a_fault(refused):
    with pytest.raises(Fault):
        refused_records(answer(refused))


class Connected:
    """A socket that receives these pieces."""

    def __init__(self, *pieces):
        self._pieces = list(pieces)

    def recv(self, _):
        return self._pieces.pop(0) if self._pieces else b""


GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'


def test_answers_may_come_in_any_pieces():
    await_answers(Connected(GOOD[:9], GOOD[9:] + GOOD[:-1], b"}"), 2)


@pytest.mark.parametrize("pieces", [(GOOD,), (GOOD, GOOD.replace(b"200", b"500")), (GOOD, b"")])
def test_an_answer_that_is_missing_or_bad_is_a_fault(pieces):
    with pytest.raises(Fault):
        await_answers(Connected(*pieces), 2)
