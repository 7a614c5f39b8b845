"""What the tests of this folder share: the program, clients of boto3, raw HTTP, other SDKs."""

import functools
import http.client
import os
import re
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from client_program import ClientProgram
from resources import REGION

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from hydrant_process import ROOT, HydrantProcess  # noqa: E402

# No retries: a test sees the first answer. Values go out as the test has them.
CLIENT_CONFIG = Config(retries={"total_max_attempts": 1}, read_timeout=120,
                       parameter_validation=False)
OBJECT_NAME = re.compile(r"(?P<prefix>.*?)(?P<stream>[\w.-]+)-(?P<version>\d+)-"
                         r"(?P<time>\d{4}(?:-\d\d){5})-"
                         r"(?P<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?P<end>[.\w]*)")
HERE = Path(__file__).resolve().parent
# Where scripts/setup puts Node.js and Go, and where the tests build programs of other SDKs.
BIN = Path(sys.executable).parent
BUILT = ROOT / "build/sdk"


class Server(HydrantProcess):
    """The program with clients for it. A folder given as `data` outlives it."""

    def __init__(self, *flags, data=None, **more):
        super().__init__(*flags, *(["--data-dir", data] if data else []), **more)
        self.data = data or self.data

    def client(self, service, region=REGION, config=CLIENT_CONFIG):
        return SESSION.client(service, region_name=region, endpoint_url=self.url, config=config)

    @property
    def kinesis(self):
        return self.client("kinesis")

    @property
    def firehose(self):
        return self.client("firehose")

    def post(self, body, target=None, headers=None, path="/"):
        """Status and body of one POST, as raw as http.client allows."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            every = {"Content-Type": "application/x-amz-json-1.1", **(headers or {})}
            if target:
                every["X-Amz-Target"] = target
            connection.request("POST", path, body, every)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    @property
    def tls_url(self):
        return f"https://{self.host}:{self.port}"

    def authority(self):
        """The file of the authority that signed the certificate which the program has made."""
        # It is made behind the start. A connection over TLS waits for it.
        ssl.get_server_certificate((self.host, self.port))
        return str(self.data / "tls/ca.pem")

    def signal(self, number):
        self._process.send_signal(number)

    def wait(self):
        """Waits for the end that a signal has begun: the exit code."""
        self._wait()
        return self.exit_code

    def delivery_stream(self, name):
        """What the state says of one delivery stream."""
        return next(s for s in self.state()["deliveryStreams"] if s["name"] == name)

    def stream(self, name):
        return next(s for s in self.state()["streams"] if s["name"] == name)


# One for all: it reads the services' models once.
SESSION = boto3.session.Session(aws_access_key_id="test", aws_secret_access_key="test")


def start_in_background(call, *arguments):
    """Runs a call beside the test; what comes back waits for its answer."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(call, *arguments)
    pool.shutdown(wait=False)
    return lambda: future.result(timeout=60)


@pytest.fixture
def start():
    """Starts programs; each ends with the test, and must end well."""
    servers = []

    def start_one(*flags, config=None, clock="virtual@2026-03-31T23:58:30Z", **more):
        servers.append(Server("--clock", clock, *flags, config=config, **more))
        return servers[-1]

    yield start_one
    codes = [server.stop() for server in servers]
    assert codes == [0] * len(codes)


@pytest.fixture
def named():
    """Takes the name of an object apart: prefix, stream, version, time, id, end."""

    def take_apart(name):
        match = OBJECT_NAME.fullmatch(name)
        assert match, f"not the name of an object of Firehose: {name}"
        return match.groupdict()

    return take_apart


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: starts a Java virtual machine, or several")


@pytest.fixture(scope="session")
def node():
    """The command line of a program of node/."""
    return lambda program: [BIN / "node", "--no-warnings", HERE / "node" / program]


@pytest.fixture(scope="session")
def go():
    """The command line of the program of go/, which is built when it is first asked for."""

    @functools.cache
    def command():
        subprocess.run([BIN / "go", "build", "-buildvcs=false", "-o", BUILT / "go/clients", "."],
                       cwd=HERE / "go", check=True)
        return [BUILT / "go/clients"]

    return command


@pytest.fixture(scope="session")
def java():
    """The command line of a class of java/; all are compiled when the first is asked for."""
    libraries = BUILT / "java/lib"
    # Tests run side by side: each worker has classes of its own.
    classes = BUILT / "java/classes" / os.environ.get("PYTEST_XDIST_WORKER", "alone")

    @functools.cache
    def class_path():
        subprocess.run(["javac", "-Xlint:all,-processing,-path,-classfile", "-Werror", "-proc:none",
                        "-d", classes, "-cp", f"{libraries}/*",
                        *sorted((HERE / "java").rglob("*.java"))], check=True)
        return f"{classes}:{libraries}/*"

    return lambda name, *arguments: ["java", f"-Djava.library.path={libraries}", "-cp",
                                     class_path(), f"clients.{name}", *arguments]


@pytest.fixture(scope="session")
def leases(java):
    """The endpoint of DynamoDB Local, where the Kinesis Client Library keeps its leases."""
    with ClientProgram(java("LeaseTable"), "http://127.0.0.1:1") as program:
        yield program.told()["url"]
