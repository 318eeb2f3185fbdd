"""The page of `python -m bot evaluate --html`: whole, safe, and with the figures that were measured."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.decision import Reason
from bot.routes import Route
from bot.testing import evaluate as evaluate_module
from bot.testing.evaluate import Result, TurnOutcome
from bot.testing.labelled import Dialogue, LabelledMessage
from bot.testing.labels import Reply
from bot.testing.measures import Outcome
from bot.testing.report import SLOWEST, Origin, confusion, misses, page, recall_by_route, route_expected
from bot.testing.statistics import Share
from tests.testing.replies import outcome, reply

ORIGIN = Origin(datetime(2026, 3, 1, 9, 30, tzinfo=timezone.utc), "abc123", (("messages.jsonl", "d1"),))
HOSTILE = "<script>alert(1)</script> \"quoted\" & 'so on'"
VOID = {"meta", "line", "circle", "polyline"}


class Reader(HTMLParser):
    """Reads a page strictly: every element is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: Counter[str] = Counter()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.ids += [value for name, value in attrs if name == "id" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def said(text: str, expect: str, got: Reply) -> Outcome:
    return Outcome(LabelledMessage(text, expect), got)


@pytest.fixture
def result() -> Result:
    near = Reason("classifier", "ask_outlook", 0.82, 0.4)
    below = Reason("classifier", "ask_curable", 0.31, 0.4)
    alarm = reply("crisis_self", intent="crisis_self", reasons=("screen crisis.rule",), seconds=0.25)
    greeted = reply("greet", intent="greet")
    dialogue = Dialogue("d-7", "", ())
    turn = LabelledMessage("the turn that went wrong", "helpline:crisis")
    return Result(
        (
            said("how long", "answer:outlook", reply("ask_outlook", intent="ask_outlook", nearest=near)),
            said("a hard one", "helpline:complex", reply("complex", intent="complex", nearest=below)),
            said(HOSTILE, "chat:greet", alarm),
            said("hello", "chat:greet", greeted),
        ),
        ((dialogue, (TurnOutcome(turn, greeted),)),),
    )


@pytest.fixture
def html(result: Result) -> str:
    return page(result, ORIGIN)


def test_the_page_is_well_formed_and_has_three_charts_beside_tables(html: str) -> None:
    reader = read(html)
    assert reader.seen["svg"] == reader.seen["title"] - 1 == reader.seen["desc"] == 3
    assert html.count('<div class="beside">') == 3
    assert (
        len(re.findall(r'<div class="beside">\s*<svg.*?</svg>\s*<div class="wide"[^>]*>\s*<table>', html, re.DOTALL))
        == 3
    )
    assert len(set(reader.ids)) == len(reader.ids)


def test_the_page_needs_nothing_else(html: str) -> None:
    seen = read(html).seen
    assert not [tag for tag in ("script", "link", "img", "iframe", "object", "form") if seen[tag]]
    assert not re.search(r"""https?:|url\(|@import|\s(src|href|on\w+)=""", html)
    assert "default-src 'none'" in html


def test_what_a_message_holds_is_text(html: str) -> None:
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3  # false alarm, slowest, miss


def test_date_model_and_files_are_told(html: str) -> None:
    for told in ("01 March 2026, 09:30 UTC", "abc123", "messages.jsonl, sha256 <code>d1</code>"):
        assert told in html


def test_every_miss_is_told_with_its_reasons(html: str) -> None:
    part = html[html.index("<h2>Misses (2)") :]
    assert "screen crisis.rule" in part
    assert "d-7, turn 1:</strong> the turn that went wrong" in part
    assert "hello" not in part


def test_false_alarms_and_the_slowest_are_listed(html: str) -> None:
    assert "<h2>False alarms (1)</h2>" in html
    slowest = html[html.index("<h2>Slowest") : html.index("<h2>Misses")]
    assert re.findall(r'<td class="time">(.*?)</td>', slowest)[0] == "250.0 ms"


def test_of_many_messages_only_the_slowest_are_listed() -> None:
    html = page(Result((outcome("chat:greet", "greet"),) * (SLOWEST + 5), ()), ORIGIN)
    assert html[html.index("<h2>Slowest") :].count(" ms</td>") == SLOWEST


def test_a_long_message_is_folded_and_whole() -> None:
    text = "so many words " * 40
    html = page(Result((said(text, "helpline:crisis", reply("greet")),), ()), ORIGIN)
    assert read(html).seen["details"] == 2
    assert html.count(text) == 2


def test_recall_is_told_with_its_interval(html: str) -> None:
    row = r'<th scope="row">chat</th>\s*<td>1 of 2</td>\s*<td>50.0%</td><td>9.5% – 90.5%</td>'
    assert re.search(row, html)


def test_the_threshold_in_use_is_marked(html: str) -> None:
    assert '<tr class="used"><th scope="row">0.40 (in use)</th><td>1</td><td>50.0%</td>' in html


def test_without_scores_it_says_that_they_were_not_measured() -> None:
    html = page(Result((outcome("chat:greet", "greet"),), ()), ORIGIN)
    assert html.count("Not measured") == 2
    assert read(html).seen["svg"] == 1


def test_without_anything_there_is_still_a_page() -> None:
    assert read(page(Result((), ()), ORIGIN)).seen["svg"] == 0


@pytest.mark.parametrize(
    ("label", "route"),
    [
        ("answer:outlook", Route.ANSWER),
        ("helpline:crisis", Route.CRISIS),
        ("helpline:human", Route.HUMAN),
        ("chat:greet", Route.CHAT),
        ("chat:other", Route.OTHER),
    ],
)
def test_each_label_stands_for_a_route(label: str, route: Route) -> None:
    assert route_expected(label) is route


def test_recall_counts_any_right_label_and_the_matrix_only_the_best(result: Result) -> None:
    accepted = outcome("answer:outlook", "complex", "helpline:complex")
    assert recall_by_route([accepted]) == [(Route.ANSWER, Share(1, 1))]
    assert confusion([accepted]).counts == {(Route.ANSWER, Route.COMPLEX): 1}
    assert confusion(result.outcomes).expected == (Route.ANSWER, Route.COMPLEX, Route.CHAT)
    assert confusion(result.outcomes).got == (Route.ANSWER, Route.COMPLEX, Route.CRISIS, Route.CHAT)


def test_misses_name_the_turn(result: Result) -> None:
    assert [miss.place for miss in misses(result)] == ["", "d-7, turn 1"]


def test_the_origin_knows_files_and_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNPOST_MODEL_DIR", str(tmp_path))
    path = tmp_path / "m.jsonl"
    path.write_text("{}")
    origin = Origin.of([path], None)
    assert origin.files == (("m.jsonl", hashlib.sha256(b"{}").hexdigest()),)
    assert origin.model == "unknown: the model has no record"
    assert "http://127.0.0.1:1" in Origin.of([], "http://127.0.0.1:1").model


class PlayedBot:
    """Takes every message for a greeting."""

    async def start(self) -> str:
        return "c1"

    async def say(self, conversation: str, text: str) -> Reply:
        return replace(reply("greet"), seconds=0.001)


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(evaluate_module, "in_process", lambda settings: PlayedBot())
    yield


@pytest.mark.usefixtures("played")
def test_the_command_writes_the_page_beside_the_table(tmp_path: Path) -> None:
    file, report = tmp_path / "m.jsonl", tmp_path / "report.html"
    file.write_text('{"text": "hëllo", "expect": "chat:greet"}\n', encoding="utf-8")
    ran = CliRunner().invoke(app, ["evaluate", str(file), "--html", str(report)])
    assert (ran.exit_code, ran.exception) == (0, None)
    assert "all right" in ran.output
    assert "hëllo" in report.read_text(encoding="utf-8")
