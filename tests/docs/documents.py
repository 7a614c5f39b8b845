"""What a Markdown page holds: its blocks with their marks, its links, its anchors."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELLS = ("sh", "bash", "console", "shell")
FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,})(?P<language>[\w+-]*)\s*$")
MARK = re.compile(r" *<!-- (?P<kind>[a-z]+)(?:: (?P<argument>.*))? -->$")
OUTPUT_RULES = {"any digits", "one line"}


class BadMark(Exception):
    """A mark that means nothing."""


@dataclass(frozen=True)
class Block:
    """A fenced block, or a `prepare` comment. `line` is that of its first line of text."""

    line: int
    language: str
    text: str
    kind: str = ""  # run, file, output, prepare, or nothing
    argument: str = ""

    @property
    def first(self):
        return self.text.split("\n", 1)[0]

    @property
    def exit_code(self):
        return int(self.argument.removeprefix("exit ") or 0)


def checked(block):
    """The block, if its mark means something."""
    known = {
        "": lambda _: True,
        "prepare": lambda _: True,
        "run": lambda argument: re.fullmatch(r"|exit \d+", argument),
        "file": lambda argument: re.fullmatch(r"[\w./-]+", argument),
        "output": lambda argument: not argument or set(argument.split(", ")) <= OUTPUT_RULES,
    }
    if block.kind not in known or not known[block.kind](block.argument):
        raise BadMark(f"line {block.line - 2}: no such mark: {block.kind}: {block.argument}")
    if block.kind == "run" and block.language not in (*SHELLS, "python"):
        raise BadMark(f"line {block.line - 1}: nothing runs a block of {block.language or 'no name'}")
    return block


def blocks(text):
    """The blocks of a page, in order."""
    lines = text.split("\n")
    found, at = [], 0
    while at < len(lines):
        opening = FENCE.fullmatch(lines[at])
        if lines[at] == "<!-- prepare":
            end = lines.index("-->", at)
            found.append(Block(at + 2, "bash", "\n".join(lines[at + 1:end]) + "\n", "prepare"))
            at = end
        elif opening:
            end = at + 1
            while lines[end].strip() != opening["ticks"]:
                end += 1
            mark = MARK.fullmatch(lines[at - 1]) if at else None
            indent = len(opening["indent"])
            body = "".join(line[indent:] + "\n" for line in lines[at + 1:end])
            found.append(checked(Block(at + 2, opening["language"], body,
                                       mark["kind"] if mark else "",
                                       (mark["argument"] or "") if mark else "")))
            at = end
        at += 1
    return found


def without_code(text):
    """The page with the lines of its blocks, and code within lines, blanked out."""
    kept, ticks = [], None
    for line in text.split("\n"):
        fence = FENCE.fullmatch(line)
        if ticks is None and fence:
            ticks = fence["ticks"]
            kept.append("")
        elif ticks is not None:
            if line.strip() == ticks:
                ticks = None
            kept.append("")
        else:
            kept.append(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", line))
    return "\n".join(kept)


LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^\[[^\]]+\]:\s+(\S+)", re.MULTILINE)


def links(text):
    """(line, target) of every link of a page."""
    plain = without_code(text)
    # A link may have its text on one line and its target on the next.
    for match in [*LINK.finditer(plain), *DEFINITION.finditer(plain)]:
        yield plain.count("\n", 0, match.start(1)) + 1, match[1]


def anchor_of(title):
    """What GitHub makes of a title."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).replace("`", "")
    plain = re.sub(r"[*]{1,2}([^*]+)[*]{1,2}", r"\1", plain)
    return re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")


def anchors(text):
    """The anchors that the titles of a page have."""
    seen, ticks = {}, None
    for line in text.split("\n"):
        fence = FENCE.fullmatch(line)
        if fence or (ticks and line.strip() == ticks):
            ticks = fence["ticks"] if ticks is None and fence else None
        elif ticks is None and (title := re.fullmatch(r"#{1,6} (.+?)(?: #+)?", line)):
            name = anchor_of(title[1])
            count = seen.get(name, 0)
            seen[name] = count + 1
            yield f"{name}-{count}" if count else name
