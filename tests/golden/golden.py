"""The cases: reading them, sending what they ask for, and comparing what comes back."""

import base64
import http.client
import json
import re
from datetime import datetime
from pathlib import Path

import cbor

CASES = Path(__file__).parent / "cases"
JSON = "application/x-amz-json-1.1"
CBOR = "application/x-amz-cbor-1.1"
SIGNATURE = {
    "X-Amz-Date": "20260101T000000Z",
    "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/us-east-1/kinesis/"
                     "aws4_request, SignedHeaders=host;x-amz-date, "
                     "Signature=" + "0123456789abcdef" * 4,
}
REPLY_SECONDS = 120


def load(name):
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def expand(value):
    """The request with its macros replaced."""
    if isinstance(value, list):
        return [expand(element) for element in value]
    if not isinstance(value, dict):
        return value
    if "$zero_bytes_base64" in value:
        return base64.b64encode(bytes(value["$zero_bytes_base64"])).decode()
    if "$repeat" in value:
        return [expand(value["$repeat"])] * value["count"]
    return {key: expand(member) for key, member in value.items()}


def parse_time(text):
    """Epoch seconds of an ISO time in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def epoch_seconds(hydrant):
    """The time of the server's clock."""
    return parse_time(hydrant.clock()["now"])


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def text(self):
        return self.body.decode("utf-8")

    @property
    def document(self):
        """What the body holds, by its content type; {} for an empty one."""
        if not self.body:
            return {}
        if self.headers.get("content-type") == CBOR:
            return cbor.decode(self.body)
        return json.loads(self.body)

    @property
    def error_type(self):
        xml = re.match(rb"<(\w+)/?>", self.body)
        if xml:
            return xml[1].decode()
        return self.document.get("Output", self.document).get("__type")

    def __repr__(self):
        return f"{self.status} {self.headers}\n{self.body[:2000]!r}"


def send(hydrant, method, path, headers, body):
    """One request with exactly these headers, besides Host and Content-Length."""
    connection = http.client.HTTPConnection(hydrant.host, hydrant.port, timeout=REPLY_SECONDS)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        reply = connection.getresponse()
        return Reply(reply.status, reply.getheaders(), reply.read())
    finally:
        connection.close()


def send_case(hydrant, request, operation):
    """A request that a case spells out as HTTP; what it leaves out is as a client of the API has it."""
    headers = {**request["headers"], **(SIGNATURE if request.get("signed", True) else {})}
    if "method" not in request:
        headers["X-Amz-Target"] = f"Kinesis_20131202.{operation}"
    body = request["body"]
    encoded = cbor.encode(body["$cbor"]) if isinstance(body, dict) else body.encode()
    return send(hydrant, request.get("method", "POST"), request.get("path", "/"), headers, encoded)


def call(hydrant, operation, request, target="Kinesis_20131202"):
    """One call of the API, as a client of it makes."""
    headers = {"Content-Type": JSON, "X-Amz-Target": f"{target}.{operation}", **SIGNATURE}
    return send(hydrant, "POST", "/", headers, json.dumps(request).encode())


def call_ok(hydrant, operation, request, target="Kinesis_20131202"):
    """The document that a call which must succeed answers."""
    reply = call(hydrant, operation, request, target)
    assert reply.status == 200, reply
    return reply.document


# -------------------------------------------------------------------- comparing

REPLACED = ("expect_type", "expect_body", "expect_message")


def expectations(case):
    """The expect_ fields of a case, those that hold today."""
    wanted = {key: value for key, value in case.items() if key.startswith("expect_")}
    if case.get("status") == "superseded":
        wanted = {key: value for key, value in wanted.items() if not key.startswith(REPLACED)}
        current = case["current_expect"]
        wanted |= {key: value for key, value in current.items() if key.startswith("expect_")}
    wanted.pop("expect_rules", None)
    return wanted


