"""The whole bot in this process: what happens here is what happens in the running product."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.stories.coverage import read_rules
from bot.stories.in_process import hasty
from bot.stories.players import OneByOne, side_by_side
from bot.stories.playing import Result
from bot.stories.reading import read_stories
from bot.stories.recording import Act, converse
from bot.stories.story import Key, Story
from bot.stories.writing import write
from bot.triage.database import make_engine
from tests.stories_runner.builders import ASKS, SETTINGS, VOCABULARY, step, story

DIE = step(Key.USER, "I want to die")


def result(player: OneByOne, *steps: object) -> Result:
    (found,) = player.play_all([story(*steps)])  # type: ignore[arg-type]
    return found


def assert_holds(player: OneByOne, *steps: object) -> Result:
    found = result(player, *steps)
    wrong = [(finding.step, finding.said) for played in found.played for finding in played.findings]
    assert not found.failed, wrong
    return found


@pytest.mark.model
def test_a_crisis_opens_a_case_that_stays_open(player: OneByOne) -> None:
    assert_holds(
        player,
        step(Key.CASE, "none"),
        DIE,
        step(Key.ROUTE, "crisis"),
        step(Key.UTTER, "utter_crisis_self"),
        step(Key.BLOCKS, "house.crisis_self", "house.crisis_contacts", "house.helpline"),
        step(Key.CASE, "immediate"),
        ASKS,
        step(Key.BLOCK, "secondary.outlook"),
        step(Key.CASE, "immediate"),
    )


@pytest.mark.model
def test_rules_and_actions_run_as_they_do_in_rasa(player: OneByOne) -> None:
    found = assert_holds(player, DIE, step(Key.ROUTE, "crisis"))
    said = found.played[-1].said
    assert said
    assert said.inside
    assert said.inside.fired == ("crisis_self", "utter_crisis_self", "action_open_case")
    assert said.inside.fired in read_rules().values()
    assert said.inside.reasons
    assert said.inside.intent == "crisis_self"


@pytest.mark.model
def test_a_choice_is_pressed_as_on_the_page(player: OneByOne) -> None:
    assert_holds(player, ASKS, step(Key.CHOOSE, "ask_treatment"), step(Key.UTTER, "utter_ask_treatment"))


@pytest.mark.model
def test_with_the_engine_away_the_screen_still_speaks_and_the_next_story_begins_afresh(player: OneByOne) -> None:
    away = step(Key.ENGINE, "away")
    assert_holds(
        player,
        away,
        ASKS,
        step(Key.UTTER, "utter_unavailable"),
        DIE,
        step(Key.UTTER, "utter_crisis_self"),
        step(Key.CASE, "immediate"),
        step(Key.ENGINE, "back"),
        ASKS,
        step(Key.ROUTE, "answer"),
        away,
        ASKS,
        step(Key.ROUTE, "unavailable"),
    )
    assert_holds(player, ASKS, step(Key.ROUTE, "answer"))


@pytest.mark.model
def test_a_message_that_is_too_long_gets_the_helpline(player: OneByOne) -> None:
    found = assert_holds(
        player, step(Key.USER, "a " * 2_000), step(Key.BLOCK, "house.helpline"), step(Key.UTTER, "utter_unavailable")
    )
    said = found.played[-1].said
    assert said
    assert said.refused == "E503"


@pytest.mark.model
def test_personal_data_is_taken_out_and_nothing_of_the_installation_is_touched(player: OneByOne) -> None:
    before = {path: path.stat().st_mtime_ns for path in SETTINGS.var_dir.rglob("*.db")}
    assert_holds(player, step(Key.USER, "my number is 07700 900123"), step(Key.MUST_NOT_SAY, "07700 900123"))
    assert before == {path: path.stat().st_mtime_ns for path in before}


@pytest.mark.model
def test_what_is_recorded_passes_at_once(player: OneByOne, tmp_path: Path) -> None:
    acts = iter(
        [Act(Key.USER, "hello"), Act(Key.CHOOSE, "ask_outlook"), Act(Key.USER, ""), Act(Key.USER, "I want to die")]
    )

    async def hold() -> Story:
        return await converse(await player.bot.visit(), lambda said: next(acts, None), "Recorded", print)

    recorded = player._loop.run_until_complete(hold())
    path = tmp_path / "recorded.yml"
    path.write_text(write([recorded]))
    read = read_stories([path], VOCABULARY)
    assert read.problems == ()
    (found,) = player.play_all(read.stories)
    assert (found.failed, found.turns, found.unseen) == (False, 4, 0)


@pytest.mark.model
@pytest.mark.timeout(900)
def test_several_processes_give_what_one_gives_in_the_same_order(player: OneByOne) -> None:
    stories = [story(ASKS, step(Key.ROUTE, "answer"), name=f"Story {number}") for number in range(9)]
    with side_by_side(SETTINGS, VOCABULARY, 2) as several:
        found = list(several.play_all(stories))
    assert [one.story for one in found] == stories
    assert not any(one.failed for one in found)


@pytest.mark.parametrize(("below", "waits"), [(True, 0), (False, 2)])
def test_only_databases_of_the_temporary_folder_are_hasty(tmp_path: Path, below: bool, waits: int) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    path = (folder if below else tmp_path) / "x.db"
    with hasty(folder):
        engine = make_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == waits
        engine.dispose()
    with closing(sqlite3.connect(path)) as afterwards:
        assert afterwards.execute("PRAGMA synchronous").fetchone() == (2,)
