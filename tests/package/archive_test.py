"""The tar.gz, unpacked into a folder as into /usr/local."""

import re
from pathlib import Path

from conftest import run
from service import settings


def test_the_program_runs_from_where_it_was_unpacked(archive):
    assert re.fullmatch(r"hydrant [\d.]+\n", run(archive / "bin/hydrant", "--version"))


def test_its_configuration_is_good(archive):
    told = run(archive / "bin/hydrant", "--check", "--config", archive / "etc/hydrant/hydrant.json")
    assert "the configuration is good" in told


def test_the_unit_names_what_is_in_the_archive(archive):
    [line] = settings(archive / "lib/systemd/system/hydrant.service")["ExecStart"]
    named = re.findall(r"/usr/local/(\S+)", line)
    assert len(named) == 2
    assert [path for path in named if not (archive / path).is_file()] == []


def test_page_completions_and_library_are_there(archive):
    for path in ("share/man/man1/hydrant.1", "share/zsh/site-functions/_hydrant",
                 "share/bash-completion/completions/hydrant", "lib/libhydrant.a",
                 "share/fish/vendor_completions.d/hydrant.fish", "share/doc/hydrant/LICENSE",
                 "include/hydrant/server.h", "lib/cmake/hydrant/hydrant-config.cmake"):
        assert Path(archive, path).is_file(), path


def test_nothing_of_debian_is_there(archive):
    assert not (archive / "usr").exists()
    assert not (archive / "share/zsh/vendor-completions").exists()
