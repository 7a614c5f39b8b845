"""What the tests of the examples share: copies of their folders, the program, a stand-in for Docker.

A reader copies the folder of an example into a project of their own, so each runs in a copy here.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
from hydrant_process import ROOT, HydrantProcess, program  # noqa: E402

EXAMPLES = ROOT / "examples"
# Where scripts/setup puts the AWS CLI, Node.js, Go and pytest.
BIN = Path(sys.executable).parent
# What scripts/setup puts into the folder of an example.
INSTALLED = "node_modules"
# Far beyond what a loaded machine needs.
RUN_SECONDS = 300


def environment(**more):
    """The caller's, without what would lead a program elsewhere, and with the tools of the tests."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "HYDRANT", "PYTEST"))}
    return {**kept, "PATH": f"{BIN}:{os.environ['PATH']}", "AWS_PAGER": "",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true", **more}


def run(command, folder, **variables):
    """Runs a command of an example, which must succeed: stdout and stderr as one text."""
    done = subprocess.run([str(word) for word in command], cwd=folder, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=RUN_SECONDS, env=environment(**variables))
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}"
    return done.stdout


@pytest.fixture
def copied(tmp_path):
    """Copies the folder of an example: the path of the copy."""

    def copy(name):
        folder = tmp_path / name
        shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns(
            INSTALLED, "__pycache__", ".pytest_cache"))
        installed = EXAMPLES / name / INSTALLED
        if installed.is_dir():
            (folder / INSTALLED).symlink_to(installed)
        return folder

    return copy


@pytest.fixture
def start():
    """Starts programs; each ends with the test, and must end well."""
    servers = []

    def start_one(*flags, **more):
        servers.append(HydrantProcess(*flags, **more))
        return servers[-1]

    yield start_one
    codes = [server.stop() for server in servers]
    assert codes == [0] * len(codes)


class StandIn:
    """The folder with a `docker` to put on PATH (docker.py), and where its containers are kept."""

    def __init__(self, folder):
        self.bin = folder / "bin"
        self.containers = folder / "containers"
        self.bin.mkdir(parents=True)
        self.containers.mkdir()
        (self.bin / "docker").symlink_to(HERE / "docker.py")

    def variables(self, **more):
        return {"PATH": f"{self.bin}:{environment()['PATH']}", "HYDRANT_PROGRAM": program(),
                "STAND_IN_CONTAINERS": str(self.containers), **more}

    def adopt(self, name, data):
        """Makes a container of a program that runs already, for `docker cp`."""
        container = {"pid": None, "data": str(data)}
        (self.containers / f"{name}.json").write_text(json.dumps(container), encoding="utf-8")

    def kill(self):
        for path in self.containers.glob("*.json"):
            container = json.loads(path.read_text(encoding="utf-8"))
            if container["pid"]:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(container["pid"], signal.SIGKILL)


@pytest.fixture
def docker(tmp_path):
    """No engine runs in these tests: the program itself plays the container of its image."""
    stand_in = StandIn(tmp_path / "docker")
    yield stand_in
    stand_in.kill()
