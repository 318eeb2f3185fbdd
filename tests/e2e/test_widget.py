"""The chat on the leaflet's page against the whole running product: one visit, from the button to the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from bot.routes import Level
from bot.triage.service import Triage
from tests.e2e.axe import violations
from tests.e2e.browser import open_browser
from tests.e2e.running import WHOLE, Signpost
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK
from tests.e2e.widget.test_speed import ANSWER_MS, BUSY, times_of
from tests.e2e.widget.visiting import Visit, words

pytestmark = WHOLE


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, signpost: Signpost) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="en-GB")
    visit = Visit(context.new_page())
    visit.page.goto(signpost.url)
    yield visit
    context.close()


def test_a_visitor_reads_asks_chooses_is_in_danger_and_deletes_the_chat(
    visit: Visit, signpost: Signpost, triage: Triage
) -> None:
    assert violations(visit.page) == []
    visit.open()
    assert visit.stored() == {}
    visit.ask(OUTLOOK)
    assert visit.blocks() == ["secondary.outlook"]
    expect(visit.turns.last.locator(".source")).to_contain_text("December 2015")

    visit.turns.last.get_by_role("button", name=LIBRARY["choice.ask_treatment"].text).click()
    visit.turns.nth(2).locator(".leaflet").wait_for()
    assert visit.blocks() == ["secondary.treatment"]

    visit.ask(f"{CRISIS}. Ring 07700 900123")
    assert visit.blocks() == ["house.crisis_self", "house.crisis_contacts", "house.helpline"]
    expect(visit.turns.last.locator(".you p")).to_have_text(f"{CRISIS}. Ring [phone number]")
    code = visit.turns.last.locator(".code").text_content() or ""
    found = triage.find_reference(code)
    assert found is not None
    assert [case.level for case in triage.cases(found.id)] == [Level.IMMEDIATE]
    assert violations(visit.page) == []

    visit.button("delete").click()
    visit.button("delete_yes").click()
    expect(visit.chat.get_by_role("heading", name=words("deleted_heading"))).to_be_visible()
    assert triage.find_reference(code) is None
    assert visit.stored() == {}
    assert all(url.startswith((signpost.url, "blob:")) for url in visit.asked)
    assert visit.complaints == []


def test_the_first_message_is_answered_in_time_by_the_trained_model(visit: Visit, record_property: Any) -> None:
    _, answer = times_of(visit)
    record_property("first answer, ms", answer)
    assert answer <= ANSWER_MS * BUSY
