"""The ratios as one SVG: the other emulators on a logarithmic scale, nginx on a linear one.

It has a background of its own, so that it can be read on a light page and on a dark one.
"""

import math
import statistics
from xml.sax.saxutils import escape

# Those that can be told apart with any sight, in a fixed order.
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]
INK, FAINT, GRID, PAPER = "#1f2328", "#59636e", "#d1d9e0", "#ffffff"
WIDTH, MARGIN, LABEL_WIDTH, VALUE_WIDTH = 880, 24, 236, 86
BAR, BAR_GAP, GROUP_GAP = 11, 2, 11
LEFT, RIGHT = MARGIN + LABEL_WIDTH, WIDTH - MARGIN - VALUE_WIDTH


class Canvas:
    """Elements from the top down."""

    def __init__(self):
        self.parts = []
        self.y = MARGIN

    def text(self, x, y, content, size=12, colour=INK, anchor="start", weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
                          f'text-anchor="{anchor}" font-weight="{weight}">{escape(content)}</text>')

    def bar(self, x, y, width, height, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" '
                          f'height="{height}" fill="{colour}" rx="1.5"/>')

    def line(self, x1, y1, x2, y2, colour, width=1.0, dashes=""):
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}" stroke-width="{width}"{dashed}/>')

    def document(self):
        height = self.y + MARGIN
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" '
                f'width="{WIDTH}" height="{height:.0f}" role="img" '
                'font-family="system-ui, -apple-system, \'Segoe UI\', \'DejaVu Sans\', sans-serif">\n'
                f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1:.0f}" rx="8" '
                f'fill="{PAPER}" stroke="{GRID}"/>\n' + "\n".join(self.parts) + "\n</svg>\n")


def times(value):
    """A ratio as one says it."""
    digits = 0 if value >= 20 else 1 if value >= 3 else 2
    return f"{value:.{digits}f}x"


def advantages(row, name):
    """How many times better ours is than that of `name`, pair by pair: more is always better."""
    ratios = row.ratios(name)
    return ratios if row.better == "higher" else [1 / ratio if ratio else math.inf for ratio in ratios]


def best_goal(row):
    """The target as such a number of times; None without one."""
    return row.target if row.target is None or row.better == "higher" else 1 / row.target


def is_of_nginx(row):
    return bool(row.theirs) and all(name.startswith("nginx") for name in row.theirs)


def is_of_peers(row):
    return bool(row.theirs) and not row.detail and row.scenario in ("peers", "start")


def without_repeats(rows):
    """Of rows with the same work and the same rival, the first."""
    found = {}
    for row in rows:
        found.setdefault((row.work, row.rival), row)
    return list(found.values())


def legend(canvas, names, goal):
    x = LEFT
    for at, name in enumerate(names):
        canvas.bar(x, canvas.y - 9, BAR, BAR, COLOURS[at % len(COLOURS)])
        canvas.text(x + BAR + 5, canvas.y, name, 11, FAINT)
        x += BAR + 5 + 6.6 * len(name) + 18
    if goal:
        canvas.line(x + 4, canvas.y - 10, x + 4, canvas.y + 2, INK, 2)
        canvas.text(x + 12, canvas.y, goal, 11, FAINT)
    canvas.y += 10


def section(canvas, title, subtitle):
    canvas.text(MARGIN, canvas.y + 12, title, 15, INK, weight="600")
    canvas.text(MARGIN, canvas.y + 30, subtitle, 11.5, FAINT)
    canvas.y += 54


def axis(canvas, top, ticks, position):
    """The grid behind the bars, from `top` to where the canvas is now."""
    behind = Canvas()
    for value, label in ticks:
        behind.line(position(value), top, position(value), canvas.y, GRID)
        behind.text(position(value), canvas.y + 14, label, 10.5, FAINT, "middle")
    return behind.parts


