"""A chat that lasts: slow networks, a server that hangs, two tabs, the browser's memory, two hundred messages."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from statistics import median
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from bot.decision import Decision, Reason, SpokenBlock
from bot.routes import Route
from tests.e2e.browser import launch
from tests.e2e.running import until
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting, words

pytestmark = BROWSER

SLOW_3G = {"offline": False, "latency": 2_000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""As browsers' own tools have it: two seconds for each request, 400 kilobits a second."""
MESSAGES = 200
FRAME_MS = 50
"""A promise of the product: so long at most for each picture while a long chat is scrolled."""
KEY = "signpost.token"

SCROLL = """async () => {
    const times = [];
    let before = await new Promise(requestAnimationFrame);
    for (let top = 0; times.length < 60; top += 400) {
        scrollTo(0, top);
        const now = await new Promise(requestAnimationFrame);
        times.push(now - before);
        before = now;
    }
    return times;
}"""


def test_on_a_very_slow_network_the_numbers_come_first_then_the_chat_and_each_message_once(
    browser: Browser, site: Site, gateway: Gateway
) -> None:
    with visiting(browser, site) as visit:
        network = visit.page.context.new_cdp_session(visit.page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", SLOW_3G)
        visit.launcher.click()
        expect(visit.card.locator("a[href='tel:999']")).to_be_visible()
        visit.wait()
        asked = len(gateway.rasa.asked)
        visit.send(OUTLOOK)
        expect(visit.problem.locator("a[href='tel:08088006000']")).to_be_visible()
        visit.turns.nth(1).locator(".leaflet").wait_for()
        assert len(gateway.rasa.asked) == asked + 1


def test_a_server_that_hangs_in_the_middle_of_a_chat_answers_once_when_it_goes_on(
    browser: Browser, site: Site, fragile: Gateway
) -> None:
    with visiting(browser, site) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        asked = len(fragile.rasa.asked)
        with fragile.hung():
            visit.send("hello")
            expect(visit.problem).to_contain_text(words("slow"))
        visit.turns.nth(2).locator(".signpost").wait_for()
        assert len(fragile.rasa.asked) == asked + 1


def test_an_impatient_hand_sends_once(visit: Visit, gateway: Gateway) -> None:
    visit.open()
    asked = len(gateway.rasa.asked)
    visit.box.fill(OUTLOOK)
    for _ in range(4):
        visit.page.keyboard.press("Enter")
    visit.button("send").dblclick()
    visit.turns.nth(1).locator(".leaflet").wait_for()
    expect(visit.turns).to_have_count(2)
    assert len(gateway.rasa.asked) == asked + 1


def test_two_tabs_that_were_opened_by_hand_are_two_chats(visit: Visit, site: Site) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    other = Visit(visit.page.context.new_page())
    other.page.goto(site.url)
    other.open()
    expect(other.turns).to_have_count(1)
    other.ask("hello")
    tokens = [tab.frame.evaluate("key => sessionStorage.getItem(key)", KEY) for tab in (visit, other)]
    assert len(set(tokens)) == 2


def test_a_tab_that_was_doubled_shows_the_same_chat_and_both_go_on(visit: Visit, site: Site) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    with visit.page.expect_popup() as popup:
        visit.page.evaluate("url => void window.open(url)", site.url)
    double = Visit(popup.value)
    double.open()
    expect(double.turns).to_have_count(2)
    double.ask("hello")
    expect(visit.turns).to_have_count(3)
    visit.ask("thank you")
    expect(double.turns).to_have_count(4)
    assert double.turns.all_text_contents() == visit.turns.all_text_contents()


def test_a_token_that_is_made_up_opens_nobodys_chat(visit: Visit) -> None:
    visit.open()
    visit.frame.evaluate("key => sessionStorage.setItem(key, 'A'.repeat(43))", KEY)
    visit.page.reload()
    visit.open()
    expect(visit.turns).to_have_count(1)
    expect(visit.problem).to_have_count(0)
    until(lambda: visit.stored() == {})
    visit.ask(OUTLOOK)
    expect(visit.turns).to_have_count(2)


@pytest.mark.parametrize("leave", [False, True], ids=["another page", "leaving"])
def test_a_page_that_the_browser_kept_shows_no_chat_until_it_is_opened_again(
    browser: Browser, site: Site, leave: bool
) -> None:
    keeping = launch(browser.browser_type, ignore_default_args=["--disable-back-forward-cache"])
    try:
        with visiting(keeping, site) as visit:
            visit.open()
            visit.ask(OUTLOOK)
            visit.page.evaluate("addEventListener('pageshow', event => { window.kept = event.persisted; })")
            visit.page.goto(f"{site.url}/other")
            if leave:
                visit.open()
                visit.button("leave_now").click()
                visit.page.wait_for_url(f"{site.url}/weather")
            visit.page.go_back(wait_until="commit")
            until(lambda: visit.page.evaluate("window.kept === true"))
            expect(visit.launcher).to_be_visible()
            expect(visit.page.locator("signpost-chat iframe")).to_have_count(0)
            visit.open()
            expect(visit.turns).to_have_count(1 if leave else 2)
            expect(visit.chat.get_by_text(OUTLOOK, exact=True)).to_have_count(0 if leave else 1)
    finally:
        keeping.close()


def test_a_chat_of_two_hundred_messages_is_shown_whole_and_scrolls_smoothly(
    visit: Visit, gateway: Gateway, record_property: Any
) -> None:
    visit.open()
    token = begin_long_chat(gateway)
    visit.frame.evaluate("([key, token]) => sessionStorage.setItem(key, token)", [KEY, token])
    visit.page.reload()
    visit.open()
    expect(visit.turns).to_have_count(MESSAGES + 1)
    times = visit.frame.evaluate(SCROLL)
    record_property("scrolling, median ms a frame", median(times))
    record_property("scrolling, slowest ms a frame", max(times))
    assert median(times) < FRAME_MS  # the slowest is for an idle machine to judge
    visit.ask(CRISIS)
    expect(visit.turns.last.locator(".urgent a[href='tel:999']").first).to_be_in_viewport()


def begin_long_chat(gateway: Gateway) -> str:
    """Begin a chat and record what two hundred messages would have left."""
    token = str(httpx.post(f"{gateway.url}/api/chat/sessions", trust_env=False, timeout=60).json()["token"])
    now = datetime.now(timezone.utc)
    block = LIBRARY["secondary.outlook"]
    decision = Decision("ask_outlook", Route.ANSWER, (Reason("classifier", "ask_outlook", 0.9, 0.5),))
    with gateway.triage() as triage:
        conversation = triage.find(token, now)
        assert conversation is not None
        for number in range(MESSAGES):
            triage.record_turn(
                conversation.id,
                message_id=f"long-{number}",
                text=f"{OUTLOOK} {number}",
                choice=None,
                decision=decision,
                blocks=(SpokenBlock(block.id, block.sha256),),
                choices=("ask_curable",),
                now=now + timedelta(milliseconds=number),
            )
    return token
