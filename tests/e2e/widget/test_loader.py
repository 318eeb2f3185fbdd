"""The loader on somebody else's website: what it costs, what it asks for, and that it opens and closes the chat."""

from __future__ import annotations

import gzip

import httpx
from playwright.sync_api import Browser, expect

from tests.e2e.axe import violations
from tests.e2e.visitor import OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting, words

pytestmark = BROWSER

LOADER_LIMIT = 3_000
PANEL_LIMIT = 25_000

HOSTILE = """
* { all: unset !important; display: none !important; color: red !important; font-size: 1px !important;
    transform: rotate(3deg) !important; visibility: hidden !important; pointer-events: none !important }
html, body, main, main * { display: block !important; visibility: visible !important }
"""


def test_the_loader_and_the_panel_are_small(browser: Browser, site: Site, gateway: Gateway) -> None:
    loader = httpx.get(f"{gateway.url}/signpost.js", trust_env=False)
    assert len(gzip.compress(loader.content, 9)) <= LOADER_LIMIT
    with visiting(browser, site) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        urls = {url.partition("#")[0] for url in visit.asked if "/widget" in url or "/static/" in url}
    sizes = {url: len(gzip.compress(httpx.get(url, trust_env=False).content, 9)) for url in urls}
    assert {f"{gateway.url}/widget", f"{gateway.url}/static/widget/panel.js"} <= set(sizes)
    assert sum(sizes.values()) <= PANEL_LIMIT, sizes


def test_until_the_button_is_pressed_only_the_loader_is_asked_for(visit: Visit, gateway: Gateway, site: Site) -> None:
    expect(visit.launcher).to_be_visible()
    assert [url for url in visit.asked if not url.startswith(site.url)] == [f"{gateway.url}/signpost.js"]


def test_nobody_else_is_asked_and_nothing_is_stored_before_the_first_message(
    visit: Visit, gateway: Gateway, site: Site
) -> None:
    visit.open()
    expect(visit.chat.get_by_role("heading", name=words("notice_heading"))).to_be_visible()
    assert visit.stored() == {}
    assert visit.page.context.cookies() == []
    visit.ask(OUTLOOK)
    assert list(visit.stored()) == [f"{gateway.url}/widget"]
    assert list(visit.stored()[f"{gateway.url}/widget"]) == ["session"]
    assert visit.page.context.cookies() == []
    assert all(url.startswith((gateway.url, site.url)) for url in visit.asked)


def test_it_works_under_a_strict_policy_with_trusted_types_and_nothing_is_refused(
    browser: Browser, site: Site, gateway: Gateway
) -> None:
    site.strict()
    with visiting(browser, site) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        visit.ask("I want to kill myself")
        visit.turns.last.locator("a[href='tel:999']").first.click()
        visit.button("close").click()
        expect(visit.launcher).to_be_visible()
        assert visit.complaints == []
    assert site.reports == []


def test_a_style_sheet_that_breaks_everything_does_not_break_it(browser: Browser, site: Site) -> None:
    site.css = HOSTILE
    with visiting(browser, site) as visit:
        expect(visit.launcher).to_be_visible()
        box = visit.launcher.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] + box["width"] <= 1200
        assert box["y"] + box["height"] <= 900
        visit.open()
        visit.ask(OUTLOOK)
        frame = visit.page.locator("signpost-chat iframe").bounding_box()
        assert frame is not None
        assert frame["width"] > 380
        assert frame["height"] > 600


def test_the_keyboard_reaches_the_button_opens_the_chat_and_comes_back(visit: Visit) -> None:
    for _ in range(3):
        visit.page.keyboard.press("Tab")
    expect(visit.launcher).to_be_focused()
    visit.page.keyboard.press("Enter")
    visit.wait()
    expect(visit.chat.locator("#title")).to_be_focused()
    visit.page.keyboard.press("Escape")
    expect(visit.launcher).to_be_focused()
    expect(visit.page.locator("signpost-chat iframe")).to_be_hidden()


def test_a_link_of_the_website_opens_the_chat_and_gets_the_focus_back(visit: Visit) -> None:
    link = visit.page.get_by_role("link", name="Ask us")
    link.click()
    visit.wait()
    expect(visit.chat.locator("#title")).to_be_focused()
    visit.button("close").click()
    expect(link).to_be_focused()


def test_what_was_written_is_still_there_when_the_chat_is_opened_again(visit: Visit) -> None:
    visit.open()
    visit.box.fill("half a sen")
    visit.button("close").click()
    visit.launcher.click()
    expect(visit.box).to_have_value("half a sen")


def test_the_chat_goes_on_on_the_websites_next_page(visit: Visit) -> None:
    visit.open()
    visit.ask(OUTLOOK)
    visit.page.get_by_role("link", name="Another page").click()
    visit.open()
    expect(visit.chat.get_by_text(OUTLOOK)).to_be_visible()
    visit.ask("Can it be cured?")
    expect(visit.turns).to_have_count(3)


def test_where_the_browser_stores_nothing_the_chat_lasts_as_long_as_the_page(browser: Browser, site: Site) -> None:
    """Browsers keep nothing for a frame from a strange site, above all in private windows."""
    with visiting(browser, site, site.strange_url) as visit:
        visit.open()
        visit.ask(OUTLOOK)
        visit.button("close").click()
        visit.launcher.click()
        visit.ask("Can it be cured?")
        expect(visit.turns).to_have_count(3)
        assert visit.complaints == []


def test_the_same_loader_twice_is_one_button(visit: Visit, gateway: Gateway) -> None:
    visit.page.add_script_tag(url=f"{gateway.url}/signpost.js")
    expect(visit.launcher).to_have_count(1)


def test_on_the_left_it_is_on_the_left(browser: Browser, site: Site) -> None:
    site.attributes = 'data-side="left"'
    with visiting(browser, site) as visit:
        box = visit.launcher.bounding_box()
        assert box is not None
        assert box["x"] < 50


def test_messages_of_others_are_not_listened_to(visit: Visit) -> None:
    visit.open()
    visit.page.evaluate(
        """() => {
            for (const said of ["close", "leave", {signpost: "close"}, {signpost: "leave"}, null, 7, {signpost: {}}])
                window.postMessage(said, "*");
        }"""
    )
    frame = visit.frame
    frame.evaluate("() => window.postMessage({signpost: 'leave'}, '*')")
    visit.ask(OUTLOOK)
    assert visit.page.url == f"{visit.page.evaluate('location.origin')}/"


def test_axe_finds_nothing_wrong_with_the_button(visit: Visit) -> None:
    expect(visit.launcher).to_be_visible()
    assert violations(visit.page) == []
