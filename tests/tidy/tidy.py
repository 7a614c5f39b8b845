#!/usr/bin/env python3
"""Holds the line on size, floors, dead files and words, so that no review has to.

    tidy.py [ROOT]      prints "path:line: sentence" for each finding; exits with 1 if there is one
"""

import functools
import re
import subprocess
import sys
from pathlib import Path

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
LINE_COLUMNS_MAX = 100

# Floor by floor: what each module may include besides itself.
ENGINE = ["engine/streams", "engine/objects", "engine/functions"]
USES = {
    "core": [],
    "net": ["core"],
    "aws": ["core", "net"],
    "engine/streams": ["core", "net"],
    "engine/objects": ["core", "net"],
    "engine/functions": ["core", "net"],
    "engine/delivery": ["core", "net", *ENGINE],
    "services/*": ["core", "net", "aws", *ENGINE, "engine/delivery"],
    "server": ["core", "net", "aws", *ENGINE, "engine/delivery", "services/*"],
    "main.cpp": ["core", "server"],
}
# The public face belongs to the top; only the version is everybody's.
PUBLIC_EVERYWHERE = ["hydrant/version.h"]
PUBLIC_MODULES = ["server", "main.cpp"]

# A header -> the places whose business it is.
LIBRARIES = [
    (r"boost/beast", ["src/net/"], "Boost.Beast belongs to src/net"),
    (r"nghttp2/", ["src/net/", "tests/"], "nghttp2 belongs to src/net"),
    (r"nlohmann/", ["src/aws/", "src/services/", "src/server/", "tests/"],
     "nlohmann belongs to src/aws, src/services, src/server and tests"),
    (r"spdlog/", ["src/core/logging.h", "src/core/logging.cpp", "tests/"],
     "spdlog belongs to src/core/logging.{h,cpp}"),
]

# A call -> what to use instead. src/core is where those are made.
CALLS = [
    (r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b", "ask a Clock for the time"),
    (r"\bsleep_(?:for|until)\b", "wait with Clock::at"),
    (r"\bstd::time\s*\(|\bclock_gettime\s*\(|\bgettimeofday\s*\(", "ask a Clock for the time"),
    (r"\brandom_device\b|\bstd::rand\s*\(", "take random numbers from Random"),
]
CALLS_ANYWHERE = [(r"\bstd::(?:regex|basic_regex|wregex)\b", "std::regex is slow and recursive")]

# What a reader of this text alone cannot follow.
WORDS = [
    (r"\b(?:TODO|FIXME|XXX)\b(?!\(#\d+\))", "name its number as in TODO(#12), or do it"),
    (r"(?<![\w./-])/(?:work|home/\w+|Users/\w+)/", "a path of one machine only"),
    (r"(?i)\bissue\s*#\s*\d+", "say what it was about; a number explains nothing"),
    (r"(?i)\bsessions?\s+#?\d+\b", "say what was done; when does not matter"),
]
# More of them, one a line, that only this clone's owner needs: info/tidy-words in the git folder.
OWN_WORDS = "info/tidy-words"

BINARY = {".png", ".gz", ".zip", ".ico", ".parquet", ".orc", ".snappy", ".bin"}


class Tree:
    """The files of a source tree, and what has been found in them."""

    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted(self._list())
        self.findings = []

    def _list(self):
        git = ["git", "-C", str(self.root), "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(git, capture_output=True, text=True, check=False)
        if listed.returncode == 0 and (self.root / ".git").exists():
            return {name for name in listed.stdout.splitlines() if (self.root / name).is_file()}
        return {str(p.relative_to(self.root)) for p in self.root.rglob("*") if p.is_file()}

    @functools.cache
    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    @functools.cache
    def code(self, path):
        return blanked(self.text(path))

    def has(self, path):
        return path in self.files

    def under(self, *folders, endings=(".cpp", ".h")):
        return [p for p in self.files if p.startswith(folders) and p.endswith(endings)]

    def report(self, path, line, sentence):
        self.findings.append((path, line, sentence))


LEXEMES = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)" | "(?:\\.|[^"\\\n])*"
        | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'""",
    re.S | re.X,
)


def blanked(text):
    """C++ without comments, strings and characters; lines and columns stay where they are."""
    return LEXEMES.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def without_directives(code):
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group()), code,
                  flags=re.M | re.S)


def outside_parentheses(head):
    depth, outside = 0, []
    for c in head:
        depth += (c == "(") - (c == ")")
        if depth == 0:
            outside.append(c)
    return "".join(outside)


