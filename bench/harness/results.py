"""A row of the benchmark's table: what was measured, of how many runs, beside whom, and whether it is enough.

Runs are paired: the first of ours ran beside the first of theirs, so the ratio of a row is the median of the
ratios of the pairs, and what else the machine did falls on both sides of each.
"""

import csv
import math
import statistics
from dataclasses import dataclass, field

MET, MISSED, RECORDED = "met", "missed", "recorded"
COLUMNS_MAX = 110


@dataclass(frozen=True)
class Row:
    """One figure. `ours` has a value for each run, `theirs` as many of each server beside it.

    With `theirs`, `target` and `stretch` are ratios of ours to the best of theirs; without, they are
    values in `unit`. With better="higher" they are the least that is enough, with "lower" the most.
    A row without a target is recorded only.
    """

    work: str
    unit: str
    ours: list[float]
    theirs: dict[str, list[float]] = field(default_factory=dict)
    target: float | None = None
    stretch: float | None = None
    better: str = "higher"
    note: str = ""
    scenario: str = ""  # bench/run writes it
    detail: bool = False  # for the CSV, and for the table only with --details

    def __post_init__(self):
        if self.better not in ("higher", "lower"):
            raise ValueError(f"better is higher or lower, not {self.better}")
        if not self.ours:
            raise ValueError(f"{self.work}: no run of ours")
        for name, values in self.theirs.items():
            if len(values) != len(self.ours):
                raise ValueError(f"{self.work}: {len(self.ours)} runs of ours and {len(values)} of {name}")

    @property
    def value(self):
        """The median of ours."""
        return statistics.median(self.ours)

    @property
    def rival(self):
        """The name of the best of theirs; None without any."""
        if not self.theirs:
            return None
        best = max if self.better == "higher" else min
        return best(self.theirs, key=lambda name: statistics.median(self.theirs[name]))

    def ratios(self, name=None):
        """Ours over theirs, pair by pair, beside `name` or the best of them."""
        theirs = self.theirs[name or self.rival]
        return [mine / other if other else math.inf for mine, other in zip(self.ours, theirs, strict=True)]

    def ratio(self, name=None):
        """The median of the ratios; None without theirs."""
        return statistics.median(self.ratios(name)) if self.theirs else None

    @property
    def judged(self):
        """What the target is compared with."""
        return self.ratio() if self.theirs else self.value

    @property
    def verdict(self):
        return RECORDED if self.target is None else MET if self._reaches(self.target) else MISSED

    @property
    def stretched(self):
        """Whether the stretch goal is reached as well."""
        return self.stretch is not None and self._reaches(self.stretch)

    def _reaches(self, limit):
        return self.judged >= limit if self.better == "higher" else self.judged <= limit


def number(value):
    """Three digits that matter, and no more; thousands apart."""
    if value is None:
        return ""
    if math.isinf(value):
        return "inf"
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    rounded = round(value, digits) if abs(value) < 1000 else round(value)
    if abs(rounded) >= 1000:
        return f"{rounded:,.0f}".replace(",", " ")
    text = f"{rounded:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(values):
    return f"{number(min(values))}-{number(max(values))}"


HEAD = ("", "hydrant", "beside", "ratio", "range", "target", "")
WIDTHS = (34, 8, 21, 7, 13, 13)


def goal_text(row):
    """The target, and the stretch goal in brackets."""
    if row.target is None:
        return ""
    stretch = f" ({number(row.stretch)})" if row.stretch is not None else ""
    return (">=" if row.better == "higher" else "<=") + number(row.target) + stretch


def cells(row):
    """The row's columns of text, without its unit."""
    beside = f"{row.rival} {number(statistics.median(row.theirs[row.rival]))}" if row.theirs else ""
    ratio = number(row.ratio()) if row.theirs else ""
    shown = span(row.ratios()) if row.theirs else span(row.ours)
    verdict = {MET: "met+" if row.stretched else MET, RECORDED: ""}.get(row.verdict, MISSED.upper())
    return row.work, number(row.value), beside, ratio, shown, goal_text(row), verdict


def line(columns):
    """Columns beside each other: text to the left, numbers to the right. A name that is too long has a
    line of its own."""
    name, rest = columns[0], columns[1:]
    before = f"{name}\n" if len(name) > WIDTHS[0] else ""
    parts = ["" if before else name, *rest]
    aligned = [f"{text:<{width}}" if at in (0, 2) else f"{text:>{width}}"
               for at, (text, width) in enumerate(zip(parts, WIDTHS))]
    return before + " ".join([*aligned, parts[-1]]).rstrip()


def table(rows, notes=True):
    """Text of at most 110 columns: for each scenario and unit its rows, and their notes below."""
    lines, before, marks = [], None, {}
    for row in rows:
        heading = (row.scenario, row.unit)
        if heading != before:
            if lines:
                lines.append("")
            lines += [f"{row.scenario}: {row.unit}" if row.scenario else row.unit, line(HEAD)]
            before = heading
        columns = list(cells(row))
        if row.note and notes:
            mark = marks.setdefault(row.note, len(marks) + 1)
            columns[0] = f"{columns[0]} [{mark}]"
        lines.append(line(columns))
    if marks:
        lines.append("")
        lines += [text for note, mark in marks.items() for text in wrapped(f"[{mark}] {note}")]
    return "\n".join(lines) + "\n"


def wrapped(text):
    """Lines of at most 110 columns, those after the first indented."""
    lines, now = [], ""
    for word in text.split():
        if now and len(now) + 1 + len(word) > COLUMNS_MAX:
            lines.append(now)
            now = "   "
        now = f"{now} {word}" if now else word
    return [*lines, now]


def count_of(rows):
    """The last line of a run: how many targets were met, missed, and how many rows had none."""
    verdicts = [row.verdict for row in rows]
    return ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in (MET, MISSED, RECORDED))


CSV_HEAD = ["scenario", "work", "unit", "better", "runs", "hydrant_median", "hydrant_min", "hydrant_max",
            "rival", "rival_median", "rival_min", "rival_max", "ratio_median", "ratio_min", "ratio_max",
            "target", "stretch", "verdict", "others", "note"]


def exact(value):
    return "" if value is None else f"{value:.6g}"


def three(values):
    return [exact(f(values)) for f in (statistics.median, min, max)] if values else ["", "", ""]


def write_csv(rows, file):
    """A line for each row: medians, least and most of each side and of the ratios of the pairs."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(CSV_HEAD)
    for row in rows:
        others = "; ".join(f"{name} {exact(statistics.median(values))}"
                           for name, values in row.theirs.items() if name != row.rival)
        writer.writerow([
            row.scenario, row.work, row.unit, row.better, len(row.ours), *three(row.ours), row.rival or "",
            *three(row.theirs.get(row.rival, [])), *three(row.ratios() if row.theirs else []),
            exact(row.target), exact(row.stretch), row.verdict, others, row.note])
