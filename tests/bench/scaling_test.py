"""How the growth of a cost is told."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.results import MET, MISSED  # noqa: E402
from scenarios.scaling import pages, rows_of, short  # noqa: E402


def test_each_step_of_ten_stands_beside_the_one_before():
    rows = list(rows_of("PutRecord", "shards", (10, 100, 1000), [[5, 6, 7], [6, 6, 6], [30, 31, 32]]))
    assert [row.work for row in rows] == ["PutRecord, 100 shards", "PutRecord, 1k shards"]
    assert [row.rival for row in rows] == ["at 10", "at 100"]
    assert [row.verdict for row in rows] == [MET, MISSED]


def test_an_earlier_step_is_a_detail_unless_it_is_too_steep():
    flat, steep = [5, 6, 7], [30, 31, 32]
    details = [[row.detail for row in rows_of("PutRecord", "shards", (10, 100, 1000), costs)]
               for costs in ([flat, flat, flat], [flat, steep, steep])]
    assert details == [[True, False], [False, False]]


@pytest.mark.parametrize("number, text", [(10, "10"), (1000, "1k"), (10_000, "10k"), (1_000_000, "1M"),
                                          (1500, "1500")])
def test_round_numbers_are_short(number, text):
    assert short(number) == text


def test_a_list_is_walked_to_its_last_page():
    class Paged:
        asked = []

        def call(self, target, body):
            self.asked.append((target, body))
            return {"Shards": [1, 2], "NextToken": "t"} if len(self.asked) < 3 else {"Shards": [3]}

    connection = Paged()
    assert pages(connection, "ListShards", {"StreamName": "a"}, "Shards") == 5
    assert connection.asked == [("Kinesis_20131202.ListShards", {"StreamName": "a"}),
                                ("Kinesis_20131202.ListShards", {"NextToken": "t"}),
                                ("Kinesis_20131202.ListShards", {"NextToken": "t"})]