def beside_marks(end, goal):
    """Where the figure of a bar that ends at `end` can stand without the mark of the target in it."""
    return goal + 6 if goal is not None and end - 4 < goal < end + 44 else end + 6


def groups(canvas, bars_of_rows, position, start):
    """bars_of_rows: [(label, goal or None, [(values, colour, text)])]"""
    for label, goal, bars in bars_of_rows:
        height = len(bars) * (BAR + BAR_GAP) - BAR_GAP
        canvas.text(LEFT - 12, canvas.y + height / 2 + 4, label, 12, INK, "end")
        for at, (values, colour, text) in enumerate(bars):
            y, middle = canvas.y + at * (BAR + BAR_GAP), statistics.median(values)
            canvas.bar(start, y, position(middle) - start, BAR, colour)
            low, high = position(min(values)), position(max(values))
            if high - low > 1:
                canvas.line(low, y + BAR / 2, high, y + BAR / 2, INK, 1)
            canvas.text(beside_marks(max(high, position(middle)), goal and position(goal)),
                        y + BAR - 1.5, text, 11, INK)
        if goal is not None:
            canvas.line(position(goal), canvas.y - 3, position(goal), canvas.y + height + 3, INK, 2)
        canvas.y += height + GROUP_GAP


def draw_peers(canvas, rows):
    names = sorted({name for row in rows for name in row.theirs})
    bars, most = [], 10.0
    for row in rows:
        of_row = [(advantages(row, name), COLOURS[names.index(name)],
                   times(statistics.median(advantages(row, name)))) for name in names if name in row.theirs]
        bars.append((row.work, best_goal(row), of_row))
        most = max(most, *(max(values) for values, _, _ in of_row))
    decades = math.log10(most * 1.2)

    def position(value):
        return LEFT + max(0.0, math.log10(max(value, 1e-9))) / decades * (RIGHT - LEFT)

    section(canvas, "Beside the other emulators",
            "How many times as much hydrant does in a second of processor time, or how many times quicker or "
            "smaller it is. Logarithmic.")
    legend(canvas, names, "target, against the best of them" if any(row.target for row in rows) else "")
    top, at = canvas.y, len(canvas.parts)
    canvas.y += 8
    groups(canvas, bars, position, LEFT)
    canvas.parts[at:at] = axis(canvas, top, [(10 ** power, f"{10 ** power}x") for power in range(math.floor(decades) + 1)],
                               position)
    canvas.y += 34


def draw_nginx(canvas, rows):
    most = max(1.0, *(max(row.ratios()) for row in rows), *(row.target or 0 for row in rows))
    most = math.ceil(most * 5) / 5
    names = sorted({row.rival for row in rows})

    def position(value):
        return LEFT + value / most * (RIGHT - LEFT)

    section(canvas, "Beside nginx",
            "Requests of hydrant for a request of nginx, which answers without looking at what it gets, by the "
            "same processor time.")
    legend(canvas, names, "target" if any(row.target for row in rows) else "")
    top, at = canvas.y, len(canvas.parts)
    canvas.y += 8
    groups(canvas, [(row.work, row.target, [(row.ratios(), COLOURS[names.index(row.rival)],
                                             f"{row.ratio():.2f}")]) for row in rows], position, LEFT)
    ticks = [(tick / 5, f"{tick / 5:g}") for tick in range(round(most * 5) + 1)]
    canvas.parts[at:at] = axis(canvas, top, ticks, position)
    canvas.y += 34


def draw(rows, caption):
    """The text of an SVG file of the rows that stand beside nginx and beside other emulators."""
    canvas = Canvas()
    peers = without_repeats(row for row in rows if is_of_peers(row))
    nginx = without_repeats(row for row in rows if is_of_nginx(row) and not row.detail)
    if peers:
        draw_peers(canvas, peers)
    if nginx:
        draw_nginx(canvas, nginx)
    canvas.text(MARGIN, canvas.y + 8, caption, 10.5, FAINT)
    canvas.y += 8
    return canvas.document()
