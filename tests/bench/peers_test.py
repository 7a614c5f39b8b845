"""Whom hydrant stands beside when another emulator answers nothing."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.load import Load  # noqa: E402
from harness.plan import Fault  # noqa: E402
from scenarios.peers import WORKLOADS, row_of  # noqa: E402


def load(requests, bad=0):
    return Load(requests, bad, cpu_seconds=1.0, seconds=1.0, p50_ms=1.0, p99_ms=1.0)


def test_who_is_silent_in_a_run_does_not_stand_in_the_row_and_is_named():
    row = row_of(WORKLOADS[0], {"hydrant": [load(100), load(100)], "moto": [load(10), load(10)],
                                "kinesis-local": [load(5), load(0)]})
    assert set(row.theirs) == {"moto"}
    assert "no answer from kinesis-local" in row.note


def test_a_wrong_answer_of_anybody_is_a_fault():
    with pytest.raises(Fault, match="moto, PutRecord 100 B: 1 wrong"):
        row_of(WORKLOADS[0], {"hydrant": [load(100)], "moto": [load(10, bad=1)]})


def test_hydrant_may_not_be_silent():
    with pytest.raises(Fault, match="hydrant, PutRecord 100 B: 0 wrong answers of 0"):
        row_of(WORKLOADS[0], {"hydrant": [load(0)], "moto": [load(10)]})


def test_what_nginx_reaches_is_told_and_nginx_is_no_rival():
    row = row_of(WORKLOADS[0], {"hydrant": [load(400), load(400)], "moto": [load(10), load(10)],
                                "kinesalite": [load(5), load(5)], "nginx": [load(350), load(450)]})
    assert set(row.theirs) == {"moto", "kinesalite"}
    assert row.note.endswith("reaches 40 times moto")
