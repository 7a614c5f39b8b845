"""What counts.py makes of a count, without counting."""

import callgrind
import counts


class Counted:
    def __init__(self, name, total, allocations=0.0):
        self.name = name
        self.total = total
        self.allocations = allocations


def outcome(total, recorded, build="this", allocations=0.0, allocations_recorded=0.0):
    recorded = {"instructions": recorded, "allocations": allocations_recorded}
    return counts.check(build, [Counted("PutRecord", total, allocations)],
                        {"this": {"PutRecord": recorded}})


def test_a_tenth_more_passes():
    assert outcome(1100, 1000) == 0


def test_more_than_a_tenth_fails_and_says_which(capsys):
    assert outcome(1200, 1000) == 1
    assert "FAILED: PutRecord: 1,200 instructions, 1.200 of 1,000" in capsys.readouterr().out


def test_a_gain_passes_and_asks_for_a_new_record(capsys):
    assert outcome(900, 1000) == 0
    assert "--accept" in capsys.readouterr().out


def test_one_allocation_more_fails(capsys):
    assert outcome(1000, 1000, allocations=1.0) == 1
    assert "1 allocations, recorded 0: it asks for memory more often" in capsys.readouterr().out


def test_a_block_now_and_then_is_no_allocation_more():
    assert outcome(1000, 1000, allocations=0.1) == 0


def test_of_many_allocations_a_tenth_more_passes():
    assert outcome(1000, 1000, allocations=21, allocations_recorded=20) == 0
    assert outcome(1000, 1000, allocations=23, allocations_recorded=20) == 1


def test_calls_of_malloc_are_allocations():
    dump = callgrind.Dump("""desc: Trigger: Client Request: PutRecord
fn=(1) serve
12 100
cfn=(2) malloc
calls=3 40
12 60
cfn=(3) free
calls=5 50
12 10
fn=(4) operator new(unsigned long)
7 5
cfn=(2)
calls=1 40
7 20
totals: 200
""", 2)
    assert dump.allocations == 2.0


def test_another_compiler_is_skipped_in_so_many_words(capsys):
    assert outcome(5000, 1000, build="another") == 0
    assert "SKIPPED" in capsys.readouterr().out


def test_a_request_that_was_never_recorded_fails():
    assert counts.check("this", [Counted("GetRecords", 1)], {"this": {}}) == 1
