"""Declared inputs, operations and errors against the services' own models, as botocore has them.

What differs on purpose is listed in differences.py, and an entry there that nothing needs fails
too. HYDRANT_BUILD names the folder of the build whose programs are asked.
"""

import functools
import json
import os
import subprocess
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

import botocore.session
import pytest

import differences

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / os.environ.get("HYDRANT_BUILD", "build/dev")
PRINT_MODEL = BUILD / "tests/print_model"
KINESIS_TESTS = BUILD / "tests/test_api_kinesis"

SERVICES = {
    "Kinesis_20131202": "kinesis",
    "Firehose_20150804": "firehose",
    "AWSSecurityTokenServiceV20110615": "sts",
    "GraniteServiceVersion20100801": "cloudwatch",
}
# Those that only have what clients of the streaming services call.
PARTIAL = ["sts", "cloudwatch"]
# Any operation answers them, and no model lists them.
COMMON_ERRORS = {
    "AccessDeniedException", "ExpiredTokenException", "IncompleteSignatureException",
    "InternalFailure", "InvalidSignatureException", "MissingAuthenticationTokenException",
    "SerializationException", "UnknownOperationException", "UnrecognizedClientException",
    "ValidationException",
}

if not PRINT_MODEL.exists():
    pytest.skip(f"{PRINT_MODEL} is not built", allow_module_level=True)


@functools.cache
def model(service):
    return botocore.session.get_session().get_service_model(service)


def declared():
    """{"kinesis": {"PutRecord": {"type": "structure", ...}}}"""
    printed = subprocess.run([PRINT_MODEL], check=True, capture_output=True, text=True).stdout
    return {SERVICES[prefix]: operations for prefix, operations in json.loads(printed).items()}


DECLARED = declared()
DECLARED_OPERATIONS = [(service, operation) for service, operations in DECLARED.items()
                       for operation in operations]


def facts_of(part):
    """The constraints of a shape. That something may be empty goes without saying."""
    facts = {name: part[name] for name in ("min", "max", "pattern") if name in part}
    if facts.get("min") == 0 and part["type"] not in ("integer", "long", "double"):
        del facts["min"]
    if "enum" in part:
        facts["enum"] = sorted(part["enum"])
    return facts | {"type": part["type"]}


def ours(part, path):
    """(path, facts) of a declared shape and all within."""
    yield path, facts_of(part)
    for name, member in part.get("members", {}).items():
        for inner, facts in ours(member, f"{path}.{name}"):
            required = {"required": member["required"]} if inner == f"{path}.{name}" else {}
            yield inner, facts | required
    if part["type"] == "list":
        yield from ours(part.get("element", {}) | part.get("elementRules", {}), f"{path}[]")
    if part["type"] == "map":
        for name in ("key", "value"):
            yield f"{path}.({name})", facts_of({"type": "string"} | part.get(name, {}))


def theirs(shape, path, outer=()):
    """The same of a shape of the model; one that holds itself is followed once."""
    yield path, facts_of({"type": shape.type_name} | shape.metadata)
    if shape.name in outer:
        return
    outer = (*outer, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            for inner, facts in theirs(member, f"{path}.{name}", outer):
                required = {"required": name in shape.required_members}
                yield inner, facts | (required if inner == f"{path}.{name}" else {})
    if shape.type_name == "list":
        yield from theirs(shape.member, f"{path}[]", outer)
    if shape.type_name == "map":
        yield from theirs(shape.key, f"{path}.(key)", outer)
        yield from theirs(shape.value, f"{path}.(value)", outer)


def input_findings(service, operation):
    """{"kinesis.PutRecord.Data: max": "5 instead of 6"}, whether on purpose or not."""
    path = f"{service}.{operation}"
    have = dict(ours(DECLARED[service][operation], path))
    shape = model(service).operation_model(operation).input_shape
    want = dict(theirs(shape, path)) if shape else {path: {"type": "structure"}}
    found = {}
    for inner in sorted(have.keys() | want.keys()):
        if any(f"{above}: missing" in found for above in parents(inner)):
            continue
        if inner not in have or inner not in want:
            found[f"{inner}: {'missing' if inner in want else 'unknown to the model'}"] = ""
            continue
        for fact in sorted(have[inner].keys() | want[inner].keys()):
            mine, its = have[inner].get(fact), want[inner].get(fact)
            if mine != its:
                found[f"{inner}: {fact}"] = f"{mine!r} instead of {its!r}"
    return found


def parents(path):
    return [path[:at] for at, letter in enumerate(path) if letter in ".["]


def names(pattern, where):
    """Brackets stand for elements here, not for one of several letters."""
    return fnmatchcase(where.replace("[]", "()"), pattern.replace("[]", "()"))


def unexplained(found, reasons):
    return [f"{where} {what}".strip() for where, what in found.items()
            if not any(names(pattern, where) for pattern in reasons)]


def unneeded(found, reasons):
    return [pattern for pattern in reasons if not any(names(pattern, where) for where in found)]


def missing_operations():
    return {f"{service}.{operation}": "is missing"
            for service, operations in DECLARED.items() if service not in PARTIAL
            for operation in model(service).operation_names if operation not in operations}


@functools.cache
def error_findings():
    """What the tests of Kinesis were refused with and the model does not list."""
    if not KINESIS_TESTS.exists():
        pytest.skip(f"{KINESIS_TESTS} is not built")
    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / "seen"
        subprocess.run([KINESIS_TESTS, "--gtest_brief=1"], check=False, capture_output=True,
                       env=os.environ | {"HYDRANT_ERRORS_SEEN": str(seen)})
        lines = sorted(set(seen.read_text().splitlines()))
    found = {}
    for operation, code in map(str.split, lines):
        if operation not in model("kinesis").operation_names or code in COMMON_ERRORS:
            continue
        listed = model("kinesis").operation_model(operation).error_shapes
        if code not in [shape.error_code for shape in listed]:
            found[f"kinesis.{operation}: {code}"] = "is not in the model"
    return found, len(lines)


@pytest.mark.parametrize("service,operation", DECLARED_OPERATIONS)
def test_the_input_is_that_of_the_model(service, operation):
    assert unexplained(input_findings(service, operation), differences.INPUTS) == []


def test_every_operation_of_the_model_is_there():
    assert unexplained(missing_operations(), differences.OPERATIONS) == []


def test_operations_answer_only_errors_that_the_model_lists():
    found, seen = error_findings()
    assert seen > 80
    assert unexplained(found, differences.ERRORS) == []


def test_every_difference_of_an_input_is_needed():
    found = {}
    for service, operation in DECLARED_OPERATIONS:
        found |= input_findings(service, operation)
    assert unneeded(found, differences.INPUTS) == []


def test_every_difference_of_operations_is_needed():
    assert unneeded(missing_operations(), differences.OPERATIONS) == []


def test_every_difference_of_errors_is_needed():
    assert unneeded(error_findings()[0], differences.ERRORS) == []
