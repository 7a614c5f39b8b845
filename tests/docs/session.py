"""One page's blocks, typed into one shell."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from documents import ROOT
from hydrant_process import program

BLOCK_SECONDS = 60
END_SECONDS = 15
# Of hydrant and of functions, in the pages.
PORTS = ("4566", "9000")
STARTS_HYDRANT = re.compile(r"^(?:\w+=\S* )*hydrant\b.*(?<!&)&\s*(?:#.*)?$", re.MULTILINE)


class Failed(AssertionError):
    """A page that does not do what it says."""


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return str(taken.getsockname()[1])


def expected_pattern(text, rules=()):
    """A regular expression for what a page says is printed."""
    lines = text.rstrip("\n").split("\n")
    if "one line" in rules:
        lines = ["".join(line.strip() if at else line for at, line in enumerate(lines))]
    pattern = ""
    for at, line in enumerate(lines):
        if line.strip() == "...":
            pattern += r"(?:.*\n)*?"
            continue
        part = re.escape(line).replace(r"\.\.\.", ".*?")
        if "any digits" in rules:
            part = re.sub(r"\d", r"\\d", part)
        pattern += part + r"\n"
    return pattern


class Session:
    """A shell in a folder of its own. Leaving it ends all that was started in it."""

    def __init__(self, folder, name="page"):
        self.name = name
        self._ports = {port: free_port() for port in PORTS}
        self.port = self._ports[PORTS[0]]
        self.work = Path(folder) / "work"
        self._own = Path(folder) / "own"  # what a page does not see
        (self._own / "bin").mkdir(parents=True)
        self.work.mkdir()
        (self._own / "bin/hydrant").symlink_to(Path(program()).resolve())
        for shown in ("configs", "examples", "scripts"):
            (self.work / shown).symlink_to(ROOT / shown)
        read, self._told = os.pipe()
        self._reports = os.fdopen(read, "rb", buffering=0)
        self._shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, text=True, cwd=self.work, env=self._environment(),
            pass_fds=[self._told], start_new_session=True)
        os.close(self._told)
        self.printed = ""
        # However it ends, what it has started ends before it.
        self._type("trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT")

    def _type(self, line):
        try:
            self._shell.stdin.write(line + "\n")
            self._shell.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, which its report tells

    def _environment(self):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("HYDRANT_", "AWS_", "PYTEST_"))}
        path = [str(self._own / "bin"), str(Path(sys.executable).parent), kept["PATH"]]
        home = self._own / "home"
        home.mkdir()
        return {**kept, "PATH": ":".join(path), "HOME": str(home), "LC_ALL": "C.UTF-8",
                "HYDRANT_PORT": self.port, "PYTHONDONTWRITEBYTECODE": "1", "AWS_PAGER": ""}

    def _here(self, text):
        for port, free in self._ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        return text

    def _on_the_page(self, text):
        for port, free in self._ports.items():
            text = re.sub(rf"\b{free}\b", port, text)
        return text

    def _fail(self, block, sentence):
        printed = self.printed.rstrip() or "(nothing)"
        raise Failed(f"{self.name}:{block.line}: {sentence}\n--- the block\n{block.text}"
                     f"--- printed\n{printed}")

    def do(self, block):
        """Does what the mark of a block asks for; Failed with the line of the page if it can't."""
        if block.kind in ("run", "prepare"):
            self._run(block)
        elif block.kind == "file":
            path = self.work / block.argument
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._here(block.text), encoding="utf-8")
        elif block.kind == "output":
            self._compare(block)

    def _compare(self, block):
        rules = block.argument.split(", ")
        if not re.fullmatch(expected_pattern(block.text, rules), self.printed.rstrip("\n") + "\n"):
            self._fail(block, "something else was printed")

    def _run(self, block):
        stem = self._own / f"block-{block.line}"
        typed = self._here(block.text)
        if block.language == "console":
            typed = re.sub(r"^\$ ", "", typed, flags=re.MULTILINE)
        if block.language == "python":
            stem.with_suffix(".py").write_text(typed, encoding="utf-8")
            typed = f"python3 - <'{stem}.py'\n"  # from the folder of the page
        stem.with_suffix(".sh").write_text(typed, encoding="utf-8")
        output = stem.with_suffix(".out")
        strict = "set +e"
        if not block.argument:
            told = f"line $((LINENO + {block.line - 1})) failed: $BASH_COMMAND"
            strict = f"set -e; trap 'echo \"{told}\"' ERR"
        self._type(f"{strict}; . '{stem}.sh' >'{output}' 2>&1 </dev/null {self._told}>&-")
        self._type(f"code=$?; trap - ERR; set +e; echo $code >&{self._told}")
        code = self._report()
        listens = not STARTS_HYDRANT.search(typed.replace("\\\n", "")) or self._says_that_it_listens(output)
        self.printed = self._on_the_page(output.read_text(encoding="utf-8", errors="replace"))
        if code is None:
            self._fail(block, f"did not end within {BLOCK_SECONDS} s")
        if code == "":
            self._fail(block, "a command failed")
        if int(code) != block.exit_code:
            self._fail(block, f"exit code {code}, expected {block.exit_code}")
        if not listens:
            self._fail(block, "hydrant did not say that it listens")

    def _report(self):
        """The exit code of a block; nothing if the shell ended with it, None if it never did."""
        ready, _, _ = select.select([self._reports], [], [], BLOCK_SECONDS)
        return self._reports.readline().decode().strip() if ready else None

    def _says_that_it_listens(self, output):
        deadline = time.monotonic() + BLOCK_SECONDS
        while time.monotonic() < deadline:
            if b" listening on " in output.read_bytes():
                return True
            select.select([], [], [], 0.01)
        return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self._shell.stdin.close()
        except BrokenPipeError:
            pass
        self._reports.close()
        try:
            self._shell.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._shell.pid, signal.SIGKILL)
            self._shell.wait()
        try:  # what a program of the page has left behind
            os.killpg(self._shell.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
