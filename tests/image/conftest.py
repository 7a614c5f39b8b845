"""What the tests of this folder share: the images, built once, and containers of them."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from buildah import Buildah, Unusable, why_not  # noqa: E402
from hydrant_process import ROOT  # noqa: E402

TAG = "hydrant-under-test:1"
BUILD_SECONDS = 1500  # with two cores, others at work on them, and nothing cached
LOCK_SECONDS = 1800


def pytest_terminal_summary(terminalreporter):
    """pytest -q counts what was skipped, and does not say why."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in {report.longrepr[2].removeprefix("Skipped: ") for report in skipped}:
        terminalreporter.write_line(f"== image: {reason}")


@pytest.fixture(scope="session")
def buildah(tmp_path_factory):
    """The engine, with a store of its own, which keeps the base from one run to the next."""
    reason = why_not()
    if reason:
        pytest.skip(f"no image without a container engine: {reason}")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hydrant/image"
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w", encoding="utf-8") as lock:
        # Two clones share the base, and clean up behind each other.
        subprocess.run(["flock", "--wait", str(LOCK_SECONDS), str(lock.fileno())], check=True,
                       pass_fds=[lock.fileno()])
        try:
            engine = Buildah(cache, tmp_path_factory.mktemp("buildah"))
        except Unusable as unusable:
            pytest.skip(f"no image without a container engine: {unusable}")
        engine.clean()
        yield engine
        engine.clean()
        fcntl.flock(lock, fcntl.LOCK_UN)


@pytest.fixture(scope="session")
def built(buildah):
    """Builds both images, as a reader of docs/container.md would."""
    command = [ROOT / "scripts/image", "--engine", "buildah", "--local-base", "--runtimes"]
    if shutil.which("ccache"):
        command.append("--ccache")
    done = subprocess.run([*command, TAG], env=buildah.environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    if "apt has no mirror" in done.stderr:
        pytest.skip(done.stderr.strip().splitlines()[-1])
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="session")
def image(buildah, built):
    return buildah.image(TAG)


@pytest.fixture(scope="session")
def runtimes_image(buildah, built):
    return buildah.image(TAG + "-runtimes")


@pytest.fixture
def start():
    """Starts containers of an image; those that a test has not ended are killed."""
    containers = []

    def start_one(image, *flags, **more):
        containers.append(image.start(*flags, **more))
        return containers[-1]

    yield start_one
    for container in containers:
        container.kill()
