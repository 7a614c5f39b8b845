"""The manual page and the completions, as man and the shells read them."""

import re
import subprocess

import pytest

from conftest import needs, run

PAGE = "share/man/man1/hydrant.1"
BASH = "share/bash-completion/completions/hydrant"
ZSH = "share/zsh/site-functions/_hydrant"
FISH = "share/fish/vendor_completions.d/hydrant.fish"


@pytest.fixture(scope="module")
def flags(prefix):
    """Every flag that the program names."""
    found = re.findall(r"^  (--[\w.-]+)", run(prefix / "bin/hydrant", "--help"), re.M)
    assert len(found) > 30
    return found


def test_the_page_names_every_flag(prefix, flags):
    page = (prefix / PAGE).read_text().replace(r"\-", "-")
    assert [flag for flag in flags if rf"\fB{flag}\fR" not in page] == []


def test_man_shows_the_page_without_a_warning(prefix):
    done = subprocess.run([needs("man"), "--warnings", "-l", prefix / PAGE], capture_output=True,
                          text=True, check=False, env={"MANWIDTH": "80", "PATH": "/usr/bin:/bin",
                                                       "LC_ALL": "C.UTF-8"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "--throttle.scale" in done.stdout


def test_mandoc_finds_nothing_wrong(prefix):
    run(needs("mandoc"), "-T", "lint", "-W", "warning", prefix / PAGE)


def bash_offers(prefix, *words):
    script = ('. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hydrant; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    return run("bash", "-c", script, "bash", prefix / BASH, "hydrant", *words).split()


def test_bash_offers_every_flag(prefix, flags):
    assert sorted(bash_offers(prefix, "--")) == sorted(flags)


@pytest.mark.parametrize("words, offered", [
    (["--thr"], ["--threads", "--throttle.kinesis", "--throttle.controlPlane",
                 "--throttle.firehose", "--throttle.scale", "--throttle.burstSeconds"]),
    (["--auth", ""], ["off", "required", "verify"]),
    (["--auth", "=", "v"], ["verify"]),
    (["--log-format", "="], ["text", "json"]),
    (["--strict", "f"], ["false"]),
    (["--strict", "--hel"], ["--help"]),
    (["--port", ""], []),
])
def test_bash_completes(prefix, words, offered):
    assert bash_offers(prefix, *words) == offered


def test_bash_completes_paths(prefix):
    assert f"{prefix}/bin" in bash_offers(prefix, "--data-dir", f"{prefix}/b")
    assert f"{prefix}/bin/hydrant" in bash_offers(prefix, "--config", f"{prefix}/bin/")


def test_zsh_reads_a_specification_of_every_flag(prefix, flags):
    # _arguments shows what it is given; without a terminal zsh completes nothing.
    zsh = needs("zsh")
    words = run(zsh, "-f", "-c", f'_arguments() {{ print -rl -- "$@" }}; . {prefix / ZSH}')
    read = [re.split(r"=?\[", line)[0] for line in words.splitlines()]
    assert read == ["-S", *flags]
    assert ("--auth=[What a request's signature must be\\: anything, present and complete, or "
            "right.]:off, required or verify:(off required verify)") in words.splitlines()


def fish_offers(prefix, line):
    told = run(needs("fish"), "--no-config", "-c", f"source {prefix / FISH}; complete -C '{line}'")
    offered = [line.split("\t")[0] for line in told.splitlines()]
    return sorted(word for word in offered if not word.endswith("="))


def test_fish_offers_every_flag(prefix, flags):
    assert fish_offers(prefix, "hydrant --") == sorted(flags)


def test_fish_offers_choices(prefix):
    assert fish_offers(prefix, "hydrant --auth ") == ["off", "required", "verify"]
