"""scripts/image refuses what it does not understand before it begins."""

import os
import subprocess

import pytest
from hydrant_process import ROOT


@pytest.mark.parametrize("arguments, sentence", [
    (["--pus"], "unknown option --pus; expected --runtimes, --base, --local-base, --ccache or "
                "--engine"),
    (["a:1", "b:1"], "expected one tag, got a:1 and b:1"),
    (["--base"], "--base wants a value"),
    (["--engine", "lxc"], "unknown engine lxc; expected docker, podman or buildah"),
])
def test_a_wrong_call_is_told_in_one_sentence(arguments, sentence):
    done = subprocess.run([ROOT / "scripts/image", *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, f"image: {sentence}\n")


def test_without_an_engine_it_says_what_it_wants(tmp_path):
    for tool in ("bash", "dirname", "sed"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    done = subprocess.run(["/bin/bash", ROOT / "scripts/image"], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60, check=False,
                          env={**os.environ, "PATH": str(tmp_path)})
    assert done.stderr == "image: needs docker with its daemon running, podman or buildah\n"
