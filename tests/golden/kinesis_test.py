"""The recorded Kinesis cases against the program; README.md tells what is in a case."""

import json
from pathlib import Path

import pytest

import golden
import kinesis_rules
import kinesis_steps
import sequence_number
from hydrant_process import HydrantProcess
from subscription import Subscription

CASES = golden.load("kinesis.jsonl")
IDS = [case["id"] for case in CASES]
LAYOUT = "(sequence number layout)"
PROTOCOL = "(protocol)"

# Time stands still, so that what takes time is seen before and after it.
FLAGS = ["--account", "123456789012", "--region", "us-east-1", "--seed", "1", "--log-level", "warn",
         "--clock", "virtual@2026-01-01T00:00:00Z", "--delays.createStreamMs", "500",
         "--delays.reshardMs", "500", "--delays.deleteStreamMs", "500",
         "--delays.updateStreamMs", "500", "--delays.consumerMs", "500"]
DELAYS_SECONDS = 1

# Cases that need a server of their own.
FLAGS_OF_CASE = {
    "ks-seen-007": ["--config", str(Path(__file__).with_name("denied_key.json"))],
    "ks-seen-009": ["--clock", "virtual@2024-11-11T02:23:26Z"],
    "ks-seen-011": ["--throttle.controlPlane", "true"],
}
NOT_RUN = {
    "ks-more-006": "allowed when it was recorded; today refused, as ks-seen-015 shows",
}


def reason_not_to_run(case):
    return NOT_RUN.get(case["id"])


class Run:
    """One case under way: `document` is the reply, `facts` what a step tells a rule."""

    def __init__(self, hydrant, case):
        self.hydrant = hydrant
        self.case = case
        self.facts = {}
        self.document = None
        self.subscription = self.subscription_request = None
        self.waited = 0

    def call_ok(self, operation, **request):
        return golden.call_ok(self.hydrant, operation, request)

    def iterator(self, shard, kind, **more):
        stream = kinesis_steps.stream_of(self)
        return self.call_ok("GetShardIterator", StreamName=stream, ShardId=shard,
                            ShardIteratorType=kind, **more)["ShardIterator"]

    def wait(self):
        self.hydrant.advance(DELAYS_SECONDS)
        self.waited += DELAYS_SECONDS

    def prepare(self):
        """Does what the setup says; gives back the request."""
        for step in self.case["setup"]:
            if "operation" in step:
                self.call_ok(step["operation"], **golden.expand(step["request"]))
            elif "wait" in step:
                self.wait()
            else:
                known = step["note"] in kinesis_steps.STATEMENTS
                assert known or self.case["id"] in kinesis_steps.STEPS, step
        if self.case["id"] in kinesis_steps.STEPS:
            return kinesis_steps.STEPS[self.case["id"]](self)
        assert "<" not in json.dumps(self.case["request"]), "a placeholder without a step"
        return golden.expand(self.case["request"])

    def send(self, request):
        if request.get("http"):
            return golden.send_case(self.hydrant, request, self.case["operation"])
        if self.case["operation"] == "SubscribeToShard":
            self.subscription_request = request
            self.subscription = Subscription(self.hydrant, request)
            return self.subscription.reply
        return golden.call(self.hydrant, self.case["operation"], request)


@pytest.fixture(scope="module")
def server():
    with HydrantProcess(*FLAGS) as hydrant:
        yield hydrant


@pytest.fixture(scope="module")
def strict_server():
    """One that wants requests to be signed."""
    with HydrantProcess(*FLAGS, "--auth", "required") as hydrant:
        yield hydrant


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_case(case, request):
    reason = reason_not_to_run(case)
    if reason:
        pytest.skip(reason)
    if case["operation"] == LAYOUT:
        return check_layout(case)
    if case["id"] in FLAGS_OF_CASE:
        with HydrantProcess(*FLAGS, *FLAGS_OF_CASE[case["id"]]) as hydrant:
            return run_case(case, hydrant)
    protocol = case["operation"] == PROTOCOL
    hydrant = request.getfixturevalue("strict_server" if protocol else "server")
    hydrant.reset()
    run_case(case, hydrant)


def run_case(case, hydrant):
    run = Run(hydrant, case)
    reply = run.send(run.prepare())
    golden.check(case, reply)
    if case.get("expect_rules"):
        run.document = reply.document if run.subscription is None else None
        kinesis_rules.check(run)
    if run.subscription is not None:
        run.subscription.close()


def check_layout(case):
    """Recorded numbers are read as the rules read those of the program."""
    number = sequence_number.decode(case["request"]["SequenceNumber"])
    wanted = case["expect_decoded"]
    times = {name: int(golden.parse_time(wanted[name])) for name in ("created", "time")}
    assert number._asdict() == {**wanted, **times}


# -------------------------------------------------------------------- the runner itself

def test_tables_name_what_exists():
    assert set(NOT_RUN) | set(FLAGS_OF_CASE) <= set(IDS)
    assert set(kinesis_steps.STEPS) <= set(IDS)
    notes = {step.get("note") for case in CASES for step in case["setup"]}
    assert kinesis_steps.STATEMENTS <= notes


def test_every_case_runs_or_has_a_reason():
    """A case that runs has a check for each rule, and a step for each instruction in words."""
    for case in CASES:
        if reason_not_to_run(case) or case["operation"] == LAYOUT:
            continue
        for sentence in case.get("expect_rules", []):
            kinesis_rules.find(sentence)
        notes = {step["note"] for step in case["setup"] if "note" in step}
        assert notes <= kinesis_steps.STATEMENTS or case["id"] in kinesis_steps.STEPS, case["id"]
        assert set(golden.expectations(case)) <= set(golden.CHECKS), case["id"]
