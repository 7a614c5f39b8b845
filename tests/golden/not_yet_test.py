"""What is said not to be there is not: each fails when it is, and its line in not_yet.py has to go."""

import pytest

import golden
import not_yet
from hydrant_process import HydrantProcess


@pytest.fixture(scope="module")
def hydrant():
    with HydrantProcess("--clock", "virtual", "--log-level", "off") as hydrant:
        yield hydrant


@pytest.mark.parametrize("sentence", not_yet.SETTINGS)
def test_setting_is_refused(hydrant, sentence):
    hydrant.reset()
    request = {"DeliveryStreamName": "s1", **not_yet.SETTINGS[sentence]}
    reply = golden.call(hydrant, "CreateDeliveryStream", request, not_yet.FIREHOSE)
    assert (reply.status, reply.document.get("message")) == (400, sentence), reply


@pytest.mark.parametrize("operation", not_yet.OPERATIONS)
def test_operation_is_unknown(hydrant, operation):
    reply = golden.call(hydrant, operation, {"DeliveryStreamName": "s1"}, not_yet.FIREHOSE)
    assert reply.error_type == "UnknownOperationException", reply
