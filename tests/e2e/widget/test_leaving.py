"""Leave now, and Delete this chat: gone at once, from the page, the browser and, where it was asked for, the server."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import violations
from tests.e2e.running import until
from tests.e2e.visitor import OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting, words

pytestmark = BROWSER

PERSON = "I want to talk to a real person"


@pytest.fixture
def chatting(visit: Visit) -> Visit:
    visit.open()
    visit.ask(OUTLOOK)
    visit.ask(PERSON)
    return visit


def token_of(visit: Visit) -> str:
    frame = visit.frame
    return str(frame.evaluate("sessionStorage.getItem('signpost.token')"))


def is_open(gateway: Gateway, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{gateway.url}/api/chat/transcript", headers=headers, trust_env=False).status_code == 200


def by_button(visit: Visit) -> None:
    visit.button("leave_now").click()


def by_keys(visit: Visit) -> None:
    visit.box.focus()
    for _ in range(3):
        visit.page.keyboard.press("Shift")


def by_keys_on_the_website(visit: Visit) -> None:
    visit.page.get_by_role("link", name="Ask us").focus()
    for _ in range(3):
        visit.page.keyboard.press("Shift")


def by_skip_link(visit: Visit) -> None:
    visit.chat.locator("#title").focus()
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")


@pytest.mark.parametrize("leave", [by_button, by_keys, by_keys_on_the_website, by_skip_link])
def test_leaving_goes_to_an_everyday_page_closes_the_chat_and_the_back_button_does_not_bring_it_back(
    chatting: Visit, gateway: Gateway, site: Site, leave: object
) -> None:
    token = token_of(chatting)
    code = chatting.turns.last.locator(".code").text_content() or ""
    assert is_open(gateway, token)
    leave(chatting)  # type: ignore[operator]
    chatting.page.wait_for_url(f"{site.url}/weather")
    until(lambda: not is_open(gateway, token))
    with gateway.triage() as triage:
        assert triage.find_reference(code), "what was said stays for staff"
    chatting.page.go_back()
    assert site.url not in chatting.page.url
    chatting.page.goto(site.url)
    chatting.open()
    expect(chatting.chat.get_by_text(OUTLOOK, exact=True)).to_have_count(0)
    assert chatting.stored() == {}


def test_the_page_is_blank_at_once_however_long_the_everyday_page_takes(chatting: Visit) -> None:
    chatting.page.route("**/weather", lambda route: route.fulfill(status=204))  # it never comes
    chatting.button("leave_now").click()
    expect(chatting.page.locator("signpost-chat dialog.cover")).to_be_visible()
    shown = chatting.page.evaluate(
        "() => document.elementFromPoint(600, 100).shadowRoot?.elementFromPoint(600, 100).className"
    )
    assert shown == "cover"


def test_capital_letters_and_a_slow_hand_do_not_leave(chatting: Visit, site: Site) -> None:
    chatting.box.focus()
    for letter in "HELP":
        chatting.page.keyboard.press(f"Shift+{letter}")
    chatting.page.keyboard.press("Shift")
    chatting.page.keyboard.press("a")
    chatting.page.keyboard.press("Shift")
    chatting.page.keyboard.press("Shift")
    expect(chatting.box).to_have_value("HELPa")
    assert chatting.page.url == f"{site.url}/"


@pytest.mark.parametrize("typed", ["", "Please delete this chat."])
def test_deleting_asks_first_then_leaves_nothing_but_a_receipt(chatting: Visit, gateway: Gateway, typed: str) -> None:
    token = token_of(chatting)
    code = chatting.turns.last.locator(".code").text_content() or ""
    if typed:
        chatting.send(typed)
    else:
        chatting.button("delete").click()
    expect(chatting.chat.get_by_role("heading", name=words("delete_heading"))).to_be_visible()
    assert violations(chatting.page) == []
    chatting.button("delete_yes").click()
    title = chatting.chat.get_by_role("heading", name=words("deleted_heading"))
    expect(title).to_be_focused()
    assert chatting.chat.locator("#receipt").text_content()
    assert violations(chatting.page) == []
    assert not is_open(gateway, token)
    with gateway.triage() as triage:
        assert triage.find_reference(code) is None
    assert chatting.stored() == {}
    chatting.button("start_again").click()
    expect(chatting.box).to_be_focused()
    expect(chatting.turns).to_have_count(1)
    expect(chatting.chat.get_by_text(OUTLOOK, exact=True)).to_have_count(0)


def test_not_deleting_goes_back_to_the_chat_and_the_button(chatting: Visit) -> None:
    chatting.button("delete").click()
    chatting.button("delete_no").click()
    expect(chatting.button("delete")).to_be_focused()
    expect(chatting.turns).to_have_count(3)


def test_a_chat_that_cannot_be_deleted_just_now_is_not_said_to_be(chatting: Visit) -> None:
    chatting.page.route("**/api/chat/session", lambda route: route.abort())
    chatting.button("delete").click()
    chatting.button("delete_yes").click()
    expect(chatting.chat.get_by_text(words("error_not_deleted"))).to_be_visible()
    chatting.button("delete_no").click()
    expect(chatting.turns).to_have_count(3)


def test_a_chat_that_was_deleted_is_gone_from_its_other_tab_too(browser: Browser, site: Site) -> None:
    with visiting(browser, site) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        token = token_of(visit)
        other = Visit(visit.page.context.new_page())
        other.page.goto(site.url)
        other.open()
        frame = other.frame
        frame.evaluate("token => sessionStorage.setItem('signpost.token', token)", token)
        other.page.reload()
        other.open()
        expect(other.turns).to_have_count(2)
        visit.button("delete").click()
        visit.button("delete_yes").click()
        expect(other.problem).to_contain_text(words("error_session_ended"))
        expect(other.turns).to_have_count(1)
        assert other.stored() == {}
