"""The page without JavaScript: the same tasks, with the keyboard alone, and nothing for axe to find in any state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import violations
from tests.e2e.browser import press, visit, write
from tests.e2e.keyboard import out_of_reach, tab_to
from tests.e2e.test_page import OUTSIDE
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import PATIENCE_MS, words

pytestmark = BROWSER

EMERGENCY = "I can't breathe and my chest hurts"


@pytest.fixture
def plain(browser: Browser, gateway: Gateway) -> Iterator[Page]:
    page = visit(browser, gateway.url)
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.context.close()


def delete(page: Page) -> None:
    write(page, OUTLOOK)
    press(page, "link", words("delete"))


def deleted(page: Page) -> None:
    delete(page)
    press(page, "button", words("delete_yes"))


def ended(page: Page) -> None:
    page.context.add_cookies([{"name": "signpost_chat", "value": "A" * 43, "url": page.url}])
    press(page, "button", LIBRARY["choice.ask_outlook"].text)


STATES: dict[str, Callable[[Page], object]] = {
    "before the first message": lambda page: None,
    "answer": lambda page: write(page, OUTLOOK),
    "crisis": lambda page: write(page, CRISIS),
    "emergency": lambda page: write(page, EMERGENCY),
    "personal data": lambda page: write(page, "Ring 07700 900123"),
    "nothing written": lambda page: write(page, "  "),
    "too long": lambda page: write(page, "I want to kill myself. " + "word " * 500),
    "no such page": lambda page: page.goto("/nothing"),
    "the chat has ended": ended,
    "question before deleting": delete,
    "receipt": deleted,
}


@pytest.fixture(scope="module")
def page(browser: Browser, running: tuple[Gateway, Site]) -> Iterator[Page]:
    """The same pages; only axe itself needs scripts."""
    context = browser.new_context(base_url=running[0].url, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_wrong_in_any_colours(page: Page, state: str) -> None:
    page.context.clear_cookies()
    page.goto("/chat")
    page.locator("textarea").evaluate("box => ['maxlength', 'required'].forEach(name => box.removeAttribute(name))")
    STATES[state](page)
    assert page.locator("script").count() == 0
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    assert violations(page) == []
    page.emulate_media(forced_colors="none")


def test_everything_can_be_reached_with_the_keyboard(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/chat")
    assert out_of_reach(page) == []
    write(page, CRISIS)
    assert out_of_reach(page) == []


def test_every_task_with_the_keyboard_alone(plain: Page, tmp_path: Path, site: Site) -> None:
    def enter(role: str, name: str) -> None:
        tab_to(plain, plain.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
        with plain.expect_navigation(wait_until="load"):
            plain.keyboard.press("Enter")

    plain.keyboard.press("Tab")
    expect(plain.get_by_role("link", name=words("skip_to_chat"))).to_be_focused()
    tab_to(plain, plain.get_by_label(words("text_label")))
    plain.keyboard.type(OUTLOOK)
    enter("button", words("send"))
    expect(plain.locator("#latest .leaflet")).to_be_visible()
    enter("button", LIBRARY["choice.ask_curable"].text)
    tab_to(plain, plain.get_by_label(words("text_label")))
    plain.keyboard.type(CRISIS)
    enter("button", words("send"))
    for address in ("tel:999", "tel:116123", "sms:85258", "tel:08088006000"):
        tab_to(plain, plain.locator(f"#latest a[href='{address}']").first)

    tab_to(plain, plain.get_by_role("link", name=words("save")))
    with plain.expect_download() as download:
        plain.keyboard.press("Enter")
    download.value.save_as(tmp_path / "copy.txt")
    copy = (tmp_path / "copy.txt").read_text("utf-8")
    for part in (OUTLOOK, LIBRARY["secondary.outlook"].text, "December 2015", LIBRARY["house.crisis_self"].text):
        assert part in copy

    enter("link", words("delete"))
    enter("button", words("delete_yes"))
    expect(plain.locator(".receipt .code")).not_to_be_empty()
    enter("link", words("start_again"))
    expect(plain.get_by_text(OUTLOOK, exact=True)).to_have_count(0)
    enter("link", words("leave_now"))
    assert plain.url == f"{site.url}/weather"


def test_after_leaving_the_back_button_shows_no_chat(plain: Page, site: Site) -> None:
    write(plain, OUTLOOK)
    press(plain, "link", words("leave_now"))
    assert plain.url == f"{site.url}/weather"
    assert plain.context.cookies() == []
    plain.go_back()
    expect(plain.get_by_role("heading", name=words("notice_heading"))).to_be_visible()
    expect(plain.get_by_text(OUTLOOK, exact=True)).to_have_count(0)


@pytest.mark.parametrize(("width", "height", "size"), [(320, 256, 16), (427, 341, 16), (360, 740, 32)])
def test_on_little_room_and_with_large_text_nothing_is_lost(
    browser: Browser, gateway: Gateway, width: int, height: int, size: int
) -> None:
    page = visit(browser, gateway.url, width=width, height=height)
    try:
        page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})
        for text in (OUTLOOK, CRISIS, "w" * 300):
            write(page, text)
            assert page.evaluate(OUTSIDE) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("button", name=words("send")).scroll_into_view_if_needed()
        press(page, "link", words("delete"))
        assert page.evaluate(OUTSIDE) == []
    finally:
        page.context.close()


def test_text_of_any_direction_is_taken_and_shown_as_it_is(plain: Page) -> None:
    hebrew = "שלום, מה יהיה?"
    box = plain.get_by_label(words("text_label"))
    box.fill(hebrew)
    assert box.evaluate("part => getComputedStyle(part).direction") == "rtl"
    write(plain, hebrew)
    said = plain.locator("#latest .you p")
    assert said.text_content() == hebrew
    assert said.evaluate("part => getComputedStyle(part).direction") == "rtl"
