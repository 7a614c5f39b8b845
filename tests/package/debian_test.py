"""The Debian package: what is in it, and its life on a machine from installation to purge."""

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from conftest import ROOT, needs, run
from service import PATH, Service, settings

NOBODY = 65534
UNIT = "/lib/systemd/system/hydrant.service"
CONFIGURATION = Path("/etc/hydrant/hydrant.json")
# Where an installation, a start or a purge could leave something.
PLACES = [Path(path) for path in (
    "/usr/bin/hydrant", UNIT, "/etc/hydrant", "/etc/default/hydrant", "/var/lib/hydrant",
    "/var/lib/private/hydrant", "/usr/share/doc/hydrant", "/usr/share/man/man1/hydrant.1.gz",
    "/usr/share/bash-completion/completions/hydrant")]


def field(deb, name):
    return run("dpkg-deb", "--field", deb, name).strip()


def contents(deb):
    """{path: mode} of the files of a package."""
    lines = run("dpkg-deb", "--contents", deb).splitlines()
    return {line.split()[5][1:]: line.split()[0] for line in lines if not line.startswith("d")}


def test_files_are_where_debian_has_them(deb):
    files = contents(deb)
    print(f"{deb.name}: {deb.stat().st_size} bytes")
    for path in ("/usr/bin/hydrant", UNIT, str(CONFIGURATION), "/usr/share/man/man1/hydrant.1.gz",
                 "/usr/share/bash-completion/completions/hydrant",
                 "/usr/share/zsh/vendor-completions/_hydrant",
                 "/usr/share/fish/vendor_completions.d/hydrant.fish",
                 "/usr/share/doc/hydrant/copyright", "/usr/share/doc/hydrant/changelog.Debian.gz",
                 "/usr/share/doc/hydrant/changelog.gz"):
        assert path in files
    assert not [path for path in files if path.startswith(("/usr/include", "/usr/lib/lib"))]


def test_the_program_depends_on_its_libraries_and_recommends_interpreters(deb):
    depends = field(deb, "Depends")
    for library in ("libc6", "libssl3", "libjq1", "libnghttp2-14"):
        assert library in depends
    assert "-dev" not in depends
    assert field(deb, "Recommends") == "python3, nodejs"


def test_the_program_is_stripped(deb, tmp_path):
    run("dpkg-deb", "--extract", deb, tmp_path)
    program = tmp_path / "usr/bin/hydrant"
    print(f"the program: {program.stat().st_size} bytes")
    sections = run("readelf", "--section-headers", "--wide", program)
    assert ".text" in sections and ".symtab" not in sections and ".debug" not in sections


def test_the_version_is_the_one_of_the_program(deb, prefix):
    version = run(prefix / "bin/hydrant", "--version").split()[1]
    assert field(deb, "Version") == f"{version}-1"
    changelog = (ROOT / "packaging/debian/changelog").read_text()
    assert changelog.startswith(f"hydrant ({version}-1) ")


def test_the_configuration_is_one_that_a_user_may_change(deb):
    assert run("dpkg-deb", "--info", deb, "conffiles").split() == [str(CONFIGURATION)]


def test_lintian_finds_nothing_wrong(deb):
    # Nobody has asked Debian to take it up.
    run(needs("lintian"), "--allow-root", "--fail-on", "error,warning", "--suppress-tags",
        "initial-upload-closes-no-bugs", deb)


def test_the_library_is_a_package_of_its_own(packages):
    [path] = packages.glob("hydrant-dev_*.deb")
    files = contents(path)
    assert {"/usr/include/hydrant/server.h", "/usr/lib/libhydrant.a",
            "/usr/lib/cmake/hydrant/hydrant-config.cmake"} <= set(files)
    # What the configuration of the package looks for, by the names of Debian.
    for package in ("libssl-dev", "libspdlog-dev", "libsimdjson-dev", "libjq-dev", "pkg-config",
                    "libnghttp2-dev", "libdeflate-dev", "libsnappy-dev",
                    "libhowardhinnant-date-dev"):
        assert package in field(path, "Depends")


def test_the_unit_listens_on_loopback_as_a_user_of_its_own(deb, tmp_path):
    run("dpkg-deb", "--extract", deb, tmp_path)
    unit = settings(f"{tmp_path}{UNIT}")
    assert unit["DynamicUser"] == ["yes"] and unit["StateDirectory"] == ["hydrant"]
    assert unit["KillSignal"] == ["SIGTERM"] and unit["Restart"] == ["on-failure"]
    [line] = unit["ExecStart"]
    assert line.startswith("/usr/bin/hydrant --config /etc/hydrant/hydrant.json ")
    text = re.sub(r"^\s*//.*$", "", (tmp_path / "etc/hydrant/hydrant.json").read_text(), flags=re.M)
    assert json.loads(text)["host"] == "127.0.0.1"


def test_systemd_understands_the_unit(deb, tmp_path):
    analyze = needs("systemd-analyze")
    run("dpkg-deb", "--extract", deb, tmp_path)
    # Of a program that is not installed it would say that it is not there.
    unit = tmp_path / "hydrant.service"
    text = Path(f"{tmp_path}{UNIT}").read_text()
    unit.write_text(text.replace("/usr/bin/", f"{tmp_path}/usr/bin/"))
    done = subprocess.run([analyze, "verify", "--man=no", unit], capture_output=True, text=True,
                          check=False)
    about_it = [line for line in done.stderr.splitlines() if "hydrant" in line]
    assert (done.returncode, about_it) == (0, [])
    exposure = run(analyze, "security", "--offline=true", unit).splitlines()[-1]
    print(exposure)
    assert float(re.search(r"[\d.]+", exposure.split("service:")[1])[0]) < 4


