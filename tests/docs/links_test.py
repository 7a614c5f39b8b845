"""Every relative link and anchor of every Markdown file leads somewhere."""

import subprocess
from urllib.parse import unquote

import pytest

from documents import ROOT, anchors, links


def markdown_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in listed.stdout.split("\0") if name and (ROOT / name).exists())


@pytest.mark.parametrize("name", markdown_files())
def test_links_lead_somewhere(name):
    page = ROOT / name
    dead = []
    for line, target in links(page.read_text(encoding="utf-8")):
        path, _, anchor = unquote(target).partition("#")
        if ":" in path:  # a URL
            continue
        goal = (page.parent / path) if path else page
        if not goal.exists():
            dead.append(f"{name}:{line}: there is no {target}")
        elif anchor and goal.suffix == ".md" and anchor not in set(
                anchors(goal.read_text(encoding="utf-8"))):
            dead.append(f"{name}:{line}: no title makes the anchor of {target}")
    assert dead == []
