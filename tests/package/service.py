"""Starts what a unit file of systemd says, as systemd would, on a machine that need not run it."""

import http.client
import re
import shlex
import signal
import subprocess
from pathlib import Path

# What systemd sets when the unit does not, and what the unit and DynamicUser take away.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CONFINED = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs",
            "--bounding-set=-all", "--inh-caps=-all"]
LISTENING = re.compile(r"hydrant \S+ listening on http://127\.0\.0\.1:(\d+)\n")


def settings(unit):
    """The settings of a unit file: {"ExecStart": [...], ...}."""
    found = {}
    for line in Path(unit).read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


class Service:
    """One running service, with the variables of an environment file; a block ends it."""

    def __init__(self, unit, state_directory, **environment):
        variables = {"PATH": PATH, "STATE_DIRECTORY": str(state_directory), **environment}
        [line] = settings(unit)["ExecStart"]
        command = [re.sub(r"\$\{(\w+)\}", lambda name: variables[name[1]], word)
                   for word in shlex.split(line)]
        self._process = subprocess.Popen(
            [*CONFINED, *command], env=variables, cwd=state_directory, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self._process.stdout.readline()
        assert LISTENING.fullmatch(line), f"not the line of a service that listens: {line!r}"
        self.port = int(LISTENING.fullmatch(line)[1])

    def ask(self, method, path, body=None, headers=None):
        """Status and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def stop(self):
        """Asks it to end as systemd does: the exit code."""
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(60)
        finally:
            self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
            self._process.stdout.close()
