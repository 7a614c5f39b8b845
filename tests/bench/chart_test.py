"""The chart is SVG that says what the rows say."""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "bench"))
from harness import chart  # noqa: E402
from harness.results import Row  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"
NGINX = Row("PutRecord <100 B>", "requests", [90, 98], {"nginx": [100, 100]}, 0.85, scenario="requests")
PEERS = Row("PutRecord", "requests", [5000, 6000], {"moto": [10, 10], "kinesalite": [100, 100]}, 40,
            scenario="peers")
START = Row("cold start", "ms", [10, 10], {"moto": [500, 500]}, 0.1, better="lower", scenario="start")


def drawn(*rows):
    return ElementTree.fromstring(chart.draw(rows, "a day & a machine"))


def texts(tree):
    return [element.text for element in tree.iter(SVG + "text")]


def widths(tree, colour):
    """Of the bars; those of the legend are squares."""
    return [float(element.get("width")) for element in tree.iter(SVG + "rect")
            if element.get("fill") == colour and float(element.get("width")) != chart.BAR]


@pytest.mark.parametrize("rows", [(), (NGINX,), (PEERS,), (PEERS, START, NGINX)])
def test_any_rows_make_a_document_with_the_caption(rows):
    tree = drawn(*rows)
    assert tree.tag == SVG + "svg"
    assert "a day & a machine" in texts(tree)


def test_names_are_escaped():
    assert "PutRecord <100 B>" in texts(drawn(NGINX))


def test_beside_nginx_stands_the_share():
    assert "0.94" in texts(drawn(NGINX))


def test_beside_emulators_stands_how_many_times_as_much():
    assert {"550x", "55x"} <= set(texts(drawn(PEERS)))


def test_what_should_be_small_is_told_as_so_many_times_smaller():
    assert "50x" in texts(drawn(START))


def test_the_scale_of_emulators_is_logarithmic():
    kinesalite, moto = chart.COLOURS[:2]
    tree = drawn(PEERS)
    assert widths(tree, moto)[0] / widths(tree, kinesalite)[0] == pytest.approx(1.57, abs=0.02)


def test_nothing_stands_outside_of_the_picture():
    tree = drawn(PEERS, START, NGINX)
    width, height = float(tree.get("width")), float(tree.get("height"))
    for element in tree.iter(SVG + "rect"):
        assert float(element.get("x")) + float(element.get("width")) <= width
        assert float(element.get("y")) + float(element.get("height")) <= height