def is_function_head(head):
    head = re.sub(r"\btemplate\s*<[^{}]*?>(?=\s*\w)", "", head).strip()
    if re.match(r"(?:inline\s+)?namespace\b|(?:typedef\s+)?(?:class|struct|union|enum)\b", head):
        return False
    outside = outside_parentheses(head)
    return "(" in head and ("=" not in outside or "operator" in outside)


def is_member_initializer(head):
    """`A(int b) : b_`, whose brace holds the value of b_ and not the body of A."""
    return re.search(r"\)[^:]*(?<!:):(?!:)(?:.*,)?\s*[\w:<>]+\s*$", outside_parentheses(head), re.S)


def function_spans(code):
    """(first line, last line) of each function; lambdas count as part of what they stand in."""
    code = without_directives(code)
    spans, opened = [], []  # opened: first line of a function, 0 of other braces, None of a member's
    inside = 0  # how many of them are functions
    start = 0  # where the head of the next brace begins
    for match in re.finditer(r"[{};]", code):
        at = match.start()
        if match.group() == "{":
            head = code[start:at]
            if not inside and is_function_head(head):
                if is_member_initializer(head):
                    opened.append(None)
                    continue
                inside += 1
                opened.append(line_of(code, start + len(head) - len(head.lstrip())))
            else:
                opened.append(0)
        elif match.group() == "}" and opened:
            first = opened.pop()
            if first is None:
                continue
            if first:
                inside -= 1
                spans.append((first, line_of(code, at)))
        start = at + 1
    return spans


def check_sizes(tree):
    for path in tree.under("src/", "include/", "tests/"):
        lines = tree.text(path).splitlines()
        if len(lines) > FILE_LINES_MAX:
            tree.report(path, FILE_LINES_MAX + 1,
                        f"the file has {len(lines)} lines, {FILE_LINES_MAX} are the most")
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_COLUMNS_MAX:
                tree.report(path, number,
                            f"the line has {len(line)} columns, {LINE_COLUMNS_MAX} are the most")
        for first, last in function_spans(tree.code(path)):
            if last - first + 1 > FUNCTION_LINES_MAX:
                tree.report(path, first, f"the function has {last - first + 1} lines, "
                                         f"{FUNCTION_LINES_MAX} are the most")


def module_of(path):
    """src/services/kinesis/ops/x.cpp -> services/kinesis"""
    parts = path.removeprefix("src/").split("/")
    return "/".join(parts[:2]) if parts[0] in ("engine", "services") and len(parts) > 2 else parts[0]


def rule_of(module):
    return "services/*" if module.startswith("services/") else module


def includes(tree, path):
    pattern = r"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)"
    for match in re.finditer(pattern, tree.text(path), re.M):
        yield line_of(tree.text(path), match.start()), match.group(1) == '"', match.group(2)


def check_floors(tree):
    for path in tree.under("src/"):
        module = module_of(path)
        allowed = USES.get(rule_of(module))
        if allowed is None:
            tree.report(path, 1, f"{module} is no module that tests/tidy knows a floor for")
            continue
        for line, quoted, name in includes(tree, path):
            if not quoted:
                continue
            if name.startswith("hydrant/"):
                if name not in PUBLIC_EVERYWHERE and module not in PUBLIC_MODULES:
                    tree.report(path, line, f"{module} is below the public face and must not "
                                            f"include {name}")
                continue
            other = module_of("src/" + name)
            if not tree.has("src/" + name):
                tree.report(path, line, f"{name} is no file of src: includes start there")
            elif other != module and rule_of(other) not in allowed:
                tree.report(path, line, f"{module} must not include {other}")
            elif other != module and rule_of(module) == rule_of(other) == "services/*":
                tree.report(path, line, f"{module} must not include its sibling {other}")
    for path in tree.under("include/"):
        for line, quoted, name in includes(tree, path):
            if quoted and not name.startswith("hydrant/"):
                tree.report(path, line, f"the public face must not include {name}")
            elif not quoted and "/" in name:
                tree.report(path, line, f"the public face must not include the library {name}")


def check_libraries(tree):
    for path in tree.under("src/", "include/", "tests/"):
        for line, _, name in includes(tree, path):
            for pattern, places, sentence in LIBRARIES:
                if re.match(pattern, name) and not path.startswith(tuple(places)):
                    tree.report(path, line, sentence)


def check_calls(tree):
    for path in tree.under("src/", "include/", "tests/api/"):
        code = tree.code(path)
        calls = [] if path.startswith("src/core/") else CALLS
        for pattern, sentence in [*calls, *CALLS_ANYWHERE]:
            for match in re.finditer(pattern, code):
                tree.report(path, line_of(code, match.start()),
                            f"{match.group().strip()}: {sentence}")


