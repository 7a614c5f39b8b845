"""Requests per processor second, hydrant (one thread) beside nginx's static answer to the same requests."""

from harness.kinesis import Client
from harness.load import wrk
from harness.processes import start_hydrant, start_nginx
from harness.results import Row

UNIT = "requests per CPU second"


def measure(plan):
    with start_hydrant(plan.work_dir) as hydrant, start_nginx(plan.work_dir) as nginx, \
            Client(hydrant) as client:
        client.create_stream("bench", 64)
        ours, theirs = [], []
        for _ in range(plan.runs):
            theirs.append(wrk(nginx, "put_record", 16, plan.seconds, {"check": "status"}).checked("nginx"))
            ours.append(wrk(hydrant, "put_record", 16, plan.seconds).checked("hydrant"))
        yield Row("PutRecord 100 B", UNIT, [load.requests_per_cpu_second for load in ours],
                  {"nginx": [load.requests_per_cpu_second for load in theirs]}, 0.85, 1.0)
