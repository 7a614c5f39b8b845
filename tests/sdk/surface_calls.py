"""Calls that look at what /_hydrant/gaps makes of them.

They go out as the model has them, but not through boto3's clients: those leave for an address of
AWS when they are given a StreamId, whatever endpoint_url says.
"""

import http.client

import pytest
from botocore.exceptions import ClientError
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

SECONDS_MAX = 60


def send(server, model, operation, request):
    """The answer; of a stream of events only that it begins."""
    shape = model.operation_model(operation)
    made = create_serializer("json").serialize_to_request(request, shape)
    connection = http.client.HTTPConnection(server.host, server.port, timeout=SECONDS_MAX)
    try:
        connection.request("POST", "/", made["body"], made["headers"])
        reply = connection.getresponse()
        headers = {name.lower(): value for name, value in reply.getheaders()}
        if "eventstream" in headers.get("content-type", ""):
            return {}
        whole = {"body": reply.read(), "headers": headers, "status_code": reply.status}
    finally:
        connection.close()
    answer = create_parser("json").parse(whole, shape.output_shape)
    if reply.status != 200:
        raise ClientError(answer, operation)
    return answer


class Calls:
    """Sends requests, and keeps what each of them made of the list of gaps."""

    def __init__(self, surface, server):
        self.surface = surface
        self.server = server
        self.sent = []  # (operation, request, the settings that this one listed)
        self.refusals = []  # (operation, request) of those that the service refuses too

    def __call__(self, operation, **request):
        gaps_before = self.gaps()
        try:
            answer = send(self.server, self.surface.model, operation, request)
        except ClientError:
            assert self.gaps() == gaps_before
            raise
        new = self.gaps()[len(gaps_before):]
        assert all(gap["where"].startswith(operation + " ") and gap["why"] for gap in new)
        self.sent.append((operation, request, sorted(gap["setting"] for gap in new)))
        return answer

    def refused(self, operation, **request):
        """What the service itself refuses leaves nothing in the list."""
        with pytest.raises(ClientError):
            Calls.__call__(self, operation, **request)
        self.refusals.append((operation, request))

    def paths(self):
        """All that was given."""
        requests = [(operation, request) for operation, request, _ in self.sent] + self.refusals
        return {path for operation, request in requests
                for path, _, _ in self.surface.given(operation, request)}

    def gaps(self):
        return self.server.admin("GET", "gaps")["gaps"]


class StrictCalls(Calls):
    """The same where whatever would be listed has to be refused, and nothing may come of it."""

    def __call__(self, operation, **request):
        settings = self.surface.gaps(operation, request)
        if not settings:
            return super().__call__(operation, **request)
        before = self.server.state()
        with pytest.raises(ClientError) as caught:
            super().__call__(operation, **request)
        error = caught.value.response["Error"]
        assert error["Code"] == "InvalidArgumentException"
        assert any(f"hydrant does not emulate {setting}. " in error["Message"]
                   for setting in settings)
        assert self.server.state() == before
        self.sent.append((operation, request, []))
        return None
