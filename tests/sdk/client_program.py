"""Programs written with other SDKs, as the tests start them and hear from them.

A program is given what to do on its command line, and its endpoint, region and credentials in the
environment variables that every AWS SDK reads. It tells what it sees as one JSON object a line on
stdout, and ends with exit code 0.
"""

import json
import os
import queue
import shlex
import subprocess
import tempfile
import threading

from resources import REGION

# Far beyond what a loaded machine needs; only a program that hangs meets them.
TOLD_SECONDS = 120
END_SECONDS = 60


def environment(**more):
    """The caller's, without what would lead a program elsewhere, and with credentials."""
    kept = {name: value for name, value in os.environ.items()
            if not name.startswith(("AWS_", "HYDRANT_"))}
    return {**kept, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_PAGER": "",
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true", **more}


class ClientProgram:
    """One running program. Leaving a `with` block ends it; rest() waits for its own end."""

    def __init__(self, command, endpoint, **variables):
        self._name = shlex.join(map(str, command))
        self._told = queue.Queue()
        # pylint: disable=consider-using-with
        self._errors = tempfile.TemporaryFile(mode="w+b")
        self._process = subprocess.Popen(
            [*map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=self._errors, text=True,
            env=environment(AWS_ENDPOINT_URL=endpoint, **variables))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._told.put(line)
        self._told.put(None)

    def told(self):
        """The next object that it tells."""
        try:
            line = self._told.get(timeout=TOLD_SECONDS)
        except queue.Empty:
            raise AssertionError(self._story(f"told nothing for {TOLD_SECONDS} s")) from None
        if line is None:
            raise AssertionError(self._story(f"ended with exit code {self._end()}"))
        try:
            return json.loads(line)
        except ValueError:
            raise AssertionError(self._story(f"told {line!r}, which is no JSON")) from None

    def told_until(self, condition):
        """What it tells up to and with the first object of which `condition` is true."""
        told = [self.told()]
        while not condition(told[-1]):
            told.append(self.told())
        return told

    def finish(self):
        """Closes its standard input, by which a program that runs on is asked to end."""
        self._process.stdin.close()

    def rest(self):
        """What it tells until it ends, which it must do well."""
        told = []
        while True:
            try:
                line = self._told.get(timeout=TOLD_SECONDS)
            except queue.Empty:
                raise AssertionError(self._story(f"told nothing for {TOLD_SECONDS} s")) from None
            if line is None:
                break
            told.append(json.loads(line))
        code = self._end()
        assert code == 0, self._story(f"ended with exit code {code}")
        return told

    def _end(self):
        try:
            return self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            return "none: it does not end"

    def _story(self, what):
        self._errors.seek(0)
        log = self._errors.read().decode(errors="replace")
        return f"{self._name}\n{what}; its stderr ends with:\n{log[-8000:]}"

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdin.close()
        self._process.stdout.close()
        self._errors.close()
