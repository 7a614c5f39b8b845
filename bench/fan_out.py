#!/usr/bin/env python3
"""1,000 subscriptions on one server: are all records there, how late, and what does it cost?

One shard is written at 1 MiB/s, each of the others gets a record a second; every consumer subscribes
to every shard, each by a connection of its own. Exits with 1 unless every subscriber got every record
once and in order. Needs build/release/hydrant, or the program that HYDRANT_PROGRAM names.
"""

import argparse
import os
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/support"))
from fan_out import Fault, Layout, Load, Subscribers, Writer  # noqa: E402
from hydrant_process import HydrantProcess  # noqa: E402

# With a byte of partition key, just below the 1 MiB/s that a shard takes.
HOT_BYTES, HOT_PER_SECOND = 10_480, 100
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def memory_mib(pid, name):
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(name)


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def row(label, delays):
    values = sorted(delays)
    cells = (values[len(values) // 2], values[len(values) * 99 // 100], values[-1])
    print(f"| {label} | {len(values)} | " + " | ".join(f"{v * 1000:.1f}" for v in cells) + " |")


def measure(hydrant, options):
    pid = hydrant.pid
    idle = memory_mib(pid, "VmRSS")
    layout = Layout(hydrant.url, options.shards, options.consumers)
    with Subscribers(layout) as subscribers:
        opened = memory_mib(pid, "VmRSS")
        plan = [Load(0, HOT_BYTES, HOT_PER_SECOND)]
        plan += [Load(shard, 100, 1) for shard in range(1, options.shards)]
        cpu, client_cpu, began = cpu_seconds(pid), time.process_time(), time.monotonic()
        counts = subscribers.read_until_complete(Writer(layout, plan, options.seconds))
        seconds = time.monotonic() - began
        cpu, client_cpu = cpu_seconds(pid) - cpu, time.process_time() - client_cpu
        print(f"{len(subscribers.all)} subscriptions ({options.shards} shards, "
              f"{options.consumers} consumers), {sum(counts.values())} records in "
              f"{options.seconds} s: each came to all {options.consumers}, once and in order\n")
        print("| from put to arrival | arrivals | p50 ms | p99 ms | max ms |")
        print("|---|---|---|---|---|")
        row("the shard with 1 MiB/s", subscribers.delays[0])
        if options.shards > 1:
            row("the others", [d for each in subscribers.delays[1:] for d in each])
    print(f"\nmemory of hydrant: {idle:.0f} MiB idle, {opened:.0f} MiB with the subscriptions, "
          f"{memory_mib(pid, 'VmRSS'):.0f} MiB at the end, {memory_mib(pid, 'VmHWM'):.0f} MiB at most")
    print(f"processor: hydrant {cpu / seconds:.2f} cores, this client {client_cpu / seconds:.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shards", type=int, default=50)
    parser.add_argument("--consumers", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with HydrantProcess("--delays.consumerMs", "0", "--delays.createStreamMs", "0",
                        "--log-level", "warn") as hydrant:
        try:
            measure(hydrant, options)
        except Fault as fault:
            print(f"{fault}\n{hydrant.log()}", file=sys.stderr)
            hydrant.kill()
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
