"""How much is to be measured, and the two ways in which a scenario ends early."""

import sys
from dataclasses import dataclass
from pathlib import Path


class Missing(Exception):
    """A tool or a peer is not installed: the scenario cannot run."""


class Fault(Exception):
    """A server did not start or gave a wrong answer: what was measured would mean nothing."""


@dataclass(frozen=True)
class Plan:
    """What bench/run hands to each scenario.

    `runs` of `seconds` each are wanted for every figure; `work_dir` is an empty folder of the scenario's
    own, removed after it. A `quick` plan should leave out what takes long and still show every row.
    """

    work_dir: Path
    runs: int = 5
    seconds: int = 2
    quick: bool = False

    def say(self, text):
        """Tells who waits what is being measured."""
        print(f"   {text}", file=sys.stderr, flush=True)
