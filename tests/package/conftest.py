"""What the tests of this folder share: an installation, the packages, and how a command is run."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from hydrant_process import ROOT  # noqa: E402

BUILD = ROOT / "build/release"


def run(*command, **more):
    """The output of a command, which must end well."""
    done = subprocess.run([*map(str, command)], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **more)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def needs(program):
    """The path of a program that a machine may not have."""
    path = shutil.which(program)
    if not path:
        pytest.skip(f"there is no {program} here")
    return path


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    """A folder with what cmake --install puts there."""
    run(ROOT / "scripts/build", "release", "installed")
    folder = tmp_path_factory.mktemp("prefix") / "hydrant"
    run("cmake", "--install", BUILD, "--prefix", folder)
    return folder


@pytest.fixture(scope="session")
def packages(tmp_path_factory):
    """A folder with the packages."""
    folder = tmp_path_factory.mktemp("packages")
    run(ROOT / "scripts/package", folder)
    return folder


@pytest.fixture(scope="session")
def deb(packages):
    """The Debian package of the program."""
    if not shutil.which("dpkg-deb"):
        pytest.skip("this machine makes no Debian packages")
    [path] = packages.glob("hydrant_*.deb")
    return path


@pytest.fixture(scope="session")
def archive(packages, tmp_path_factory):
    """A folder into which the tar.gz was unpacked as docs/install.md says."""
    [path] = packages.glob("hydrant-*.tar.gz")
    folder = tmp_path_factory.mktemp("archive")
    run("tar", "-C", folder, "--strip-components=1", "-xzf", path)
    return folder
