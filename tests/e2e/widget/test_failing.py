"""When something fails, the numbers are there, the words are kept, and nothing is sent twice."""

from __future__ import annotations

import json

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.axe import violations
from tests.e2e.visitor import LIBRARY, OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting, words

pytestmark = BROWSER

NUMBERS = ("tel:08088006000", "tel:999", "tel:116123")


@pytest.fixture
def copied(site: Site, gateway: Gateway) -> Site:
    """A website that serves its own copy of the loader: it is there even when nothing of ours is."""
    loader = httpx.get(f"{gateway.url}/signpost.js", trust_env=False).content
    site.files["/signpost.js"] = ("text/javascript", loader)
    site.script, site.attributes = "/signpost.js", f'data-server="{gateway.url}"'
    return site


def shows_numbers(visit: Visit) -> None:
    """The loader's own card is there, in approved words, with numbers to call."""
    expect(visit.card).to_be_visible()
    for number in NUMBERS:
        expect(visit.card.locator(f"a[href='{number}']")).to_be_visible()
    approved = " ".join(block.text for block in LIBRARY)
    for text in visit.card.locator("h2, p, button").all_text_contents():
        assert text in approved
    assert violations(visit.page) == []


def test_the_numbers_are_shown_within_a_second(gateway: Gateway) -> None:
    source = httpx.get(f"{gateway.url}/signpost.js", trust_env=False).text
    assert "const patience = 800;" in source


def test_when_the_server_is_down_the_loader_shows_the_numbers(browser: Browser, copied: Site, fragile: Gateway) -> None:
    copied.attributes = f'data-server="{fragile.url}"'
    fragile.kill()
    with visiting(browser, copied) as visit:
        visit.launcher.click()
        shows_numbers(visit)
        visit.page.get_by_role("button", name=words("close"), exact=True).click()
        expect(visit.launcher).to_be_focused()
        fragile.start()
        visit.open()
        visit.ask(OUTLOOK)


def test_when_the_server_hangs_the_numbers_come_and_the_chat_later_only_if_it_is_wanted(
    browser: Browser, copied: Site, fragile: Gateway
) -> None:
    copied.attributes = f'data-server="{fragile.url}"'
    with visiting(browser, copied) as visit:
        with fragile.hung():
            visit.launcher.click()
            shows_numbers(visit)
        ready = visit.page.get_by_role("button", name=words("card_ready"), exact=True)
        expect(ready).to_be_visible()
        expect(visit.card).to_be_visible()
        ready.click()
        visit.ask(OUTLOOK)


def test_offline_the_loader_shows_the_numbers(browser: Browser, copied: Site) -> None:
    with visiting(browser, copied) as visit:
        visit.page.context.set_offline(True)
        visit.launcher.click()
        shows_numbers(visit)
        visit.page.context.set_offline(False)
        visit.page.get_by_role("button", name=words("card_retry"), exact=True).click()
        visit.box.wait_for()


def test_a_website_whose_policy_forbids_the_frame_shows_the_numbers(
    browser: Browser, site: Site, gateway: Gateway
) -> None:
    site.policy = f"default-src 'none'; script-src {gateway.url}"
    with visiting(browser, site) as visit:
        visit.launcher.click()
        shows_numbers(visit)


def test_a_website_that_is_not_allowed_cannot_show_the_chat(browser: Browser, copied: Site, fragile: Gateway) -> None:
    copied.attributes = f'data-server="{fragile.url}"'
    with visiting(browser, copied, copied.strange_url) as visit:
        visit.launcher.click()
        shows_numbers(visit)


def test_a_message_that_is_not_sent_is_kept_and_sent_once(visit: Visit, gateway: Gateway) -> None:
    visit.open()
    lost: list[str] = []

    def lose_the_reply(route: Route) -> None:
        lost.append(json.loads(route.request.post_data or "{}")["message_id"])
        if len(lost) == 1:
            route.fetch()  # the server has answered, but nobody hears it
            route.abort()
        else:
            route.continue_()

    visit.page.route("**/api/chat/messages", lose_the_reply)
    asked = len(gateway.rasa.asked)
    visit.send(OUTLOOK)
    expect(visit.problem).to_contain_text(words("not_sent"))
    expect(visit.problem.locator("a[href='tel:999']")).to_be_visible()
    expect(visit.box).to_have_value(OUTLOOK)
    expect(visit.turns).to_have_count(1)
    assert violations(visit.page) == []
    visit.button("card_retry").click()
    visit.turns.nth(1).locator(".leaflet").wait_for()
    expect(visit.box).to_have_value("")
    expect(visit.problem).to_have_count(0)
    assert lost[0] == lost[1]
    assert len(gateway.rasa.asked) == asked + 1
    expect(visit.turns).to_have_count(2)


def test_a_changed_message_after_a_lost_reply_shows_both_as_the_server_has_them(visit: Visit) -> None:
    visit.open()
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        lost.append("")
        if len(lost) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    visit.page.route("**/api/chat/messages", lose_the_first)
    visit.send(OUTLOOK)
    visit.problem.wait_for()
    visit.send("hello")
    expect(visit.turns).to_have_count(3)
    expect(visit.turns.nth(1).locator(".you p")).to_have_text(OUTLOOK)


def test_while_an_answer_takes_long_the_numbers_stand_beside_it(visit: Visit) -> None:
    visit.open()
    held: list[Route] = []
    visit.page.route("**/api/chat/messages", lambda route: held.append(route))
    visit.send(OUTLOOK)
    expect(visit.chat.get_by_text(words("typing"))).to_be_visible()
    expect(visit.problem).to_contain_text(words("slow"))
    expect(visit.problem.locator("a[href='tel:999']")).to_be_visible()
    for route in held:
        route.continue_()
    visit.turns.nth(1).locator(".leaflet").wait_for()
    expect(visit.problem).to_have_count(0)


def test_a_server_that_dies_and_comes_back_keeps_the_chat(browser: Browser, site: Site, fragile: Gateway) -> None:
    with visiting(browser, site) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        fragile.kill()
        visit.send("hello")
        expect(visit.problem).to_contain_text(words("not_sent"))
        fragile.start()
        visit.button("card_retry").click()
        visit.turns.nth(2).locator(".signpost").wait_for()
        visit.page.reload()
        visit.open()
        expect(visit.turns).to_have_count(3)


def test_losing_the_connection_is_told_and_its_return_clears_it(visit: Visit) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    visit.page.context.set_offline(True)
    expect(visit.problem).to_contain_text(words("offline"))
    assert violations(visit.page) == []
    visit.page.context.set_offline(False)
    expect(visit.problem).to_have_count(0)


def test_a_chat_that_has_ended_is_told_and_the_words_begin_a_new_one(visit: Visit, gateway: Gateway) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    frame = visit.frame
    token = frame.evaluate("sessionStorage.getItem('signpost.token')")
    headers = {"Authorization": f"Bearer {token}"}
    httpx.delete(f"{gateway.url}/api/chat/session", headers=headers, trust_env=False, timeout=30)
    visit.send("hello")
    expect(visit.problem).to_contain_text(words("error_session_ended"))
    expect(visit.box).to_have_value("hello")
    visit.button("send").click()
    expect(visit.turns).to_have_count(2)
    expect(visit.chat.get_by_text(OUTLOOK, exact=True)).to_have_count(0)
