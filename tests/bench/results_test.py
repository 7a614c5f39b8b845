"""What a row of the benchmark says of its runs, and how the table and the CSV say it."""

import csv
import io
import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness.results import (COLUMNS_MAX, MET, MISSED, RECORDED, Row, count_of, number,  # noqa: E402
                             table, write_csv)


def beside(ours, theirs, **more):
    return Row("PutRecord", "requests", ours, {"nginx": theirs}, **more)


def test_the_ratio_is_the_median_of_the_pairs_and_not_the_ratio_of_medians():
    row = beside([100, 10, 60], [100, 20, 600])
    assert row.ratios() == [1, 0.5, 0.1]
    assert row.ratio() == 0.5


def test_runs_that_have_no_pair_are_refused():
    with pytest.raises(ValueError, match="3 runs of ours and 2 of nginx"):
        beside([1, 2, 3], [1, 2])


def test_a_row_without_runs_is_refused():
    with pytest.raises(ValueError, match="no run of ours"):
        beside([], [])


def test_the_rival_is_the_best_by_its_median():
    theirs = {"slow": [1, 1, 100], "quick": [9, 10, 11]}
    assert Row("w", "u", [1, 1, 1], theirs).rival == "quick"
    assert Row("w", "u", [1, 1, 1], theirs, better="lower").rival == "slow"


@pytest.mark.parametrize("ours, better, verdict", [
    (85, "higher", MET), (84, "higher", MISSED), (85, "lower", MET), (86, "lower", MISSED)])
def test_a_target_is_reached_by_the_ratio(ours, better, verdict):
    assert beside([ours], [100], target=0.85, better=better).verdict == verdict


def test_a_target_without_a_rival_is_a_value():
    assert Row("memory", "bytes", [47, 48, 90], target=48, better="lower").verdict == MET
    assert Row("memory", "bytes", [49], target=48, better="lower").verdict == MISSED


def test_without_a_target_a_row_is_recorded():
    assert beside([1], [1]).verdict == RECORDED


def test_a_stretch_goal_is_told_apart_from_the_target():
    assert not beside([90], [100], target=0.85, stretch=1.0).stretched
    assert beside([100], [100], target=0.85, stretch=1.0).stretched


def test_a_rival_that_did_nothing_is_beaten_by_any():
    assert beside([1], [0]).ratio() == math.inf


@pytest.mark.parametrize("value, text", [
    (0, "0"), (0.0941, "0.0941"), (0.85, "0.85"), (1.0, "1"), (36.63, "36.6"), (999.6, "1 000"),
    (176126.2, "176 126"), (math.inf, "inf"), (0.1, "0.1"), (100, "100")])
def test_numbers_have_the_digits_that_matter(value, text):
    assert number(value) == text


def lines_of(rows):
    return table(rows).splitlines()


def test_a_line_of_the_table_says_all():
    row = beside([90, 100, 80], [100, 100, 100], target=0.85, stretch=1.0, scenario="requests")
    assert lines_of([row])[0] == "requests: requests"
    assert lines_of([row])[2].split() == [
        "PutRecord", "90", "nginx", "100", "0.9", "0.8-1", ">=0.85", "(1)", "met"]


def test_a_missed_target_is_shouted():
    assert lines_of([beside([1], [100], target=0.85)])[-1].endswith("MISSED")


def test_the_same_note_stands_once_below_the_rows_that_point_at_it():
    text = table([beside([1], [1], note="the same"), beside([2], [1], note="the same")])
    assert text.count("[1]") == 3
    assert text.count("the same") == 1


def test_no_line_is_wider_than_a_terminal():
    row = Row("PutRecords 500 x 100 B, HTTP/2 and more of it", "requests per CPU second", [176126.2] * 3,
              {"nginx sendfile": [12345.0, 15000.0, 14000.0]}, 120, 200, note="word " * 60)
    assert max(map(len, lines_of([row]))) <= COLUMNS_MAX


def test_each_unit_has_a_heading():
    text = table([Row("a", "ms", [1]), Row("b", "ms", [1]), Row("c", "MiB", [1])])
    assert [line for line in text.splitlines() if line in ("ms", "MiB")] == ["ms", "MiB"]


def test_the_csv_has_medians_and_ranges_of_both_sides_and_of_the_pairs():
    row = Row("cold start", "ms", [1, 2, 4], {"a": [20, 20, 20], "b": [30, 30, 30]}, 0.1, 0.04, "lower",
              "a, note", "start")
    file = io.StringIO()
    write_csv([row], file)
    (found,) = csv.DictReader(io.StringIO(file.getvalue()))
    assert found == {
        "scenario": "start", "work": "cold start", "unit": "ms", "better": "lower", "runs": "3",
        "hydrant_median": "2", "hydrant_min": "1", "hydrant_max": "4", "rival": "a", "rival_median": "20",
        "rival_min": "20", "rival_max": "20", "ratio_median": "0.1", "ratio_min": "0.05",
        "ratio_max": "0.2", "target": "0.1", "stretch": "0.04", "verdict": "met", "others": "b 30",
        "note": "a, note"}


def test_the_verdicts_are_counted():
    rows = [beside([1], [1], target=1), beside([1], [1], target=2), beside([1], [1])]
    assert count_of(rows) == "1 met, 1 missed, 1 recorded"
