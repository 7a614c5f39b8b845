"""What the benchmark takes for a refusal that says why."""

import json
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.connection import Connection  # noqa: E402
from harness.plan import Fault  # noqa: E402
from scenarios.memory import FULL, refused_records  # noqa: E402

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


@pytest.fixture
def receiving():
    """A Connection whose server sends these pieces and closes."""
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as listener:
        def connection_to(*pieces):
            connection = stack.enter_context(Connection(SimpleNamespace(port=listener.getsockname()[1])))
            accepted, _ = listener.accept()
            with accepted:
                for piece in pieces:
                    accepted.sendall(piece)
            return connection

        yield connection_to


GOOD = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}'


def test_answers_may_come_in_any_pieces(receiving):
    receiving(GOOD[:9], GOOD[9:] + GOOD[:-1], b"}").await_answers(2)


@pytest.mark.parametrize("pieces", [(GOOD,), (GOOD, GOOD.replace(b"200", b"500")), (GOOD, GOOD[:-1])])
def test_an_answer_that_is_missing_or_bad_is_a_fault(receiving, pieces):
    with pytest.raises(Fault):
        receiving(*pieces).await_answers(2)
