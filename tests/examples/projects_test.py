"""The examples that are projects of tests: each runs its own against the program."""

import os
import re
import resource
import shutil

import pytest

from conftest import BIN, EXAMPLES, environment, run
from hydrant_process import ROOT, program

# What all tests of the pytest example may take together, by pytest's own report.
REAL_SECONDS = 3
# A machine that is busy with other things slows them down; it is not busy all the time.
ATTEMPTS = 3


def run_pytest(folder, **variables):
    """How many passed, and in how many seconds."""
    text = run([BIN / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"], folder,
               PYTHONDONTWRITEBYTECODE="1", **variables)
    # Another pytest that tidies up the same temporary folder makes a warning.
    told = re.search(r"^(\d+) passed(?:, \d+ warnings?)? in ([\d.]+)s", text, re.M)
    assert told, text
    return int(told[1]), float(told[2])


def processor_seconds():
    """What programs that this one has waited for took of processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture
def pytest_example(copied):
    return copied("pytest")


def test_the_pytest_example_passes_within_three_seconds_of_real_time(pytest_example):
    took = []
    for _ in range(ATTEMPTS):
        before = processor_seconds()
        passed, seconds = run_pytest(pytest_example, HYDRANT=program())
        assert passed == 5
        # Where several wait for each processor, the time that it got is all that tells of it.
        if os.getloadavg()[0] > 2 * os.cpu_count():
            seconds = min(seconds, processor_seconds() - before)
        took.append(seconds)
        if seconds < REAL_SECONDS:
            break
    assert min(took) < REAL_SECONDS, took


def test_the_pytest_example_finds_the_program_on_the_path(pytest_example, tmp_path):
    (tmp_path / "hydrant").symlink_to(program())
    path = f"{tmp_path}:{environment()['PATH']}"
    assert run_pytest(pytest_example, PATH=path)[0] == 5


def test_the_pytest_example_falls_back_to_the_image_which_the_program_plays(pytest_example, docker):
    if shutil.which("hydrant", path=environment()["PATH"]):
        pytest.skip("a hydrant on PATH goes before the image")
    assert run_pytest(pytest_example, **docker.variables())[0] == 5
    image = (docker.containers / "image").read_text(encoding="utf-8")
    assert image == "hydrant:0.1.0-runtimes"


def test_the_jest_example_passes(copied):
    folder = copied("jest")
    text = run([BIN / "node", "node_modules/jest/bin/jest.js", "--ci"], folder, HYDRANT=program())
    assert re.search(r"^Tests: +3 passed, 3 total$", text, re.M), text


def test_the_go_example_passes(copied):
    text = run([BIN / "go", "test", "-count=1", "-v", "./..."], copied("go"),
               HYDRANT=program(), GOTOOLCHAIN="local", GOFLAGS="-mod=readonly", GOPROXY="off")
    assert text.count("--- PASS: ") == 3, text


def test_the_lock_file_of_the_jest_example_names_no_registry():
    lock = (EXAMPLES / "jest/package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


@pytest.mark.parametrize("name", [
    "pytest/requirements.txt", "gitlab-ci/.gitlab-ci.yml", "compose/app/Dockerfile"])
def test_the_python_packages_of_the_examples_are_those_that_the_tests_have(name):
    installed = (ROOT / "tests/sdk/requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = re.findall(r"[\w-]+==[\d.]+", (EXAMPLES / name).read_text(encoding="utf-8"))
    assert wanted
    assert set(wanted) <= set(installed)
