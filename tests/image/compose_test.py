"""docker/compose.yml, as far as it can be tried without docker."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hydrant_process import ROOT, HydrantProcess

FOLDER = ROOT / "docker"
PRODUCER_SECONDS = 60


@pytest.fixture(name="services", scope="module")
def _services():
    return yaml.safe_load((FOLDER / "compose.yml").read_text(encoding="utf-8"))["services"]


def mounts(service):
    return {target: source for source, target, *_ in (v.split(":") for v in service["volumes"])}


def test_its_hydrant_is_the_image_that_the_script_makes(services):
    version = re.search(r"project\(hydrant VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert services["hydrant"]["image"] == f"${{HYDRANT_IMAGE:-hydrant:{version}}}"


def test_its_ports_are_open_on_loopback_only(services):
    assert all(port.startswith("127.0.0.1:") for port in services["hydrant"]["ports"])


def test_the_producer_waits_for_the_health_of_hydrant(services):
    assert services["producer"]["depends_on"] == {"hydrant": {"condition": "service_healthy"}}
    assert services["producer"]["environment"]["AWS_ENDPOINT_URL"] == "http://hydrant:4566"


def test_the_producer_s_records_are_delivered(services):
    configuration = FOLDER / mounts(services["hydrant"])["/etc/hydrant/hydrant.json"]
    producer = FOLDER / mounts(services["producer"])[services["producer"]["entrypoint"][-1]]
    with HydrantProcess("--config", configuration) as hydrant:
        environment = {**os.environ, **services["producer"]["environment"],
                       "AWS_ENDPOINT_URL": hydrant.url,
                       "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        subprocess.run(["bash", producer, "2"], env=environment, timeout=PRODUCER_SECONDS,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        hydrant.flush()
        delivered = b"".join(hydrant.objects().values())
    assert delivered == b'{"order":1,"total":1}\n{"order":2,"total":2}\n'
