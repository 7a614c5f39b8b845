"""Images and containers without a container engine: buildah, with chroot in place of namespaces.

A container so started shares the network and the processes of the machine. Its root, its user and
its variables are the image's own.
"""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

LISTENING = re.compile(r"hydrant \S+ listening on (http://(127\.0\.0\.1):(\d+))\n")
# Far beyond what a loaded machine needs; only what hangs meets them.
CALL_SECONDS = 300
STOP_SECONDS = 60
BASE = "localhost/debian-min"


def why_not():
    """Why images cannot be built here, or nothing."""
    if os.geteuid() != 0:
        return "chroot wants root"
    for program in ("buildah", "debootstrap", "flock", "ip", "unshare"):
        if not shutil.which(program):
            return f"{program} is not installed"
    with tempfile.TemporaryDirectory() as folder:
        mounted = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", folder],
                                 capture_output=True, text=True, check=False)
    return f"nothing can be mounted: {mounted.stderr.strip()}" if mounted.returncode else None


class Unusable(Exception):
    """There is a buildah, but it cannot work here."""


class Buildah:
    """Calls of buildah, whose images are under `cache`."""

    def __init__(self, cache, scratch):
        self._configuration = scratch / "storage.conf"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("HYDRANT_", "STORAGE_"))},
            "CONTAINERS_STORAGE_CONF": str(self._configuration), "BUILDAH_ISOLATION": "chroot"}
        # An overlay need not copy the base for each container, but cannot be mounted everywhere.
        for driver in ("overlay", "vfs"):
            self._configuration.write_text(
                f'[storage]\ndriver = "{driver}"\ngraphroot = "{cache}/{driver}"\n'
                f'runroot = "{scratch}/run"\n', encoding="utf-8")
            if self._can_mount():
                return
        raise Unusable("buildah can mount neither an overlay nor a copy of an image")

    def _can_mount(self):
        made = self.run("from", "scratch", check=False)
        if made.returncode:
            return False
        mounted = self.run("mount", made.stdout.strip(), check=False)
        self.run("rm", made.stdout.strip())
        return mounted.returncode == 0

    def run(self, *arguments, check=True):
        done = subprocess.run(["buildah", *map(str, arguments)], env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=CALL_SECONDS,
                              check=False)
        assert not check or done.returncode == 0, f"buildah {arguments}: {done.stderr}"
        return done

    def clean(self):
        """Removes all containers, and all images but the base."""
        self.run("rm", "--all")
        images = json.loads(self.run("images", "--all", "--json").stdout or "null") or []
        for image in images:
            if not any(name.startswith(BASE) for name in image.get("names") or []):
                self.run("rmi", "--force", image["id"])

    def image(self, tag):
        return Image(self, tag)


class Image:
    """An image: its configuration, its files, its containers."""

    def __init__(self, buildah, tag):
        self.buildah = buildah
        self.tag = tag
        inspected = json.loads(buildah.run("inspect", "--type", "image", tag).stdout)
        self.configuration = inspected["Docker"]["config"]
        self.root = self.new_root()

    def new_container(self):
        return self.buildah.run("from", "--pull-never", self.tag).stdout.strip()

    def new_root(self):
        """The folder of its files, all of them and none besides."""
        return Path(self.buildah.run("mount", self.new_container()).stdout.strip())

    def files(self):
        """The paths of all that is no folder, below the root."""
        return sorted(Path("/") / path.relative_to(self.root) for path in self.root.rglob("*")
                      if path.is_symlink() or not path.is_dir())

    def start(self, *flags, **more):
        return Container(self, flags, **more)


class Container:
    """A running container. Attributes: url, host, port; data, the folder mounted at /data."""

    def __init__(self, image, flags=(), volumes=(), environment=None, data=None):
        """Starts it on a free port of loopback, and waits until it listens.

        `volumes` are (folder or file of the machine, path in the container), both to be read only.
        """
        self._buildah = image.buildah
        self._name = image.new_container()
        self._entry_point = image.configuration["Entrypoint"]
        self._scratch = Path(tempfile.mkdtemp(prefix="hydrant-image-"))
        self.data = data or self._scratch / "data"
        self.data.mkdir(exist_ok=True)
        self.data.chmod(0o1777)
        self._scratch.chmod(0o755)
        # What is mounted takes the place of the image's volume. With chroot, buildah 1.28 mounts
        # both, now in one order and now in the other.
        self._buildah.run("config", "--volume", "/data-", self._name)
        mounts = [f"{self.data}:/data", *(f"{source}:{target}:ro" for source, target in volumes)]
        variables = {"HYDRANT_HOST": "127.0.0.1", "HYDRANT_PORT": "0", **(environment or {})}
        self._options = [word for mount in mounts for word in ("--volume", mount)]
        self._variables = variables
        self._log_path = self._scratch / "log"
        with open(self._log_path, "wb") as log:
            self._process = subprocess.Popen(
                self._command(*self._entry_point, *flags), env=self._buildah.environment, text=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        first_line = self._process.stdout.readline()
        listening = LISTENING.fullmatch(first_line)
        if not listening:
            text = self.log()
            self.kill()
            raise AssertionError(f"not the line of a listening program: {first_line!r}\n{text}")
        self.url, self.host, self.port = listening[1], listening[2], int(listening[3])
        self._variables["HYDRANT_PORT"] = str(self.port)

    def _command(self, *command):
        settings = [word for name, value in self._variables.items()
                    for word in ("--env", f"{name}={value}")]
        return ["buildah", "run", *self._options, *settings, self._name, "--", *command]

    def execute(self, *command):
        """Runs a second command in the container: its exit code."""
        return subprocess.run(self._command(*command), env=self._buildah.environment,
                              stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=CALL_SECONDS, check=False).returncode

    def log(self):
        return self._log_path.read_text(encoding="utf-8", errors="replace")

    @property
    def pid(self):
        """The process of hydrant; those above it are buildah's."""
        pids = [self._process.pid]
        for pid in pids:
            if Path(f"/proc/{pid}/comm").read_text(encoding="utf-8") == "hydrant\n":
                return pid
            for task in Path(f"/proc/{pid}/task").iterdir():
                pids += map(int, (task / "children").read_text(encoding="utf-8").split())
        raise AssertionError("no process of hydrant")

    def users(self):
        """The user and the groups that the kernel knows its process by."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="utf-8")
        return {name: set(re.search(rf"^{name}:\s*(.*)$", status, re.M)[1].split())
                for name in ("Uid", "Gid", "Groups", "CapEff")}

    def admin(self, method, path, body=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=CALL_SECONDS)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, "/_hydrant/" + path, text)
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        assert reply.status == 200, content
        return json.loads(content)

    def objects(self):
        """All objects that were written, as {"bucket/key": bytes}."""
        folder = self.data / "s3"
        files = (p for p in sorted(folder.rglob("*")) if p.is_file())
        names = ((path.relative_to(folder), path) for path in files)
        return {str(name): path.read_bytes() for name, path in names
                if ".hydrant" not in name.parts}

    def stop(self):
        """Ends it as an engine does: the exit code. Its data stay until the test is over."""
        os.kill(self.pid, signal.SIGTERM)
        return self._process.wait(STOP_SECONDS)

    def kill(self):
        if self._process.poll() is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except (AssertionError, OSError):
                self._process.kill()
            self._process.wait(STOP_SECONDS)
        self._process.stdout.close()
        self._buildah.run("rm", self._name, check=False)
        shutil.rmtree(self._scratch, ignore_errors=True)
