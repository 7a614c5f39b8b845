"""The recorded Firehose cases against the program; README.md tells what is in a case."""

import pytest

import firehose_calls
import firehose_objects
import golden
from hydrant_process import HydrantProcess

CASES = golden.load("firehose.jsonl")
FLAGS = ["--account", "123456789012", "--region", "us-east-1", "--seed", "1", "--log-level", "warn",
         "--clock", "virtual@2026-01-01T00:00:00Z"]
OBJECTS = {"delivery", "delivery-error", "failure-object"}
# Where a case comes from, and what is for its reader.
REMARKS = {"id", "confidence", "source", "tag", "note"}
KNOWN = REMARKS | {"operation", "setup", "request", "message_match", "message_key"} | set(
    golden.CHECKS)


@pytest.fixture(scope="module")
def server():
    with HydrantProcess(*FLAGS) as hydrant:
        yield hydrant


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(server, case):
    assert set(case) <= KNOWN
    if case["operation"] in OBJECTS:
        return firehose_objects.run(case)
    server.reset()
    for step in case["setup"]:
        assert set(step) == {"operation", "request"}, step
        firehose_calls.call_ok(server, step["operation"], golden.expand(step["request"]))
    golden.check(case, firehose_calls.call(server, case["operation"], golden.expand(case["request"])))
