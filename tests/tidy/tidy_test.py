"""Each rule of tidy.py finds the fault that is planted for it, and nothing in a tree without."""

import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import tidy  # noqa: E402

GOOD = {
    "CMakeLists.txt": "project(hydrant VERSION 0.1.0 LANGUAGES CXX)\n",
    "include/hydrant/version.h": '#pragma once\nconstexpr const char* kVersion = "0.1.0";\n',
    "src/CMakeLists.txt": "hydrant_module(core)\nhydrant_module(net USES core)\n"
                          "hydrant_module(engine/streams)\nhydrant_module(services/kinesis)\n"
                          "hydrant_module(services/firehose)\n",
    "src/core/README.md": "Floor 0.\n",
    "src/core/clock.h": "#pragma once\n",
    "src/core/clock.cpp": '#include "core/clock.h"\nauto f() { return system_clock::now(); }\n',
    "src/net/README.md": "Floor 1.\n",
    "src/net/http.h": '#pragma once\n#include "core/clock.h"\n',
    "src/net/http.cpp": '#include "net/http.h"\n#include <boost/beast.hpp>\n',
    "src/engine/README.md": "Floor 2.\n",
    "src/engine/streams/stream.h": '#pragma once\n#include "core/clock.h"\n',
    "src/services/README.md": "Floor 3.\n",
    "src/services/kinesis/operation.h": '#pragma once\n#include "engine/streams/stream.h"\n',
    "src/services/kinesis/operations.def": "HYDRANT_OPERATION(PutRecords)\n",
    "src/services/kinesis/ops/put_records.cpp": '#include "services/kinesis/operation.h"\n',
    "tests/CMakeLists.txt": "hydrant_test(api/kinesis)\n",
    "tests/api/kinesis/put_records_test.cpp": "// sleep_for in a comment is no call\n",
    "README.md": "hydrant\n",
}

LONG_FUNCTION = "int f() {\n" + "  g();\n" * 69 + "}\n"
LONG_CONSTRUCTOR = "A::A(int b)\n    : b_{b},\n      c_(b) {\n" + "  g();\n" * 67 + "}\n"

