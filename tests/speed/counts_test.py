"""What counts.py makes of a count, without counting."""

import counts


class Counted:
    def __init__(self, name, total):
        self.name = name
        self.total = total


def outcome(total, recorded, build="this"):
    return counts.check(build, [Counted("PutRecord", total)], {"this": {"PutRecord": recorded}})


def test_a_tenth_more_passes():
    assert outcome(1100, 1000) == 0


def test_more_than_a_tenth_fails_and_says_which(capsys):
    assert outcome(1200, 1000) == 1
    assert "FAILED: PutRecord: 1,200 instructions, 1.200 of 1,000" in capsys.readouterr().out


def test_a_gain_passes_and_asks_for_a_new_record(capsys):
    assert outcome(900, 1000) == 0
    assert "--accept" in capsys.readouterr().out


def test_another_compiler_is_skipped_in_so_many_words(capsys):
    assert outcome(5000, 1000, build="another") == 0
    assert "SKIPPED" in capsys.readouterr().out


def test_a_request_that_was_never_recorded_fails():
    assert counts.check("this", [Counted("GetRecords", 1)], {"this": {}}) == 1
