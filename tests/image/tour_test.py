"""The tour of README.md by the AWS CLI, against a container: examples/tour.sh checks each step."""

import json
import os
import re
import subprocess
import sys

import pytest
from hydrant_process import ROOT
from invoked import invoked

TOUR_SECONDS = 120


def run_tour(container):
    done = subprocess.run(
        ["bash", ROOT / "examples/tour.sh"], stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=TOUR_SECONDS, check=False,
        env={**os.environ, "AWS_ENDPOINT_URL": container.url, "DATA_DIR": str(container.data)})
    assert done.returncode == 0, done.stdout + done.stderr + container.log()
    assert re.search(r"^\d+ checks passed$", done.stdout, re.M)
    assert container.stop() == 0


@pytest.fixture(name="function_url")
def _function_url():
    """The tour's function, run here and called as Lambda is."""
    sys.path.insert(0, str(ROOT / "examples/transform"))
    try:
        from app import lambda_handler  # pylint: disable=import-outside-toplevel,import-error
    finally:
        sys.path.pop(0)

    with invoked(lambda_handler) as port:
        yield f"http://127.0.0.1:{port}/2015-03-31/functions/function/invocations"


def test_the_tour_with_a_function_elsewhere(start, image, function_url, tmp_path):
    text = (ROOT / "configs/quickstart.json").read_text(encoding="utf-8")
    configuration = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.M))
    configuration["functions"] = [{"FunctionName": "transform", "Url": function_url}]
    path = tmp_path / "hydrant.json"
    path.write_text(json.dumps(configuration), encoding="utf-8")
    path.chmod(0o644)
    run_tour(start(image, volumes=[(path, "/etc/hydrant/hydrant.json")]))


def test_the_tour_as_it_is_in_the_image_with_runtimes(start, runtimes_image):
    folders = [(ROOT / name, f"/etc/hydrant/{name}") for name in ("configs", "examples")]
    run_tour(start(runtimes_image, volumes=folders,
                   environment={"HYDRANT_CONFIG": "/etc/hydrant/configs/quickstart.json"}))
