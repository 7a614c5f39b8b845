"""hydrant as a fixture: one program for all tests, empty again for each, its clock in their hands."""

import json
import os
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

HERE = Path(__file__).resolve().parent
# Where no hydrant is on PATH, this image is run. It has the Python that hydrant.json's functions need.
IMAGE = os.environ.get("HYDRANT_IMAGE", "hydrant:0.1.0-runtimes")


def command(data):
    """How hydrant is called here: $HYDRANT, else the one on PATH, else the image."""
    program = os.environ.get("HYDRANT") or shutil.which("hydrant")
    if program:
        return [program]
    # Network, paths and user are the host's, so all that follows is the same as without a container.
    return ["docker", "run", "--rm", "--network=host", f"--user={os.getuid()}:{os.getgid()}",
            f"--volume={HERE}:{HERE}:ro", f"--volume={data}:{data}", IMAGE]


class Hydrant:
    """A running hydrant. What it delivers are files in its data folder."""

    def __init__(self, data):
        self.data = data
        self._process = subprocess.Popen(
            [*command(data), "--config", HERE / "hydrant.json", "--data-dir", data,
             "--host", "127.0.0.1", "--port", "0", "--clock", "virtual@2026-01-31T12:00:00Z",
             "--strict", "--log-level", "warn"],
            stdout=subprocess.PIPE, text=True)
        # The only line on stdout, written when requests are taken.
        line = self._process.stdout.readline()
        listening = re.search(r"listening on (\S+)", line)
        assert listening, f"hydrant did not start; it wrote {line!r}, and the reason to stderr"
        self.url = listening[1]

    def client(self, service):
        # Without retries a test sees a refusal; with them boto3 would wait, in real time.
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1",
                            aws_access_key_id="test", aws_secret_access_key="test",
                            config=Config(retries={"total_max_attempts": 1}))

    def admin(self, path, **body):
        request = urllib.request.Request(f"{self.url}/_hydrant/{path}", json.dumps(body).encode())
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def advance(self, seconds):
        """Moves the clock. All that is due by then is delivered when this returns."""
        self.admin("clock/advance", seconds=seconds)

    def flush(self):
        """Delivers all that is buffered, now: the names of the objects, bucket/key."""
        return self.admin("flush")["objects"]

    def reset(self):
        """Forgets all records and objects. The clock keeps its time."""
        self.admin("reset")

    def objects(self, prefix):
        """The objects below bucket/prefix, by their names."""
        files = sorted((self.data / "s3").glob(f"{prefix}/**/*"))
        return {str(f.relative_to(self.data / "s3")): f.read_text() for f in files if f.is_file()}

    def lines(self, prefix):
        """The JSON lines in all objects below bucket/prefix."""
        texts = self.objects(prefix).values()
        return [json.loads(line) for text in texts for line in text.splitlines()]

    def stop(self):
        self._process.terminate()
        assert self._process.wait(60) == 0
        self._process.stdout.close()


@pytest.fixture(scope="session")
def hydrant_program(tmp_path_factory):
    program = Hydrant(tmp_path_factory.mktemp("hydrant"))
    yield program
    program.stop()


@pytest.fixture
def hydrant(hydrant_program):
    hydrant_program.reset()
    return hydrant_program


# Clients hold nothing of a test, and take a while to make.
@pytest.fixture(scope="session")
def kinesis(hydrant_program):
    return hydrant_program.client("kinesis")


@pytest.fixture(scope="session")
def firehose(hydrant_program):
    return hydrant_program.client("firehose")
