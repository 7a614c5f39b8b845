"""What a server has spent, finer than the ticks of /proc, and runs that stand beside one another."""

import time


def processor_seconds(server):
    """User and system time of the server's own process, in steps of nanoseconds.

    The kernel's clock of another process (clock_getcpuclockid(3)) has no name in Python, but a number.
    """
    return time.clock_gettime((~server.pid << 3) | 2)


def in_turn(runs, *measures):
    """The values of each measure, called one behind the other in each run, so that what else the machine
    does falls on all of them; every other run goes backwards, so that none is always behind the same."""
    values = [[] for _ in measures]
    for run in range(runs):
        order = range(len(measures))
        for at in order if run % 2 == 0 else reversed(order):
            values[at].append(measures[at]())
    return values
