"""Kinesis: all that its model lets a request say is used, shown or listed, as the table tells."""

import pytest

from conftest import Server
from kinesis_surface import (ARN, CREATED, STREAM, SURFACE, create, listed_calls, plain_calls,
                             undoing_calls)
from resources import configuration
from surface_calls import Calls, StrictCalls


def run(server, calls, *scripts):
    call = calls(SURFACE, server)
    for script in scripts:
        script(call)
    return call


def server(*flags):
    return Server("--clock", f"virtual@{CREATED:%Y-%m-%dT%H:%M:%SZ}", *flags,
                  config=configuration(throttle={"kinesis": False}))


@pytest.fixture(scope="module")
def plain():
    with server() as lenient:
        yield run(lenient, Calls, plain_calls)


@pytest.fixture(scope="module")
def listed():
    with server() as lenient:
        yield run(lenient, Calls, create, listed_calls, undoing_calls)


def test_what_is_used_or_shown_is_not_listed(plain):
    assert [(operation, gaps) for operation, _, gaps in plain.sent if gaps] == []


def test_what_is_not_emulated_is_listed(listed):
    told = set()
    for operation, request, gaps in listed.sent:
        # Once: of a second time nothing is to be seen.
        due = [s for s in SURFACE.gaps(operation, request) if (operation, s) not in told]
        assert gaps == due, operation
        told.update((operation, setting) for setting in gaps)
    assert len(told) == len(SURFACE.listed)


def test_every_member_was_sent(plain, listed):
    every = {path for operation in SURFACE.operations for path in SURFACE.all_members(operation)}
    assert sorted(every - plain.paths() - listed.paths()) == []


def test_every_operation_was_called(plain, listed):
    called = {operation for operation, _, _ in plain.sent + listed.sent}
    assert called == set(SURFACE.operations)


def test_a_strict_server_takes_what_is_used_or_shown():
    with server("--strict") as strict:
        taken = run(strict, StrictCalls, plain_calls)
    assert not any(gaps for _, _, gaps in taken.sent)


def test_a_strict_server_refuses_what_is_not_emulated():
    with server("--strict") as strict:
        run(strict, StrictCalls, create, listed_calls)


def test_what_is_kept_is_shown():
    with server() as lenient:
        call = Calls(SURFACE, lenient)
        create(call)
        summary = call("DescribeStreamSummary", StreamName=STREAM)["StreamDescriptionSummary"]
        assert (summary["StreamName"], summary["StreamARN"]) == (STREAM, ARN)
        assert (summary["OpenShardCount"], summary["MaxRecordSizeInKiB"]) == (2, 2048)
        assert summary["StreamModeDetails"] == {"StreamMode": "PROVISIONED"}
        for operation, where in (("ListTagsForStream", {"StreamName": STREAM}),
                                 ("ListTagsForResource", {"ResourceARN": ARN})):
            assert call(operation, **where)["Tags"] == [{"Key": "team", "Value": "data"}]
        listed_calls(call)
        summary = call("DescribeStreamSummary", StreamName=STREAM)["StreamDescriptionSummary"]
        assert (summary["EncryptionType"], summary["KeyId"]) == ("KMS", "alias/aws/kinesis")
        assert len(summary["EnhancedMonitoring"][0]["ShardLevelMetrics"]) == 7
        policy = call("GetResourcePolicy", ResourceARN=ARN)["Policy"]
        assert policy == '{"Version": "2012-10-17"}'
