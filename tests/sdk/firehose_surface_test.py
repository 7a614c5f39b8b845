"""Firehose: all that its model lets a request say is used, shown or listed, as the table tells."""

import pytest

from conftest import Server
from firehose_surface import (CREATIONS, REFUSED, SECRET, SHOWN_AS, SOURCE_STREAM, SURFACE, UPDATES,
                              encrypting_calls, other_calls, source_of)
from resources import configuration
from surface import lost
from surface_calls import Calls, StrictCalls

DESTINATION = {"CurrentDeliveryStreamVersionId": "1", "DestinationId": "destinationId-000000000001"}
S3_UPDATES = [name for name, (first, members) in UPDATES.items()
              if not SURFACE.gaps("CreateDeliveryStream", first)]


@pytest.fixture(scope="module")
def servers():
    """One that takes everything, and a strict one."""
    streams = configuration(streams=[{"StreamName": SOURCE_STREAM, "ShardCount": 1}])
    with Server("--clock", "virtual", config=streams) as lenient, \
            Server("--clock", "virtual", "--strict", config=streams) as strict:
        yield lenient, strict


@pytest.fixture
def call(servers):
    return Calls(SURFACE, servers[0])


@pytest.fixture
def strict_call(servers):
    return StrictCalls(SURFACE, servers[1])


@pytest.fixture(autouse=True)
def fresh(servers):
    yield
    for server in servers:
        server.reset()


def create(call, request):
    return call("CreateDeliveryStream", DeliveryStreamName="s", **request)


def update(call, request):
    return call("UpdateDestination", DeliveryStreamName="s", **DESTINATION, **request)


def describe(call):
    return call("DescribeDeliveryStream", DeliveryStreamName="s")["DeliveryStreamDescription"]


def expect_as_the_table_says(call):
    for operation, request, gaps in call.sent:
        assert gaps == SURFACE.gaps(operation, request), operation


def not_shown(described, request):
    """What a description does not show of a request."""
    (destination,) = described["Destinations"]
    for name, value in request.items():
        if "Destination" in name:
            kind = name.removesuffix("Configuration").removesuffix("Update")
            yield from lost(value, destination[f"{kind}Description"], SHOWN_AS, SECRET, kind)
    if source := source_of(request):
        (shown,) = described["Source"].values()
        yield from lost(source, shown, {}, (), "Source")
    key = request.get("DeliveryStreamEncryptionConfigurationInput", {})
    yield from lost(key, described.get("DeliveryStreamEncryptionConfiguration", {}), {}, ())


@pytest.mark.parametrize("name", CREATIONS)
def test_a_creation_lists_what_is_not_emulated_and_shows_all(name, call):
    create(call, CREATIONS[name])
    expect_as_the_table_says(call)
    assert list(not_shown(describe(call), CREATIONS[name])) == []
    tags = call("ListTagsForDeliveryStream", DeliveryStreamName="s")["Tags"]
    assert tags == CREATIONS[name].get("Tags", [])


@pytest.mark.parametrize("name", CREATIONS)
def test_a_strict_server_creates_what_it_emulates_alone(name, strict_call):
    create(strict_call, CREATIONS[name])


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_lists_what_is_not_emulated_and_shows_all(name, call):
    first, members = UPDATES[name]
    create(call, first)
    update(call, members)
    expect_as_the_table_says(call)
    described = describe(call)
    assert described["VersionId"] == "2"
    assert list(not_shown(described, members)) == []


@pytest.mark.parametrize("name", S3_UPDATES)
def test_a_strict_server_updates_to_what_it_emulates_alone(name, strict_call):
    first, members = UPDATES[name]
    create(strict_call, first)
    before = describe(strict_call)
    update(strict_call, members)
    changed = not SURFACE.gaps("UpdateDestination", members)
    assert (describe(strict_call) != before) == changed


def test_other_operations_list_nothing(call):
    other_calls(call)
    expect_as_the_table_says(call)


def test_a_strict_server_takes_other_operations(strict_call):
    other_calls(strict_call)


def test_encryption_is_listed(call):
    encrypting_calls(call)
    expect_as_the_table_says(call)


def test_a_strict_server_refuses_encryption(strict_call):
    encrypting_calls(strict_call)


def test_every_member_is_sent(call):
    other_calls(call)
    encrypting_calls(call)
    requests = [*(("CreateDeliveryStream", request) for request in CREATIONS.values()),
                *(("UpdateDestination", members) for _, members in UPDATES.values()),
                ("UpdateDestination", {"DeliveryStreamName": "s", **DESTINATION})]
    sent = call.paths() | {path for operation, request in requests
                           for path, _, _ in SURFACE.given(operation, request)}
    sent.add("CreateDeliveryStream.DeliveryStreamName")
    every = {path for operation in SURFACE.operations for path in SURFACE.all_members(operation)}
    assert every - sent == REFUSED