def check(case, reply):
    """Asserts each expectation of a case; one that no check exists for is an error."""
    wanted = expectations(case)
    assert "expect_status" in wanted
    context = {**wanted, "message_key": case.get("message_key", "message"),
               "message_match": case.get("message_match", "exact")}
    for name, value in wanted.items():
        CHECKS[name](reply, value, context)


def _is_xml(reply):
    return reply.body.startswith(b"<")


def _message(reply, wanted):
    if _is_xml(reply):
        return re.search(r"<Message>(.*)</Message>", reply.text)[1]
    return reply.document.get(wanted["message_key"])


def _status(reply, value, _):
    assert reply.status == value, reply


def _type(reply, value, _):
    assert reply.error_type == value, reply


def _message_itself(reply, value, wanted):
    message = _message(reply, wanted) or ""
    if wanted["message_match"] == "contains":
        assert value in message, reply
    else:
        assert wanted["message_match"] == "exact"
        assert message == value, reply


def _message_regex(reply, value, wanted):
    assert re.search(value, _message(reply, wanted)), reply


def _message_prefix(reply, value, wanted):
    assert _message(reply, wanted).startswith(value)


def _messages_any_order(reply, value, wanted):
    message = _message(reply, wanted).removeprefix(wanted["expect_message_prefix"])
    assert sorted(message.split("; ")) == sorted(value)


def _body_exact(reply, value, _):
    assert (reply.text if isinstance(value, str) else reply.document) == value


def _body_subset(reply, value, _):
    assert_subset(value, reply.document, "body")


def _headers(reply, value, _):
    assert {name: reply.headers.get(name) for name in value} == value


def _headers_regex(reply, value, _):
    for name, pattern in value.items():
        assert re.search(pattern, reply.headers.get(name, "")), (name, reply)


def _headers_absent(reply, value, _):
    assert [name for name in value if name in reply.headers] == []


def _content_type(reply, value, _):
    assert reply.headers.get("content-type") == value


def assert_subset(wanted, actual, where):
    """Members that `wanted` does not name are not looked at; its lists are complete."""
    if isinstance(wanted, dict):
        assert isinstance(actual, dict), where
        for key, value in wanted.items():
            assert key in actual, f"{where}.{key} is missing"
            assert_subset(value, actual[key], f"{where}.{key}")
    elif isinstance(wanted, list):
        assert isinstance(actual, list) and len(actual) == len(wanted), f"{where}: {actual}"
        for index, (value, element) in enumerate(zip(wanted, actual)):
            assert_subset(value, element, f"{where}[{index}]")
    elif isinstance(wanted, str) and PLACEHOLDER.search(wanted):
        assert isinstance(actual, str) and fits(wanted, actual), f"{where}: {actual}"
    else:
        assert actual == wanted, where


UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PLACEHOLDER = re.compile(r"<(\w+)(?:, (\d+) chars)?[^<>]*>")
CONTENT = {"number": r"\d+", "uuid": UUID, "random": "[0-9A-Za-z-]{11}"}


def fits(wanted, text):
    """Whether a text is what a recording was, whose placeholders stand for anything of a kind."""
    pattern, end = "", 0
    for found in PLACEHOLDER.finditer(wanted):
        kind, length = found.groups()
        pattern += re.escape(wanted[end:found.start()])
        pattern += CONTENT.get(kind, ".+") if length is None else f".{{{length}}}"
        end = found.end()
    return re.fullmatch(pattern + re.escape(wanted[end:]), text, re.DOTALL) is not None


CHECKS = {
    "expect_status": _status,
    "expect_type": _type,
    "expect_message": _message_itself,
    "expect_message_regex": _message_regex,
    "expect_message_prefix": _message_prefix,
    "expect_messages_any_order": _messages_any_order,
    "expect_body_exact": _body_exact,
    "expect_body_subset": _body_subset,
    "expect_headers": _headers,
    "expect_headers_regex": _headers_regex,
    "expect_headers_absent": _headers_absent,
    "expect_content_type": _content_type,
}
