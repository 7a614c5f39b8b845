"""The order of paired runs."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.pairs import in_turn  # noqa: E402


def test_measures_take_turns_and_none_is_always_behind_the_same():
    called = []

    def measure(name):
        called.append(name)
        return len(called)

    values = in_turn(3, lambda: measure("a"), lambda: measure("b"))
    assert called == ["a", "b", "b", "a", "a", "b"]
    assert values == [[1, 4, 5], [2, 3, 6]]
