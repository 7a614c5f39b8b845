"""The program under test, as the Python suites start, drive and stop it.

    with HydrantProcess("--clock", "virtual", config={"streams": [...]}) as hydrant:
        hydrant.url                  # http://127.0.0.1:PORT, a port of its own
        hydrant.advance(60)
        hydrant.flush("to-s3")       # ["bucket/key", ...]
        hydrant.object("bucket/key") # bytes
    # leaving the block stops it and fails unless it ended with exit code 0

The environment variable HYDRANT_PROGRAM names the program; without it, that of the release build.
Each process has a data folder of its own, removed when it stops. A file of the standard library
alone, so that every suite can use it.
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

ROOT = Path(__file__).resolve().parents[2]
LISTENING = re.compile(r"hydrant \S+ listening on (https?://(\S+):(\d+))\n")
# Far beyond what a loaded machine needs; only a program that hangs meets them.
STOP_SECONDS = 60
REPLY_SECONDS = 120


def program():
    """The path of the program that the suites test."""
    return os.environ.get("HYDRANT_PROGRAM") or str(ROOT / "build/release/hydrant")


class AdminError(Exception):
    """The admin interface refused a call."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class HydrantProcess:
    """One running program. Attributes: url, host, port, data (its data folder), exit_code."""

    def __init__(self, *flags, config=None, environment=None):
        """Starts the program with these flags on a free port and waits until it listens.

        `config` is the content of a configuration file, a dict. The environment has none of the
        HYDRANT_ variables of the caller, only those of `environment`.
        """
        self.exit_code = None
        self._folder = Path(tempfile.mkdtemp(prefix="hydrant-test-"))
        self.data = self._folder / "data"
        arguments = [program(), "--port", "0", "--data-dir", str(self.data)]
        if config is not None:
            path = self._folder / "hydrant.json"
            path.write_text(json.dumps(config), encoding="utf-8")
            arguments += ["--config", str(path)]
        variables = {k: v for k, v in os.environ.items() if not k.startswith("HYDRANT_")}
        self._log_path = self._folder / "log"
        with open(self._log_path, "wb") as log_file:
            self._process = subprocess.Popen(
                [*arguments, *map(str, flags)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log_file, text=True,
                env={**variables, **(environment or {})})
        # Ends with the line, or with the end of a program that did not start.
        first_line = self._process.stdout.readline()
        listening = LISTENING.fullmatch(first_line)
        if not listening:
            log = self.log()
            self.kill()
            raise AssertionError(f"not the line of a listening program: {first_line!r}\n{log}")
        self.url, self.host, self.port = listening[1], listening[2], int(listening[3])

    @property
    def pid(self):
        return self._process.pid

    def log(self):
        """What the program has written to stderr so far."""
        if not self._log_path.exists():
            return ""
        return self._log_path.read_text(encoding="utf-8", errors="replace")

    # ---------------------------------------------------------------- admin interface

    def admin(self, method, path, body=None):
        """The JSON that METHOD /_hydrant/PATH answers; AdminError for a status from 400 on."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=REPLY_SECONDS)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, "/_hydrant/" + path, text)
            reply = connection.getresponse()
            content = json.loads(reply.read())
        finally:
            connection.close()
        if reply.status >= 400:
            raise AdminError(reply.status, content)
        return content

    def advance(self, seconds):
        """Moves the virtual clock; all work due by then is done on return."""
        return self.admin("POST", "clock/advance", {"seconds": seconds})

    def flush(self, name=None):
        """Delivers what one delivery stream, or all, have buffered: ["bucket/key", ...]."""
        path = "flush" if name is None else "flush/" + name
        return self.admin("POST", path)["objects"]

    def reset(self):
        """Back to the state after the start; only the clock keeps its time."""
        self.admin("POST", "reset")

    def state(self):
        return self.admin("GET", "state")

    def clock(self):
        return self.admin("GET", "clock")

    # ---------------------------------------------------------------- objects

    def objects(self):
        """All objects that were written, as {"bucket/key": bytes}."""
        folder = self.data / "s3"
        if not folder.is_dir():
            return {}
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        names = ((path.relative_to(folder), path) for path in files)
        return {str(name): path.read_bytes() for name, path in names
                if not any(part.startswith(".hydrant") for part in name.parts)}

    def object(self, name):
        """The bytes of the object "bucket/key" (of a key that needs no escaping)."""
        return (self.data / "s3" / name).read_bytes()

    def object_info(self, name):
        """What the file of an object cannot say: ContentType, ContentEncoding and the like."""
        path = self.data / "s3/.hydrant" / (name + ".json")
        return json.loads(path.read_text(encoding="utf-8"))

    # ---------------------------------------------------------------- the end

    def stop(self):
        """Asks the program to end, as a service manager does; returns its exit code."""
        if self.exit_code is None:
            self._process.send_signal(signal.SIGTERM)
            self._wait()
        return self.exit_code

    def kill(self):
        """Ends the program at once; for tests whose program may be past asking."""
        if self.exit_code is None:
            self._process.kill()
            self._wait()

    def _wait(self):
        try:
            self.exit_code = self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as hang:
            self._process.kill()
            self.exit_code = self._process.wait()
            raise AssertionError(f"did not end within {STOP_SECONDS} s:\n{self.log()}") from hang
        finally:
            self._process.stdout.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is not None:
            self.kill()
            return
        log = self.log()
        assert self.stop() == 0, f"exit code {self.exit_code}\n{log}"
