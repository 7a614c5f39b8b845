"""Runs that stand beside one another."""


def in_turn(runs, *measures):
    """The values of each measure, called one behind the other in each run, so that what else the machine
    does falls on all of them; every other run goes backwards, so that none is always behind the same."""
    values = [[] for _ in measures]
    for run in range(runs):
        order = range(len(measures))
        for at in order if run % 2 == 0 else reversed(order):
            values[at].append(measures[at]())
    return values
