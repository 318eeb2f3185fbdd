"""With a keyboard and nothing else: every task, from the website to the everyday page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.e2e.axe import violations
from tests.e2e.keyboard import out_of_reach, tab_to
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK
from tests.e2e.widget.stand import BROWSER, Gateway, Site
from tests.e2e.widget.visiting import Visit, visiting, words

pytestmark = BROWSER


def opened_by_keys(visit: Visit) -> Visit:
    tab_to(visit.page, visit.launcher)
    visit.page.keyboard.press("Enter")
    return visit.wait()


def test_asking_choosing_calling_and_closing(visit: Visit) -> None:
    keys = visit.page.keyboard
    opened_by_keys(visit)
    expect(visit.chat.locator("#title")).to_be_focused()

    tab_to(visit.page, visit.chat.get_by_role("link", name=words("skip_to_box")))
    keys.press("Enter")
    expect(visit.box).to_be_focused()
    keys.type(OUTLOOK)
    keys.press("Enter")
    answer = visit.turns.nth(1)
    answer.locator(".leaflet").wait_for()
    expect(visit.box).to_be_focused()

    chosen = answer.locator(".choices button", has_text=LIBRARY["choice.ask_curable"].text)
    tab_to(visit.page, chosen, key="Shift+Tab")
    keys.press("Space")
    visit.turns.nth(2).locator(".signpost").wait_for()
    expect(chosen).to_be_focused()

    tab_to(visit.page, visit.box)
    keys.type(CRISIS)
    keys.press("Tab")
    expect(visit.button("send")).to_be_focused()
    keys.press("Enter")
    visit.turns.nth(3).locator(".urgent").wait_for()
    for address in ("tel:999", "tel:116123", "sms:85258", "tel:08088006000"):
        tab_to(visit.page, visit.turns.nth(3).locator(f"a[href='{address}']").first)

    keys.press("Escape")
    expect(visit.launcher).to_be_focused()


def test_saving_deleting_and_beginning_again(visit: Visit, tmp_path: Path) -> None:
    keys = visit.page.keyboard
    opened_by_keys(visit).ask(OUTLOOK)
    tab_to(visit.page, visit.button("save"), key="Shift+Tab")
    with visit.page.expect_download() as download:
        keys.press("Enter")
    download.value.save_as(tmp_path / "copy.txt")
    expect(visit.button("save")).to_be_focused()

    keys.press("Tab")
    keys.press("Enter")
    dialog = visit.chat.get_by_role("dialog", name=words("delete_heading"))
    expect(dialog.get_by_role("heading")).to_be_focused()
    tab_to(visit.page, visit.button("delete_yes"))
    keys.press("Escape")
    expect(dialog).to_be_hidden()
    expect(visit.button("delete")).to_be_focused()
    expect(visit.turns).to_have_count(2)

    keys.press("Enter")
    tab_to(visit.page, visit.button("delete_yes"))
    keys.press("Enter")
    expect(visit.chat.locator("#gone-title")).to_be_focused()
    keys.press("Tab")
    expect(visit.button("start_again")).to_be_focused()
    keys.press("Enter")
    expect(visit.box).to_be_focused()


def test_leaving(visit: Visit, site: Site) -> None:
    opened_by_keys(visit).ask(OUTLOOK)
    tab_to(visit.page, visit.button("leave_now"), key="Shift+Tab")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(f"{site.url}/weather")


def test_calling_and_trying_again_when_the_chat_has_not_opened(visit: Visit, gateway: Gateway) -> None:
    visit.page.route("**/widget", lambda route: route.abort())
    tab_to(visit.page, visit.launcher)
    visit.page.keyboard.press("Enter")
    visit.card.wait_for()
    for address in ("tel:08088006000", "tel:999", "tel:116123", f"{gateway.url}/chat"):
        tab_to(visit.page, visit.card.locator(f"a[href='{address}']"))
    visit.page.unroute("**/widget")
    tab_to(visit.page, visit.page.get_by_role("button", name=words("card_retry"), exact=True))
    visit.page.keyboard.press("Enter")
    visit.wait()


def test_everything_that_can_be_pressed_is_reached_and_shows_that_it_is(browser: Browser, site: Site) -> None:
    with visiting(browser, site) as visit:
        assert out_of_reach(visit.page) == []
        visit.open()
        assert out_of_reach(visit.page) == []
        visit.ask(OUTLOOK)
        visit.ask(CRISIS)
        assert out_of_reach(visit.page) == []
    with visiting(browser, site, forced_colors="active") as visit:
        visit.open()
        assert out_of_reach(visit.page) == []


def test_a_button_that_the_keyboard_does_not_reach_would_be_found_where_axe_sees_nothing(visit: Visit) -> None:
    visit.launcher.evaluate("button => { button.tabIndex = -1; }")
    assert violations(visit.page) == []
    assert out_of_reach(visit.page) == [words("launcher")]


def test_on_a_phone_the_focus_stays_in_the_chat_and_behind_it_nothing_is_reached(browser: Browser, site: Site) -> None:
    with visiting(browser, site, viewport={"width": 360, "height": 740}) as visit:
        opened_by_keys(visit)
        visit.page.evaluate(
            """() => {
                window.behind = [];
                const main = document.querySelector("main");
                main.addEventListener("focusin", ({target}) => behind.push(target.textContent));
            }"""
        )
        for _ in range(40):
            visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("behind") == []
        visit.button("close").press("Enter")
        expect(visit.launcher).to_be_focused()
