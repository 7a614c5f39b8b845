#!/usr/bin/env python3
"""Plays `docker` for the examples: a container of hydrant's image is $HYDRANT_PROGRAM, started as the
image starts it. It knows the options that the examples use, and refuses all others.

    run, wait, stop, logs, cp, inspect; $STAND_IN_CONTAINERS is a folder for what it must remember.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

CONTAINERS = Path(os.environ["STAND_IN_CONTAINERS"])
# As docker/Dockerfile has them.
PORT, DATA, CONFIGURATION = "4566", "/data", "/etc/hydrant/hydrant.json"
STOP_SECONDS = 10
PUBLISHED = re.compile(rf"127\.0\.0\.1:(\d+):{PORT}")


def refuse(sentence):
    sys.exit(f"docker.py: {sentence}")


def kept(name):
    path = CONTAINERS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def keep(name, container):
    text = json.dumps(container)
    (CONTAINERS / f"{name}.json").write_text(text, encoding="utf-8")


def run(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--detach", action="store_true")
    parser.add_argument("--rm", action="store_true")
    parser.add_argument("--name")
    parser.add_argument("--network", choices=["host"])
    parser.add_argument("--user", required=True, type=lambda text: re.fullmatch(r"\d+:\d+", text)[0])
    for option in ("publish", "volume", "env"):
        parser.add_argument(f"--{option}", action="append", default=[])
    parser.add_argument("image")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    asked = parser.parse_args(words)

    mounts = dict(reversed(volume.split(":")[:2]) for volume in asked.volume)
    for source in mounts.values():
        if not Path(source).exists():
            refuse(f"{source} is not there to be mounted")
    variables = dict(setting.split("=", 1) for setting in asked.env)
    if not asked.network:
        published = PUBLISHED.fullmatch(" ".join(asked.publish))
        if not published:
            refuse(f"port {PORT} is not published on loopback, but {asked.publish}")
        variables["HYDRANT_PORT"] = published[1]
        variables["HYDRANT_DATA_DIR"] = mounts[DATA]
        variables["HYDRANT_CONFIG"] = mounts[CONFIGURATION]
    command = [os.environ["HYDRANT_PROGRAM"], *asked.arguments]
    around = {k: v for k, v in os.environ.items() if not k.startswith("HYDRANT")}
    (CONTAINERS / "image").write_text(asked.image, encoding="utf-8")
    if not asked.detach:
        os.execve(command[0], command, {**around, **variables})
    with open(CONTAINERS / f"{asked.name}.log", "wb") as log:
        # pylint: disable=consider-using-with
        process = subprocess.Popen(
            [sys.executable, __file__, "wait", asked.name, *command], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True, env={**around, **variables})
    keep(asked.name, {"pid": process.pid, "data": mounts[DATA]})
    print(asked.name)


def wait(words):
    """Runs in the background, as long as the container does, to learn its exit code."""
    name, *command = words
    with subprocess.Popen(command) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        code = process.wait()
    (CONTAINERS / f"{name}.code").write_text(str(code), encoding="utf-8")


def stop(words):
    (name,) = words
    os.kill(kept(name)["pid"], signal.SIGTERM)
    for _ in range(STOP_SECONDS * 50):
        if (CONTAINERS / f"{name}.code").exists():
            return
        time.sleep(0.02)
    refuse(f"{name} did not end within {STOP_SECONDS} s")


def logs(words):
    (name,) = words
    print((CONTAINERS / f"{name}.log").read_text(encoding="utf-8"))


def cp(words):
    """From a container only, out of its data."""
    source, destination = words
    name, _, path = source.partition(":")
    if not path.startswith(f"{DATA}/"):
        refuse(f"{path} is not in {DATA}")
    shutil.copytree(Path(kept(name)["data"]) / path.removeprefix(f"{DATA}/"), destination)


def inspect(words):
    *option, name = words
    if option != ["--format", "{{.State.ExitCode}}"]:
        refuse(f"inspect {option} is not known")
    print((CONTAINERS / f"{name}.code").read_text(encoding="utf-8"))


COMMANDS = {"run": run, "wait": wait, "stop": stop, "logs": logs, "cp": cp, "inspect": inspect}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        refuse(f"unknown command {sys.argv[1:2]}")
    COMMANDS[sys.argv[1]](sys.argv[2:])
