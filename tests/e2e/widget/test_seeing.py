"""For people who enlarge a page, set their own colours or spacing, or cannot bear things that move."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.axe import violations
from tests.e2e.visitor import CRISIS, OUTLOOK
from tests.e2e.widget.stand import BROWSER, Site
from tests.e2e.widget.test_panel import OUTSIDE, SMALL
from tests.e2e.widget.visiting import Visit, visiting

pytestmark = BROWSER

# What is wider than its own box while the box cuts it off, and whether the page has to be scrolled sideways.
CUT = """() => [document.documentElement, ...document.querySelectorAll("body *:not(.unseen)")]
    .filter(part => part === document.documentElement || getComputedStyle(part).overflowX !== "visible")
    .filter(part => part.checkVisibility() && !part.closest(".unseen") && part.scrollWidth > part.clientWidth + 1)
    .map(part => part.tagName + "." + part.className)"""
UNDER = """part => {
    const box = part.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === part;
}"""
# Everything that moves, or would: a page in which nothing moves has no motion to reduce.
MOVING = """() => {
    const roots = [document, ...[...document.querySelectorAll("*")].map(part => part.shadowRoot).filter(Boolean)];
    const parts = roots.flatMap(root => [...root.querySelectorAll("*")]);
    return [...document.getAnimations().map(String), ...parts.filter(part => {
        const style = getComputedStyle(part);
        return style.animationName !== "none" || style.scrollBehavior !== "auto"
            || style.transitionDuration.split(", ").some(time => parseFloat(time) > 0);
    }).map(part => part.tagName)];
}"""
SPACED = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
        p { margin-bottom: 2em !important }`);
    document.adoptedStyleSheets.push(sheet);
}"""


def chat_through(visit: Visit) -> None:
    visit.ask(OUTLOOK)
    visit.ask(CRISIS)


def nothing_is_lost(visit: Visit) -> None:
    """Everything is inside, nothing is cut off or covered, and what matters most can be seen and pressed."""
    frame = visit.frame
    assert frame.evaluate(OUTSIDE) == []
    assert frame.evaluate(CUT) == []
    assert frame.evaluate(SMALL) == []
    for part in (visit.box, visit.button("send"), visit.turns.last.locator("a[href='tel:999']").first):
        part.scroll_into_view_if_needed()
        assert part.evaluate(UNDER)
    assert violations(visit.page) == []


@pytest.mark.parametrize(("width", "height"), [(1200, 900), (360, 740)], ids=["desk", "phone"])
def test_text_of_double_size_loses_nothing(browser: Browser, site: Site, width: int, height: int) -> None:
    with visiting(browser, site, viewport={"width": width, "height": height}) as visit:
        sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
        visit.page.context.new_cdp_session(visit.page).send("Page.setFontSizes", sizes)
        launcher = visit.launcher.bounding_box()
        assert launcher is not None
        assert launcher["x"] >= 0
        assert launcher["x"] + launcher["width"] <= width
        visit.open()
        assert visit.frame.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        chat_through(visit)
        nothing_is_lost(visit)


@pytest.mark.parametrize("zoom", [3, 4])
def test_a_page_enlarged_three_and_four_times_loses_nothing(browser: Browser, site: Site, zoom: int) -> None:
    small = {"width": 1280 // zoom, "height": 1024 // zoom}
    with visiting(browser, site, viewport=small, device_scale_factor=zoom) as visit:
        visit.open()
        chat_through(visit)
        nothing_is_lost(visit)


def test_text_spaced_as_a_reader_likes_it_loses_nothing(browser: Browser, site: Site) -> None:
    with visiting(browser, site) as visit:
        visit.open()
        visit.frame.evaluate(SPACED)
        chat_through(visit)
        nothing_is_lost(visit)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_by_itself(browser: Browser, site: Site, motion: str) -> None:
    with visiting(browser, site, reduced_motion=motion) as visit:
        visit.open()
        chat_through(visit)
        visit.button("delete").click()
        assert visit.page.evaluate(MOVING) == []
        assert visit.frame.evaluate(MOVING) == []


@pytest.mark.parametrize("option", [{"color_scheme": "dark"}, {"forced_colors": "active"}], ids=["dark", "forced"])
def test_dark_and_forced_colours_are_right_too(browser: Browser, site: Site, option: dict[str, Any]) -> None:
    with visiting(browser, site, **option) as visit:
        assert violations(visit.page) == []
        visit.open()
        chat_through(visit)
        assert violations(visit.page) == []


def test_in_forced_colours_every_button_has_a_border_and_the_card_is_still_a_card(browser: Browser, site: Site) -> None:
    border = "part => parseFloat(getComputedStyle(part).borderTopWidth)"
    with visiting(browser, site, forced_colors="active") as visit:
        assert visit.launcher.evaluate(border) >= 2
        visit.open()
        chat_through(visit)
        for part in visit.chat.locator("button:visible").all():
            assert part.evaluate(border) >= 1, part.text_content()
        assert visit.turns.last.locator(".urgent").evaluate(border) >= 4
        expect(visit.turns.last.get_by_role("heading", level=4).first).to_be_visible()
