"""The tests of the pages would see what is wrong with one."""

import http.client
import os
import select

import pytest

from documents import BadMark, anchors, blocks, links
from session import Failed, Session


def do(page, folder):
    with Session(folder) as session:
        for block in blocks(page):
            session.do(block)


def test_a_page_that_holds_passes(tmp_path):
    do("""# Page
<!-- file: a/name.txt -->
```
ann
```
text
<!-- run -->
```sh
cd a
name=$(cat name.txt)
hello() { echo "hello $1"; }
```
<!-- run -->
```sh
hello "$name"; hello 2026-01-31
```
<!-- output: any digits -->
```
he...ann
hello 1999-12-01
```
""", tmp_path)


@pytest.mark.parametrize("text, printed, rules", [
    ("a...c", "abbc", []),
    ("...\nz", "a\nb\nz", []),
    ("a\n...", "a", []),
    ("a 19", "a 20", ["any digits"]),
    ("{1,\n  2}", "{1,2}", ["one line"]),
])
def test_an_output_may_leave_out_what_varies(text, printed, rules, tmp_path):
    argument = f": {', '.join(rules)}" if rules else ""
    do(f"<!-- run -->\n```sh\ncat <<'END'\n{printed}\nEND\n```\n"
       f"<!-- output{argument} -->\n```\n{text}\n```\n", tmp_path)


@pytest.mark.parametrize("text, printed, rules", [
    ("a", "a\nb", []),
    ("a...c", "ab\nc", []),
    ("a 19", "a 20", []),
    ("a 19", "a 200", ["any digits"]),
    ("a.c", "abc", []),
])
def test_an_output_that_differs_fails(text, printed, rules, tmp_path):
    with pytest.raises(Failed, match=r"page:\d+: something else was printed"):
        test_an_output_may_leave_out_what_varies(
            text, printed, rules, tmp_path)


def test_a_failing_command_is_told_with_its_line(tmp_path):
    with pytest.raises(Failed, match=r"page:3: a command failed[^§]*seen\nline 4 failed: false"):
        do("<!-- run -->\n```sh\necho seen\nfalse\necho not seen\n```\n", tmp_path)


def test_an_exit_code_that_is_expected_passes_and_another_fails(tmp_path):
    do("<!-- run: exit 2 -->\n```sh\nbash -c 'exit 2'\n```\n", tmp_path / "good")
    with pytest.raises(Failed, match="exit code 0, expected 2"):
        do("<!-- run: exit 2 -->\n```sh\ntrue\n```\n", tmp_path / "bad")


def test_the_server_of_a_page_has_a_port_of_its_own_and_ends_with_it(tmp_path):
    with Session(tmp_path) as session:
        for block in blocks("""
<!-- prepare
hydrant --clock virtual &
-->
<!-- run -->
```sh
curl -s http://127.0.0.1:4566/_hydrant/clock >clock
hydrant --health && echo http://127.0.0.1:4566
```
<!-- output -->
```
...
http://127.0.0.1:4566
```
<!-- run -->
```python
print("mode" in open("clock").read())
```
<!-- output -->
```
True
```
"""):
            session.do(block)
        port = int(session.port)
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()


def test_what_a_program_of_a_page_leaves_behind_ends_with_the_page(tmp_path):
    page = """<!-- run -->
```python
import subprocess
left = subprocess.Popen(["sleep", "1000"], stdout=subprocess.PIPE)
print(left.pid)
```
"""
    with Session(tmp_path) as session:
        session.do(blocks(page)[0])
        left = os.pidfd_open(int(session.printed))
    ended, _, _ = select.select([left], [], [], 60)
    os.close(left)
    assert ended


@pytest.mark.parametrize("mark", ["runn", "run: 2", "output: digits", "file: a b"])
def test_a_mark_that_means_nothing_is_told(mark):
    with pytest.raises(BadMark):
        blocks(f"<!-- {mark} -->\n```sh\ntrue\n```\n")


def test_what_nothing_runs_cannot_be_marked_so():
    with pytest.raises(BadMark, match="nothing runs a block of java"):
        blocks("<!-- run -->\n```java\n```\n")


def test_links_are_found_outside_of_code_alone():
    page = "[a](b.md#c) `[no](no.md)`\n```\n[no](no.md)\n```\n[d\ne](f)\n"
    assert list(links(page)) == [(1, "b.md#c"), (6, "f")]


def test_anchors_are_made_as_readers_of_markdown_make_them():
    page = "# A b\n```\n# no\n```\n## `--x` and *Y*, z\n## A b\n"
    assert list(anchors(page)) == ["a-b", "--x-and-y-z", "a-b-1"]
