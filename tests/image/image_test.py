"""What the image holds, and what its configuration tells an engine."""

import re
import subprocess

from hydrant_process import ROOT

MB = 1_000_000
SIZE_MAX = 20 * MB
PROGRAM = "/usr/bin/hydrant"
LOADER = "/lib64/ld-linux-x86-64.so.2"


def size_of(image):
    inodes = {}
    for path in image.files():
        status = (image.root / path.relative_to("/")).lstat()
        inodes[status.st_ino] = status.st_size
    return sum(inodes.values())


def test_it_is_small(image, capsys):
    size = size_of(image)
    with capsys.disabled():
        print(f"\nimage: {size / MB:.1f} MB in {len(image.files())} files")
    assert size <= SIZE_MAX


def test_the_build_tells_its_size(built):
    assert re.search(r"^== image: hydrant-under-test:1 is \d+(\.\d+)? MB$", built, re.M), built


def test_it_runs_as_a_user_without_a_name_in_its_configuration(image):
    # Kubernetes' runAsNonRoot knows no names.
    assert image.configuration["User"] == "65532:65532"
    assert "hydrant:x:65532:65532:" in (image.root / "etc/passwd").read_text(encoding="utf-8")


def test_it_checks_its_health_without_a_shell(image):
    assert image.configuration["Healthcheck"]["Test"] == ["CMD", PROGRAM, "--health"]


def test_its_data_are_a_volume_that_any_user_may_write_to(image):
    assert list(image.configuration["Volumes"]) == ["/data"]
    assert (image.root / "data").stat().st_mode & 0o7777 == 0o1777
    assert not list((image.root / "data").iterdir())


def test_it_listens_for_others_on_the_port_of_the_documentation(image):
    variables = dict(line.split("=", 1) for line in image.configuration["Env"])
    assert variables == {"PATH": "/usr/bin", "HYDRANT_HOST": "0.0.0.0", "HYDRANT_DATA_DIR": "/data",
                         "HYDRANT_CONFIG": "/etc/hydrant/hydrant.json"}
    assert list(image.configuration["ExposedPorts"]) == ["4566/tcp"]


def test_it_is_started_and_stopped_without_a_shell(image):
    assert image.configuration["Entrypoint"] == [PROGRAM]
    assert not image.configuration.get("Cmd")
    assert image.configuration["StopSignal"] in ("SIGTERM", "15")


def test_it_says_what_it_is(image):
    labels = {name.removeprefix("org.opencontainers.image."): value
              for name, value in image.configuration["Labels"].items()}
    version = re.search(r"project\(hydrant VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert labels["title"] == "hydrant"
    assert labels["version"] == version
    assert labels["licenses"] == "Apache-2.0"
    assert re.fullmatch(r"[0-9a-f]{40}|unknown", labels["revision"])


def test_it_holds_one_program_and_the_libraries_of_that(image):
    listed = subprocess.run(["chroot", image.root, LOADER, "--list", PROGRAM], capture_output=True,
                            text=True, check=True).stdout
    assert "not found" not in listed
    needed = set(re.findall(r"=> (/\S+)|^\s*(/\S+) \(", listed, re.M))
    needed = {path for pair in needed for path in pair if path} | {LOADER}
    code = {str(path) for path in image.files()
            if (image.root / path.relative_to("/")).read_bytes()[:4] == b"\x7fELF"}
    assert code == needed | {PROGRAM}


def test_no_other_file_can_be_run(image):
    runnable = [path for path in image.files() if not str(path).startswith(("/lib/", "/lib64/"))
                and (image.root / path.relative_to("/")).stat().st_mode & 0o111]
    assert list(map(str, runnable)) == [PROGRAM]


def test_no_file_belongs_to_its_user(image):
    """What runs in it cannot change it."""
    owners = {(image.root / path.relative_to("/")).lstat().st_uid for path in image.files()}
    assert owners == {0}


def test_it_lists_the_packages_of_its_libraries_and_their_terms(image):
    packages = {path.name for path in (image.root / "var/lib/dpkg/status.d").iterdir()}
    assert {"libc6", "libjq1", "libstdc++6", "tzdata"} <= packages
    terms = {path.parent.name for path in (image.root / "usr/share/doc").glob("*/copyright")}
    assert terms == packages | {"hydrant"}


def test_the_image_with_runtimes_is_configured_alike(image, runtimes_image):
    def told(configuration):
        names = ("User", "Healthcheck", "Volumes", "ExposedPorts", "Entrypoint", "StopSignal")
        variables = [line for line in configuration["Env"] if line.startswith("HYDRANT_")]
        return {name: configuration[name] for name in names}, sorted(variables)

    assert told(runtimes_image.configuration) == told(image.configuration)
