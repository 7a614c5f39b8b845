#!/usr/bin/env python3
"""Instructions and allocations of three fixed requests, against those that were recorded in counts.json.

    counts.py             exits with 1 if one costs a tenth more than it did, or asks for memory more often
    counts.py --accept    records what they cost now, for this compiler and these libraries
    counts.py --profile   where they spend it: the first functions, alone and with what they call

They repeat within a hundredth, whatever else the machine does. They are no time: a miss of the cache or a
system call counts as little as an addition. Needs valgrind and
`./scripts/build release count_requests`.
"""

import argparse
import json
import sys
from pathlib import Path

import callgrind

RECORDED = Path(__file__).with_name("counts.json")
MORE_MAX = 1.10
LESS_TOLD = 0.95
# Blocks of shards and the like come now and then, not once a request.
ALLOCATIONS_MORE_MAX = 0.5
ACCEPT = "tests/speed/counts.py --accept"
FUNCTIONS_SHOWN = 25


def counts_of(dump):
    return {"instructions": dump.total, "allocations": dump.allocations}


def judge(dump, recorded):
    """Whether it passes, and a sentence."""
    name, counted = dump.name, dump.total
    if recorded is None:
        return False, f"{name}: {counted:,} instructions, and none recorded; record them with {ACCEPT}"
    ratio = counted / recorded["instructions"]
    sentence = (f"{name}: {counted:,} instructions, {ratio:.3f} of {recorded['instructions']:,}; "
                f"{dump.allocations:g} allocations, recorded {recorded['allocations']:g}")
    if dump.allocations > recorded["allocations"] * MORE_MAX + ALLOCATIONS_MORE_MAX:
        return False, f"{sentence}: it asks for memory more often; if it is worth it: {ACCEPT}"
    if ratio > MORE_MAX:
        return False, (f"{sentence}: a slow-down of {100 * (ratio - 1):.0f} %. `counts.py --profile` shows where; "
                       f"if it is worth it: {ACCEPT}")
    if ratio < LESS_TOLD:
        return True, f"{sentence}: quicker; lower what is recorded with {ACCEPT}"
    return True, sentence


def check(build, dumps, recorded):
    known = recorded.get(build)
    if known is None:
        print(f"counts: SKIPPED, nothing is recorded for {build}; {ACCEPT} would")
        for dump in dumps:
            print(f"  {dump.name}: {dump.total:,} instructions, {dump.allocations:g} allocations")
        return 0
    passed = True
    print(f"counts: {build}")
    for dump in dumps:
        good, sentence = judge(dump, known.get(dump.name))
        print(f"  {'' if good else 'FAILED: '}{sentence}")
        passed = passed and good
    return 0 if passed else 1


def accept(build, dumps, recorded):
    recorded[build] = {dump.name: counts_of(dump) for dump in dumps}
    RECORDED.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(f"counts: recorded for {build}: {json.dumps(recorded[build])}")
    return 0


def shortened(name):
    for long, short in (("std::basic_string_view<char, std::char_traits<char> >", "string_view"),
                        ("std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >", "string"),
                        ("(anonymous namespace)::", ""), ("hydrant::", ""), ("boost::asio::detail::", "asio::")):
        name = name.replace(long, short)
    return name[:110]


def show(dump):
    print(f"\n## {dump.name}: {dump.total:,} instructions, {dump.allocations:g} allocations")
    functions = dump.functions()
    for title, column in (("alone", 1), ("with what they call", 2)):
        print(f"\n{title}:\n")
        # What waits in a call from one request to the next seems to cost more than all of them.
        shown = [each for each in functions if each[column] <= dump.total]
        for each in sorted(shown, key=lambda one: -one[column])[:FUNCTIONS_SHOWN]:
            print(f"    {each[column]:11,d} {100 * each[column] / dump.total:5.1f} %  {shortened(each[0])}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--accept", action="store_true", help="record what they cost now")
    what.add_argument("--profile", action="store_true", help="show where they spend it")
    chosen = parser.parse_args()
    if not callgrind.PROGRAM.exists():
        sys.exit("counts: build it first: ./scripts/build release count_requests")
    build, dumps = callgrind.count()
    if chosen.profile:
        for dump in dumps:
            show(dump)
        return 0
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    return (accept if chosen.accept else check)(build, dumps, recorded)


if __name__ == "__main__":
    sys.exit(main())
