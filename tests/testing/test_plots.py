"""Charts: well-formed, told in words, and safe whatever a label holds."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.testing import plots
from bot.testing.calibration import Candidate, at, reliability, risk_coverage
from bot.testing.statistics import Share

OF = [Candidate(0.9, True), Candidate(0.6, False), Candidate(0.3, True)]
ABOUT = ("a-chart", "A title", "What it shows.")
CHARTS = {
    "intervals": plots.intervals(*ABOUT, [("crisis", Share(9, 10)), ("answer", Share(0, 0))]),
    "risk": plots.risk_coverage(*ABOUT, risk_coverage(OF), at(0.4, OF)),
    "risk without a threshold": plots.risk_coverage(*ABOUT, risk_coverage(OF)),
    "reliability": plots.reliability(*ABOUT, reliability(OF)),
}


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_a_chart_is_named_and_described_for_those_who_do_not_see_it(chart: Markup) -> None:
    svg = ElementTree.fromstring(chart)
    assert svg.get("role") == "img"
    told = {element.get("id"): element.text for element in svg if element.tag in ("title", "desc")}
    assert told == {"a-chart-title": "A title", "a-chart-desc": "What it shows."}
    assert str(svg.get("aria-labelledby")).split() == list(told)


@pytest.mark.parametrize(("chart", "dots"), [("intervals", 2), ("risk", 1), ("reliability", 3)])
def test_each_figure_is_a_dot(chart: str, dots: int) -> None:
    assert len(ElementTree.fromstring(CHARTS[chart]).findall("circle")) == dots


@given(st.integers(0, 400).flatmap(lambda total: st.builds(Share, st.integers(0, total), st.just(total))))
def test_an_interval_stays_within_the_axes_and_holds_its_dot(share: Share) -> None:
    svg = ElementTree.fromstring(plots.intervals(*ABOUT, [("a", share)]))
    (circle,) = svg.findall("circle")
    across, *_ = [line for line in svg.findall("line") if line.get("class") == "data"]
    ends = [float(str(across.get(name))) for name in ("x1", "x2")]
    assert plots.LEFT <= ends[0] <= ends[1] <= plots.WIDTH - plots.RIGHT
    if share.total:
        assert ends[0] - 0.1 <= float(str(circle.get("cx"))) <= ends[1] + 0.1


def test_what_a_label_holds_is_text() -> None:
    chart = plots.intervals("a", "<script>", "<b>", [("</svg><script>", Share(1, 1))])
    assert "<script>" not in chart
    assert "&lt;script&gt;" in chart


def test_nothing_to_draw_is_an_empty_chart() -> None:
    for chart in (plots.intervals(*ABOUT, []), plots.risk_coverage(*ABOUT, []), plots.reliability(*ABOUT, [])):
        assert not ElementTree.fromstring(chart).findall("circle")
