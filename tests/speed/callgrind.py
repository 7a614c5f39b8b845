"""Runs count_requests under callgrind and reads what it counted.

Valgrind stands in for the processor, as one model whatever the machine: with AVX2 where the machine has
it, and never with AVX-512. The libraries that choose at run time (simdjson, OpenSSL, the C library) choose
what they would there.
"""

import collections
import re
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "build/release/tests/count_requests"
SECONDS_MAX = 300


# Each of them takes memory from the C library once; `operator new` comes to the first.
ALLOCATORS = re.compile(r"^(malloc|calloc|realloc|aligned_alloc|posix_memalign)$")


class Dump:
    """What callgrind wrote of one request, which was served `times` times."""

    def __init__(self, text, times):
        self.name = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M).group(1)
        self.total = int(re.search(r"^totals: (\d+)$", text, re.M).group(1)) // times
        self._text = text
        self._times = times
        self.allocations = round(self._calls_of(ALLOCATORS) / times, 1)

    def _calls_of(self, wanted):
        """How often functions whose name fits were called by any other, in all requests."""
        names, called, count = {}, None, 0
        for line in self._text.splitlines():
            if named := re.match(r"(c?fn)=\((\d+)\)(?: (.*))?$", line):
                kind, number, name = named.groups()
                if name is not None:
                    names[number] = name
                called = number if kind == "cfn" else None
            elif (calls := re.match(r"calls=(\d+) ", line)) and wanted.match(names[called]):
                count += int(calls[1])
        return count

    def functions(self):
        """[(name, instructions of its own, with those of what it calls)], for one request."""
        own, calls, names = collections.Counter(), collections.Counter(), {}
        here = called = None
        for line in self._text.splitlines():
            # A name comes with its number the first time only.
            named = re.match(r"(c?fn)=\((\d+)\)(?: (.*))?$", line)
            if named:
                kind, number, name = named.groups()
                if name is not None:
                    names[number] = name
                if kind == "fn":
                    here = number
                else:
                    called = number
            elif re.match(r"[-+*\d]\S* \d+$", line) and here is not None:
                cost = int(line.split()[1])
                if called is None:
                    own[here] += cost
                elif called != here:
                    calls[here] += cost
                called = None
        return [(names[n], own[n] // self._times, (own[n] + calls[n]) // self._times) for n in names]


def count():
    """What the program was built with, and a Dump for each of its requests."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={out}", str(PROGRAM)]
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=SECONDS_MAX,
                             check=True)
        build = re.search(r"^built with: (.*)$", ran.stdout, re.M).group(1)
        times = [int(n) for n in re.findall(r": (\d+) requests$", ran.stdout, re.M)]
        return build, [Dump(Path(f"{out}.{number}").read_text(encoding="utf-8"), n)
                       for number, n in enumerate(times, 1)]