@pytest.fixture(scope="module")
def installed(deb):
    """The package on this machine, from the first test that asks for it until it is purged."""
    if os.getuid() != 0 or not Path("/var/lib/dpkg/status").is_file():
        pytest.skip("only root can install a package, and only on Debian and its kin")
    taken = [str(path) for path in PLACES if os.path.lexists(path)]
    if taken:
        pytest.skip(f"hydrant is installed here already: {' '.join(taken)}")
    before = systemd_files()
    # Its dependencies are there: they are those of the build.
    install(deb)
    yield before
    purge()


def dpkg(*arguments):
    """Runs dpkg when nobody else is at work: the lock is the one that apt-get takes for it."""
    with open("/var/lib/dpkg/lock-frontend", "w", encoding="utf-8") as lock:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        run("dpkg", *arguments,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "DPKG_FRONTEND_LOCKED": "1"})


def install(deb):
    # The index of manual pages takes longer than all else, and is made once more by the purge.
    dpkg("--no-triggers", "--install", deb)


def purge():
    if subprocess.run(["dpkg", "-s", "hydrant"], capture_output=True, check=False).returncode == 0:
        dpkg("--purge", "hydrant")


def systemd_files():
    """What systemd and its helpers keep about units."""
    folders = [Path("/etc/systemd/system"), *Path("/var/lib/systemd").glob("deb-systemd-helper-*")]
    return {str(path) for folder in folders for path in folder.rglob("*hydrant*")}


def running(program):
    """The processes of this very file; a container may have one of the same name."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.path.samefile(process / "exe", program):
                found.append(process.name)
        except OSError:  # it has ended, or is a thread of the kernel
            continue
    return found


def test_it_is_neither_enabled_nor_started_by_itself(installed):
    wants = Path("/etc/systemd/system/multi-user.target.wants/hydrant.service")
    assert not os.path.lexists(wants)
    assert running("/usr/bin/hydrant") == []


def test_it_starts_by_its_unit_and_stops(installed):
    # systemd has the folder elsewhere for users that it makes, and a link to it here.
    folder, private = Path("/var/lib/hydrant"), Path("/var/lib/private/hydrant")
    for path in (folder, private):
        path.mkdir(parents=True)
    os.chown(folder, NOBODY, NOBODY)
    with Service(UNIT, folder, HYDRANT_PORT="0") as service:
        status, body = service.ask("GET", "/_hydrant/health")
        assert (status, json.loads(body)["status"]) == (200, "ok")
        run("/usr/bin/hydrant", "--health", "--port", service.port)
        assert len(running("/usr/bin/hydrant")) == 1
        assert service.stop() == 0
    assert (folder / "data").is_dir()


def test_a_changed_configuration_survives_another_installation(installed, deb):
    CONFIGURATION.write_text('{"streams": []}')
    install(deb)
    assert CONFIGURATION.read_text() == '{"streams": []}'


HANDLER = """
def handler(event, context):
    return {"records": [{"recordId": record["recordId"], "result": "Ok", "data": "ZG9uZQ=="}
                        for record in event["records"]]}
"""


@pytest.fixture
def open_folder():
    """A folder that belongs to the user of the service."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        os.chown(folder, NOBODY, NOBODY)
        yield Path(folder)


def test_stopping_the_service_delivers_what_it_buffers_by_its_functions(installed, open_folder):
    if not shutil.which("python3", path=PATH):
        pytest.skip(f"there is no python3 in {PATH}")
    (open_folder / "app.py").write_text(HANDLER)
    function = "arn:aws:lambda:us-east-1:000000000000:function:f"
    CONFIGURATION.write_text(json.dumps({
        "functions": [{"FunctionName": "f", "Runtime": "python3", "Handler": "app.handler",
                       "Directory": str(open_folder)}],
        "deliveryStreams": [{"DeliveryStreamName": "logs", "ExtendedS3DestinationConfiguration": {
            "RoleARN": "arn:aws:iam::000000000000:role/r", "BucketARN": "arn:aws:s3:::logs",
            "ProcessingConfiguration": {"Enabled": True, "Processors": [
                {"Type": "Lambda", "Parameters": [
                    {"ParameterName": "LambdaArn", "ParameterValue": function}]}]}}}]}))
    body = json.dumps({"DeliveryStreamName": "logs", "Record": {"Data": "YWJj"}})
    headers = {"Content-Type": "application/x-amz-json-1.1",
               "X-Amz-Target": "Firehose_20150804.PutRecord"}
    with Service(UNIT, open_folder, HYDRANT_PORT="0") as service:
        status, answer = service.ask("POST", "/", body, headers)
        assert status == 200, answer
        assert service.stop() == 0
    [written] = [path for path in (open_folder / "data/s3/logs").rglob("*") if path.is_file()]
    assert written.read_text() == "done"


def test_a_purge_leaves_nothing(installed):
    purge()
    assert [str(path) for path in PLACES if os.path.lexists(path)] == []
    assert systemd_files() == installed
