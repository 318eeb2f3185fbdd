"""The chat page in a real browser without JavaScript: ask, read, choose, find help, delete."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browser import open_browser, press, visit, write
from tests.e2e.running import WHOLE, Signpost
from tests.e2e.visitor import CRISIS, LIBRARY, OUTLOOK

pytestmark = WHOLE

# Elements of the page's main part, but for what only screen readers meet, that begin or end beside the window.
OUTSIDE = """
[...document.querySelectorAll("main *:not(.unseen)")]
    .map(element => [element.tagName + "." + element.className, element.getBoundingClientRect()])
    .filter(([name, box]) => box.left < 0 || box.right > window.innerWidth)
    .map(([name]) => name)
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(params=[1200, 360], ids=["desk", "phone"])
def page(browser: Browser, signpost: Signpost, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = visit(browser, signpost.url, width=request.param)
    page.set_default_timeout(10_000)
    yield page
    page.context.close()


def latest(page: Page) -> list[str]:
    """The words of the latest reply, to the character."""
    return page.locator("#latest .words").all_text_contents()


def words(*ids: str) -> list[str]:
    return [LIBRARY[id_].text for id_ in ids]


def test_a_visitor_asks_chooses_finds_help_and_deletes_the_chat(page: Page) -> None:
    expect(page.get_by_text(LIBRARY["page.notice_kept"].text)).to_be_visible()
    assert latest(page) == words("house.greeting")

    write(page, OUTLOOK)
    assert latest(page) == words("secondary.outlook")
    source = page.locator("#latest .source")
    expect(source).to_contain_text("December 2015")
    expect(source).to_contain_text("Breast Cancer Care")
    expect(page.locator("#latest .you")).to_contain_text(OUTLOOK)

    press(page, "button", LIBRARY["choice.ask_treatment"].text)
    assert latest(page) == words("secondary.treatment")

    write(page, CRISIS)
    assert latest(page) == words("house.crisis_self", "house.crisis_contacts", "house.helpline")
    card = page.locator("#latest .urgent")
    expect(card).to_be_visible()
    for number in ("tel:999", "tel:116123", "sms:85258"):
        expect(card.locator(f'a[href="{number}"]').first).to_be_visible()
    expect(page.locator('#latest .helpline a[href="tel:08088006000"]')).to_be_visible()

    press(page, "link", LIBRARY["page.delete"].text)
    press(page, "button", LIBRARY["page.delete_yes"].text)
    expect(page.get_by_text(LIBRARY["page.deleted_text"].text)).to_be_visible()
    press(page, "link", LIBRARY["page.start_again"].text)
    assert latest(page) == words("house.greeting")
    expect(page.get_by_text(OUTLOOK)).to_have_count(0)


def test_nothing_of_what_is_written_becomes_part_of_the_page(page: Page) -> None:
    written = "<h1 id=mine>hello</h1><script>1</script> & \u202e \"'"
    write(page, written)
    expect(page.locator("#mine")).to_have_count(0)
    assert written in (page.locator("#latest .you").text_content() or "")


def test_the_page_asks_nobody_but_its_own_server(page: Page, signpost: Signpost) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    write(page, OUTLOOK)
    assert asked
    assert all(url.startswith(signpost.url) for url in asked)


def test_nothing_that_can_be_read_lies_outside_of_the_window(page: Page) -> None:
    for text in (OUTLOOK, CRISIS, "w" * 300):
        write(page, text)
        outside = page.evaluate(OUTSIDE)
        assert outside == []