def own_words(tree):
    git = ["git", "-C", str(tree.root), "rev-parse", "--git-path", OWN_WORDS]
    asked = subprocess.run(git, capture_output=True, text=True, check=False)
    path = tree.root / asked.stdout.strip()
    if asked.returncode != 0 or not (tree.root / ".git").exists() or not path.is_file():
        return []
    return [(f"(?i){re.escape(word)}", "a word of the clone's owner, not of the project")
            for word in path.read_text(encoding="utf-8").split("\n") if word]


def check_words(tree):
    words = [*WORDS, *own_words(tree)]
    for path in tree.files:
        # This folder names the words that it looks for.
        if Path(path).suffix in BINARY or path.startswith("tests/tidy/"):
            continue
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            for pattern, sentence in words:
                match = re.search(pattern, line)
                if match:
                    tree.report(path, number, f'"{match.group()}": {sentence}')


def check_dead_headers(tree):
    sources = tree.under("src/", "include/", "tests/")
    included = {name for path in sources for _, _, name in includes(tree, path)}
    # Beside the file that includes it, as tests may.
    included |= {f"{Path(path).parent.relative_to('tests')}/{name}" for path in sources
                 if path.startswith("tests/") for _, quoted, name in includes(tree, path) if quoted}
    for path in sources:
        if not path.endswith(".h"):
            continue
        name = re.sub(r"^(?:src|include|tests)/", "", path)
        if name not in included and not path.startswith("include/"):
            tree.report(path, 1, "nothing includes this header")
        if not re.search(r"^#pragma once$", tree.text(path), re.M):
            tree.report(path, 1, "#pragma once is missing")


def check_dead_sources(tree):
    for root, command in (("src/", "hydrant_module"), ("tests/", "hydrant_test")):
        lists = root + "CMakeLists.txt"
        if not tree.has(lists):
            continue
        pattern = rf"^\s*{command}\(\s*([^\s)]+)"
        built = tuple(root + folder + "/" for folder in re.findall(pattern, tree.text(lists), re.M))
        for path in tree.under(root, endings=(".cpp",)):
            has_own_lists = any(tree.has(f"{parent}/CMakeLists.txt")
                                for parent in list(Path(path).parents)[:-2])
            named = path.removeprefix(root) in tree.text(lists)  # a file that several folders share
            if not (path.startswith(built) or named or path == "src/main.cpp" or has_own_lists):
                tree.report(path, 1, f"no {command} of {lists} builds this file")


def check_readmes(tree):
    folders = {str(Path(path).parent) for path in tree.under("src/")} - {"src"}
    for folder in sorted({"/".join(folder.split("/")[:3]) for folder in folders}):
        if not tree.has(f"{folder}/README.md") and not tree.has(f"{Path(folder).parent}/README.md"):
            tree.report(folder, 1, "neither the folder nor its parent has a README.md")


def snake(name):
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def check_operations(tree):
    for path in tree.files:
        found = re.fullmatch(r"src/services/(\w+)/operations\.def", path)
        if not found:
            continue
        service, files = found.group(1), set()
        for match in re.finditer(r"^HYDRANT_OPERATION\((\w+)\)", tree.text(path), re.M):
            name, line = snake(match.group(1)), line_of(tree.text(path), match.start())
            files.add(f"src/services/{service}/ops/{name}.cpp")
            for wanted in (f"src/services/{service}/ops/{name}.cpp",
                           f"tests/api/{service}/{name}_test.cpp"):
                if not tree.has(wanted):
                    tree.report(path, line, f"{match.group(1)} has no {wanted}")
        for source in tree.under(f"src/services/{service}/ops/", endings=(".cpp",)):
            if source not in files:
                tree.report(source, 1, f"{path} does not list this operation")


def check_version(tree):
    lists, header = "CMakeLists.txt", "include/hydrant/version.h"
    if not tree.has(lists) or not tree.has(header):
        return
    built = re.search(r"project\(hydrant VERSION ([\d.]+)", tree.text(lists))
    told = re.search(r'kVersion = "([\d.]+)"', tree.text(header))
    if not built or not told or built.group(1) != told.group(1):
        tree.report(header, 1, f"the version is not that of {lists}")


CHECKS = [check_sizes, check_floors, check_libraries, check_calls, check_words, check_dead_headers,
          check_dead_sources, check_readmes, check_operations, check_version]


def findings(root):
    tree = Tree(root)
    for check in CHECKS:
        check(tree)
    return sorted(tree.findings)


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    found = findings(root)
    for path, line, sentence in found:
        print(f"{path}:{line}: {sentence}")
    print(f"tidy: {len(found)} findings" if found else "tidy: nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