# file, its new text (None: it is gone), and what is found: path and line, part of the sentence
FAULTS = {
    "a long file": ("src/core/clock.cpp", '#include "core/clock.h"\n' * 601,
                    "src/core/clock.cpp:601", "601 lines"),
    "a long line": ("src/core/clock.cpp", "// " + "x" * 98 + "\n",
                    "src/core/clock.cpp:1", "101 columns"),
    "a long function": ("src/core/clock.cpp", "\n" + LONG_FUNCTION,
                        "src/core/clock.cpp:2", "71 lines"),
    "a long function in a namespace": ("src/core/clock.cpp",
                                       "namespace a {\nnamespace {\n" + LONG_FUNCTION + "}\n}\n",
                                       "src/core/clock.cpp:3", "71 lines"),
    "a long member": ("src/core/clock.cpp", "class A : public B {\n" + LONG_FUNCTION + "};\n",
                      "src/core/clock.cpp:2", "71 lines"),
    "a long template": ("src/core/clock.cpp", "template <class T, class U = int>\n"
                        + LONG_FUNCTION, "src/core/clock.cpp:1", "72 lines"),
    "a long constructor": ("src/core/clock.cpp", LONG_CONSTRUCTOR,
                           "src/core/clock.cpp:1", "71 lines"),
    "a long test": ("tests/api/kinesis/put_records_test.cpp",
                    LONG_FUNCTION.replace("int f()", "TEST_F(A, B)"),
                    "tests/api/kinesis/put_records_test.cpp:1", "71 lines"),
    "an include that goes up": ("src/core/clock.cpp", '\n#include "net/http.h"\n',
                                "src/core/clock.cpp:2", "core must not include net"),
    "an engine that knows the wire": ("src/engine/streams/stream.h",
                                      '#pragma once\n#include "services/kinesis/operation.h"\n',
                                      "src/engine/streams/stream.h:2",
                                      "engine/streams must not include services/kinesis"),
    "a service that includes its sibling": ("src/services/firehose/a.cpp",
                                            '#include "services/kinesis/operation.h"\n',
                                            "src/services/firehose/a.cpp:1", "services/kinesis"),
    "options below the top": ("src/net/http.cpp", '#include "hydrant/options.h"\n',
                              "src/net/http.cpp:1", "must not include hydrant/options.h"),
    "an include that leads nowhere": ("src/net/http.cpp", '#include "http.h"\n',
                                      "src/net/http.cpp:1", "no file of src"),
    "an unknown module": ("src/misc/a.h", "#pragma once\n", "src/misc/a.h:1", "no module"),
    "a library in the public face": ("include/hydrant/version.h",
                                     '#pragma once\n#include <boost/asio.hpp>\n'
                                     'constexpr const char* kVersion = "0.1.0";\n',
                                     "include/hydrant/version.h:2", "library boost/asio.hpp"),
    "Beast above net": ("src/engine/streams/stream.h", "#pragma once\n#include <boost/beast.hpp>\n",
                        "src/engine/streams/stream.h:2", "Boost.Beast belongs"),
    "nlohmann in the engine": ("src/engine/streams/stream.h",
                               "#pragma once\n#include <nlohmann/json.hpp>\n",
                               "src/engine/streams/stream.h:2", "nlohmann belongs"),
    "spdlog outside the logger": ("src/core/clock.cpp", "#include <spdlog/spdlog.h>\n",
                                  "src/core/clock.cpp:1", "spdlog belongs"),
    "the system's time": ("src/net/http.cpp", "auto t = std::chrono::steady_clock::now();\n",
                          "src/net/http.cpp:1", "ask a Clock"),
    "a sleep": ("src/net/http.cpp", "void f() { std::this_thread::sleep_for(1s); }\n",
                "src/net/http.cpp:1", "wait with Clock::at"),
    "a random device": ("src/net/http.cpp", "std::random_device device;\n",
                        "src/net/http.cpp:1", "Random"),
    "a regex even in core": ("src/core/clock.cpp", "std::regex a(\"x\");\n",
                             "src/core/clock.cpp:1", "std::regex"),
    "a loose end": ("README.md", "\nTODO: more\n", "README.md:2", "name its number"),
    "a path of one machine": ("README.md", "cd /home/me/hydrant\n", "README.md:1", "one machine"),
    "a numbered issue": ("README.md", "see issue #7\n", "README.md:1", "what it was about"),
    "a numbered session": ("README.md", "as of Session 12\n", "README.md:1", "what was done"),
    "a dead header": ("src/net/dead.h", "#pragma once\n", "src/net/dead.h:1", "nothing includes"),
    "a header without its guard": ("src/core/clock.h", "\n", "src/core/clock.h:1", "#pragma once"),
    "a dead source": ("src/services/s3/a.cpp", "\n", "src/services/s3/a.cpp:1", "builds this file"),
    "a dead test": ("tests/unit/net/a_test.cpp", "\n", "tests/unit/net/a_test.cpp:1",
                    "builds this file"),
    "a folder without README": ("src/engine/README.md", None, "src/engine/streams:1", "README.md"),
    "an operation without test": ("tests/api/kinesis/put_records_test.cpp", None,
                                  "src/services/kinesis/operations.def:1",
                                  "tests/api/kinesis/put_records_test.cpp"),
    "an operation without file": ("src/services/kinesis/ops/put_records.cpp", None,
                                  "src/services/kinesis/operations.def:1",
                                  "src/services/kinesis/ops/put_records.cpp"),
    "an operation that is not listed": ("src/services/kinesis/ops/put_record.cpp", "\n",
                                        "src/services/kinesis/ops/put_record.cpp:1", "not list"),
    "two versions": ("CMakeLists.txt", "project(hydrant VERSION 0.2.0)\n",
                     "include/hydrant/version.h:1", "version"),
}


def plant(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def found_in(root, files):
    plant(root, files)
    return [(f"{path}:{line}", sentence) for path, line, sentence in tidy.findings(root)]


def test_a_good_tree_has_no_findings(tmp_path):
    assert found_in(tmp_path, GOOD) == []


@pytest.mark.parametrize("name", FAULTS)
def test_it_finds(tmp_path, name):
    path, text, place, sentence = FAULTS[name]
    files = {**GOOD, path: text}
    if text is None:
        del files[path]
    found = found_in(tmp_path, files)
    assert any(at == place and sentence in said for at, said in found), found


@pytest.mark.parametrize("text", [
    "int f() {\n" + "  g();\n" * 68 + "}\n",
    "const int k[] = {\n" + "  1,\n" * 100 + "};\n",
    "struct A {\n" + "  int a(int b = 1) { return b; }\n" * 100 + "};\n",
    '// system_clock::now\nconst char* a = "sleep_for";\n',
    "TODO(#12): a number makes it\n",
])
def test_it_leaves_alone(tmp_path, text):
    assert found_in(tmp_path, {**GOOD, "src/core/clock.cpp": text}) == []


def test_words_of_the_clones_owner_are_found_too(tmp_path):
    plant(tmp_path, {**GOOD, "README.md": "\nmade of Unobtainium\n"})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".git/info").mkdir(exist_ok=True)
    (tmp_path / ".git/info/tidy-words").write_text("unobtainium\n", encoding="utf-8")
    assert ("README.md", 2) in [(path, line) for path, line, _ in tidy.findings(tmp_path)]


def test_ignored_files_are_not_looked_at(tmp_path):
    plant(tmp_path, {**GOOD, ".gitignore": "/build/\n", "build/a.md": "issue #7\n"})
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert tidy.findings(tmp_path) == []
