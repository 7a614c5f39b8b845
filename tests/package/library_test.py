"""The library as its users have it: from an installed prefix, with nothing of the source tree."""

import os
import re
import shutil
import subprocess

import pytest

from conftest import ROOT, run

DOCUMENT = ROOT / "docs/embedding.md"
# Where the compiler, the C++ library and the C library have their headers.
STANDARD = re.compile(r"/usr/(lib/gcc|include/(c\+\+|asm-generic|linux|\w+-linux-gnu)/"
                      r"|include/[\w-]+\.h$)")


def built(project, prefix, build):
    """Configures and builds a project against an installation alone."""
    run("cmake", "-S", project, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
        f"-DCMAKE_PREFIX_PATH={prefix}",
        # cmake/warnings.cmake says what GCC 12 takes for overlapping.
        "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Wno-restrict -Werror")
    run("cmake", "--build", build)
    return build


def outside(project, folder):
    """A copy of a project, far from the source tree."""
    return shutil.copytree(project, folder / "project")


def test_a_project_outside_of_the_tree_runs_servers_of_its_own(prefix, tmp_path):
    build = built(outside(ROOT / "tests/embed", tmp_path), prefix, tmp_path / "build")
    assert str(ROOT) not in (build / "CMakeCache.txt").read_text()
    told = run(build / "embed", tmp_path / "data")
    print(told)
    assert "FAILED" not in told and told.endswith("0 failed\n")


def test_the_example_of_the_document_runs_with_the_library_of_the_archive(archive, tmp_path):
    blocks = dict(re.findall(r"^```(cmake|cpp)\n(.*?)^```$", DOCUMENT.read_text(), re.M | re.S))
    (tmp_path / "CMakeLists.txt").write_text(blocks["cmake"])
    (tmp_path / "main.cpp").write_text(blocks["cpp"])
    build = built(tmp_path, archive, tmp_path / "build")
    assert run(build / "app", cwd=tmp_path) == "hello\n"


@pytest.mark.parametrize("header", ["options.h", "server.h", "version.h"])
def test_a_header_compiles_alone_and_wants_the_standard_library_only(prefix, header):
    compiler = [os.environ.get("CXX", "c++"), "-std=c++20", "-Wall", "-Wextra", "-Wpedantic",
                "-Werror", "-I", prefix / "include", "-x", "c++", "-"]
    source = f"#include <hydrant/{header}>\n"
    run(*compiler, "-fsyntax-only", input=source)
    made = run(*compiler, "-M", input=source)
    read = [os.path.normpath(path) for path in made.replace("\\\n", " ").split()[1:]]
    assert len(read) > 1
    foreign = [path for path in read if path.startswith("/") and not STANDARD.match(path)
               and not path.startswith(f"{prefix}/include/hydrant/")]
    assert foreign == []


def test_every_header_is_installed(prefix):
    names = {path.name for path in (ROOT / "include/hydrant").iterdir()}
    assert {path.name for path in (prefix / "include/hydrant").iterdir()} == names


@pytest.mark.parametrize("version, found", [
    ("0.1", True), ("0.1.0", True), ("0.2", False), ("0.0", False)])
def test_a_minor_version_is_compatible_with_itself_only(prefix, tmp_path, version, found):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.20)\nproject(app LANGUAGES CXX)\n"
        f"find_package(hydrant {version} REQUIRED)\n")
    command = ["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == found, done.stderr


def test_nothing_of_the_source_tree_is_named_in_what_is_installed(prefix):
    for path in (prefix / "lib/cmake/hydrant").iterdir():
        assert str(ROOT) not in path.read_text()
