"""Every page does what it says, and no block of commands is left out in silence."""

import pytest

from documents import ROOT, SHELLS, blocks
from not_run import NOT_RUN
from session import Session

PAGES = ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
BLOCKS = {page: blocks((ROOT / page).read_text(encoding="utf-8")) for page in PAGES}


@pytest.mark.parametrize("page", [page for page in PAGES if any(b.kind for b in BLOCKS[page])])
def test_a_page_does_what_it_says(page, tmp_path):
    with Session(tmp_path, page) as session:
        for block in BLOCKS[page]:
            session.do(block)


def is_listed(page, block):
    return (page, "*") in NOT_RUN or (page, block.first) in NOT_RUN


@pytest.mark.parametrize("page", PAGES)
def test_commands_without_a_mark_have_a_reason(page):
    unmarked = [f"{page}:{block.line}: {block.first}" for block in BLOCKS[page]
                if block.language in SHELLS and not block.kind and not is_listed(page, block)]
    assert unmarked == [], "mark them as tests/docs/README.md says, or list them in not_run.py"


def test_reasons_belong_to_blocks_that_are_there():
    unmarked = {(page, first) for page in PAGES for block in BLOCKS[page]
                if block.language in SHELLS and not block.kind for first in ("*", block.first)}
    assert {row for row in NOT_RUN if row[0] in PAGES} - unmarked == set()
