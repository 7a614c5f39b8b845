#!/usr/bin/env python3
"""Requests per processor second beside nginx's, against the ratios that were recorded in ratios.json.

    ratios.py             exits with 1 if one is below 0.6 of what it was, in a short look and a longer one
    ratios.py --accept    measures for longer, and records

nginx answers the same requests from memory, or sends the bytes of the answer from a file, in the same
seconds: what else the machine does falls on both. No time is held against another machine's. It sees what
counts.py cannot (system calls, page faults, misses of the cache) but only if it is large. Needs nginx, wrk
and `./scripts/build release`.
"""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))
from harness.kinesis import Client  # noqa: E402
from harness.load import wrk  # noqa: E402
from harness.plan import Fault, Missing  # noqa: E402
from harness.processes import start_hydrant, start_nginx  # noqa: E402
from harness.stored import one_answer  # noqa: E402

RECORDED = Path(__file__).with_name("ratios.json")
LEAST = 0.6
CONNECTIONS = 16
SHARDS = 64
ACCEPT = "tests/speed/ratios.py --accept"
# Little, so that it is full at once and each run finds it so.
MEMORY = ("--memory.maxMiB", "256")


@dataclass(frozen=True)
class Effort:
    runs: int
    seconds: int


SHORT, LONGER, RECORDING = Effort(3, 1), Effort(5, 2), Effort(7, 2)


@dataclass(frozen=True)
class Work:
    """Both sides of one ratio, as wrk is told of them."""

    name: str
    script: str
    ours: dict
    theirs: dict

    def ratio(self, hydrant, nginx, effort):
        """The median of the ratios of runs side by side."""
        # What fills caches and memory is not counted.
        wrk(hydrant, self.script, CONNECTIONS, 1, self.ours).checked(f"hydrant, {self.name}")
        ratios = []
        for _ in range(effort.runs):
            theirs = wrk(nginx, self.script, CONNECTIONS, effort.seconds, self.theirs)
            ours = wrk(hydrant, self.script, CONNECTIONS, effort.seconds, self.ours)
            ratios.append(ours.checked(f"hydrant, {self.name}").requests_per_cpu_second
                          / theirs.checked(f"nginx, {self.name}").requests_per_cpu_second)
        return statistics.median(ratios)


def all_ratios(effort, wanted, folder):
    """[(name, ratio)] of the works whose names are `wanted`, as they come; None wants all."""
    with start_hydrant(folder, options=MEMORY) as hydrant, Client(hydrant) as client:
        client.create_stream("bench", SHARDS)
        iterator, answer = one_answer(client, 1000, 1024)
        with start_nginx(folder, {"records": answer}) as nginx:
            static = {"check": "status"}
            # Reading comes first: what is put then pushes out what was to be read.
            for work in (Work("GetRecords 1000 x 1 KiB", "get_records",
                              {"iterator": iterator, "least": len(answer)},
                              static | {"method": "GET", "path": "/copied/records"}),
                         Work("PutRecord 100 B", "put_record", {"bytes": 100}, static | {"bytes": 100}),
                         Work("PutRecords 500 x 1 KiB", "put_records", {"bytes": 1024},
                              static | {"bytes": 1024})):
                if wanted is None or work.name in wanted:
                    yield work.name, work.ratio(hydrant, nginx, effort)


def passes(name, ratio, recorded):
    """Whether it does; says so."""
    if recorded is None:
        print(f"  FAILED: {name}: {ratio:.2f} of nginx, and nothing recorded; record it with {ACCEPT}")
        return False
    good = ratio >= LEAST * recorded
    print(f"  {'' if good else 'FAILED: '}{name}: {ratio:.2f} of nginx, recorded {recorded:.2f}"
          + ("" if good else f"; at least {LEAST * recorded:.2f} is wanted"), flush=True)
    return good


def check(measure, recorded):
    """`measure(effort, wanted)` gives (name, ratio)s. A failure is looked at again, for longer."""
    print("ratios: requests per processor second, beside nginx")
    low = [name for name, ratio in measure(SHORT, None) if not passes(name, ratio, recorded.get(name))]
    if not low:
        return 0
    print(f"ratios: once more, for longer: {', '.join(low)}")
    still = [name for name, ratio in measure(LONGER, low) if not passes(name, ratio, recorded.get(name))]
    if still:
        print(f"ratios: FAILED, slower than what was recorded: {', '.join(still)}. tests/speed/counts.py --profile "
              f"may show where; if it is worth it: {ACCEPT}")
    return 1 if still else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--accept", action="store_true", help="record what they are now")
    chosen = parser.parse_args()
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    with tempfile.TemporaryDirectory(prefix="hydrant-ratios-") as folder:
        def measure(effort, wanted):
            return all_ratios(effort, wanted, Path(folder))

        try:
            if not chosen.accept:
                return check(measure, recorded)
            found = {name: round(ratio, 3) for name, ratio in measure(RECORDING, None)}
        except (Fault, Missing) as reason:
            print(f"ratios: FAILED, could not measure: {reason}")
            return 1
    RECORDED.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"ratios: recorded {json.dumps(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
