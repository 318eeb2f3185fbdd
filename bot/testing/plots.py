"""Charts as inline SVG: no scripts, no fonts, no files. Each has a title and a description for those who hear it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.testing.calibration import Bin, Point
from bot.testing.statistics import Share

WIDTH, SIDE = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 110, 20, 12, 46
ROW = 34
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def intervals(name: str, title: str, description: str, rows: Sequence[tuple[str, Share]]) -> Markup:
    """Draw one dot with its 95 % interval for each row.

    Args:
        name: An id that no other chart of the page has.
        title: What the chart is called.
        description: What it shows, in a sentence.
        rows: Name and share of each row, from the top.

    Returns:
        The chart.
    """
    height = TOP + ROW * len(rows) + BOTTOM
    parts = [_grid_x(height)]
    for number, (label, share) in enumerate(rows):
        y = TOP + ROW * (number + 0.5)
        low, high = (_x(value) for value in share.interval)
        parts += [
            _text(LEFT - 10, y + 5, label, "end"),
            _line(low, y, high, y, "data"),
            *(_line(x, y - 5, x, y + 5, "data") for x in (low, high)),
            _dot(_x(share.value), y),
        ]
    return _svg(name, title, description, height, parts, "share, with its 95 % interval")


def risk_coverage(
    name: str, title: str, description: str, points: Sequence[Point], used: Point | None = None
) -> Markup:
    """Draw the share of wrong passages against the share of messages answered.

    Args:
        name: An id that no other chart of the page has.
        title: What the chart is called.
        description: What it shows, in a sentence.
        points: The curve, with growing coverage.
        used: The threshold in use, marked on the curve.

    Returns:
        The chart. Its vertical axis ends at the next step of a tenth above the highest risk, since risks are small.
    """
    top = min(10, int(max((point.risk.value for point in points), default=0.0) * 10) + 1) / 10
    places = [(_x(point.coverage.value), _y(point.risk.value / top)) for point in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    parts = [_grid_x(SIDE), _grid_y(top), Markup('<polyline class="data" points="{}"/>').format(path)]
    if used is not None:
        x, y = _x(used.coverage.value), _y(used.risk.value / top)
        parts += [_dot(x, y), _text(x - 9, y - 9, f"in use: {used.threshold:.2f}", "end")]
    return _svg(name, title, description, SIDE, parts, "coverage: share answered", "risk: share wrong")


def reliability(name: str, title: str, description: str, bins: Sequence[Bin]) -> Markup:
    """Draw the share right against the score; on the diagonal a score means what it says.

    Args:
        name: An id that no other chart of the page has.
        title: What the chart is called.
        description: What it shows, in a sentence.
        bins: From `calibration.reliability`.

    Returns:
        The chart.
    """
    parts = [_grid_x(SIDE), _grid_y(1.0), _line(_x(0), _y(0), _x(1), _y(1), "ideal")]
    for bin_ in bins:
        x = _x(bin_.score)
        low, high = bin_.right.interval
        parts += [_line(x, _y(low), x, _y(high), "data"), _dot(x, _y(bin_.right.value))]
    return _svg(name, title, description, SIDE, parts, "mean score", "share right")


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return SIDE - BOTTOM - share * (SIDE - BOTTOM - TOP)


def _grid_x(height: int) -> Markup:
    foot = height - BOTTOM
    lines = [_line(_x(tick), TOP, _x(tick), foot, "grid") for tick in TICKS]
    return Markup().join([*lines, *(_text(_x(tick), foot + 18, f"{tick:.0%}", "middle") for tick in TICKS)])


def _grid_y(top: float) -> Markup:
    lines = [_line(LEFT, _y(tick), WIDTH - RIGHT, _y(tick), "grid") for tick in TICKS]
    return Markup().join([*lines, *(_text(LEFT - 8, _y(tick) + 5, f"{tick * top:.0%}", "end") for tick in TICKS)])


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>').format(kind, x1, y1, x2, y2)


def _dot(x: float, y: float) -> Markup:
    return Markup('<circle cx="{:.1f}" cy="{:.1f}" r="5"/>').format(x, y)


def _text(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, words)


def _svg(
    name: str, title: str, description: str, height: int, parts: Sequence[Markup], across: str, up: str = ""
) -> Markup:
    axes = [_text(_x(0.5), height - 6, across, "middle")]
    if up:
        middle = _y(0.5)
        axes.append(
            Markup('<text transform="rotate(-90)" x="{:.1f}" y="24" text-anchor="middle">{}</text>').format(-middle, up)
        )
    return Markup(
        '<svg role="img" aria-labelledby="{0}-title {0}-desc" viewBox="0 0 {1} {2}" width="{1}" height="{2}">'
        '<title id="{0}-title">{3}</title><desc id="{0}-desc">{4}</desc>{5}</svg>'
    ).format(name, WIDTH, height, title, description, Markup("\n").join([*parts, *axes]))
