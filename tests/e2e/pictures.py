"""Takes the pictures of the documentation from a running Signpost: `scripts/pictures`."""

from __future__ import annotations

import sys
from collections.abc import Callable

from playwright.sync_api import Browser, Page

from bot.settings import ROOT, Settings
from tests.e2e.browser import open_browser, visit, write
from tests.e2e.visitor import CRISIS, OUTLOOK
from tests.e2e.widget.visiting import Visit, words

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 200_000
"""Pictures are the one kind of binary in the repository, so they stay small."""
DESK = {"width": 1200, "height": 900}
PHONE = {"width": 360, "height": 740}
LAYOUT_MS = 300

EMERGENCY = "I can't breathe and my chest hurts"
PERSON = "I want to talk to a real person"
PERSONAL = "What's my outlook? You can ring me on 07700 900123"


def plain(browser: Browser, url: str, text: str, name: str, *, width: int, height: int) -> None:
    """Write something on the page without JavaScript, and take a picture of what a visitor then sees."""
    page = visit(browser, url, width=width, height=height)
    write(page, text)
    page.locator("#latest").evaluate("latest => latest.scrollIntoView()")  # where the address leads: it ends in #latest
    keep(page, name)


def keep(page: Page, name: str, *, whole: bool = True) -> None:
    """Take a picture of the window, or of the panel alone, and close the window."""
    page.wait_for_timeout(LAYOUT_MS)
    path = FOLDER / name
    if whole:
        page.screenshot(path=path)
    else:
        page.locator("signpost-chat dialog.open, signpost-chat dialog:not(.cover)").first.screenshot(path=path)
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()
    size = path.stat().st_size
    if size > LARGEST:
        sys.exit(f"{name} has {size} bytes; the limit is {LARGEST}.")
    print(f"{path.relative_to(ROOT)}: {size} bytes")  # noqa: T201


def closed(visitor: Visit) -> None:
    """Nothing was pressed yet."""


def notice(visitor: Visit) -> None:
    """Before the first message."""
    visitor.open()


def saying(*messages: str) -> Callable[[Visit], None]:
    """Makes a visitor who writes something."""

    def act(visitor: Visit) -> None:
        visitor.open()
        for message in messages:
            visitor.ask(message)

    return act


def choosing(visitor: Visit) -> None:
    """A choice that was made, with its answer."""
    saying(OUTLOOK)(visitor)
    visitor.turns.last.get_by_role("button").nth(1).click()
    visitor.turns.nth(2).locator(".signpost").wait_for()
    visitor.turns.nth(1).locator(".choices").evaluate("choices => choices.scrollIntoView({block: 'start'})")


def choices(visitor: Visit) -> None:
    """What is offered with an answer."""
    saying(OUTLOOK)(visitor)
    visitor.turns.last.locator(".choices").scroll_into_view_if_needed()
    visitor.chat.locator("html").evaluate("html => html.scrollTo(0, html.scrollHeight)")


def helpline(visitor: Visit) -> None:
    """The way to a person, with the reference code."""
    saying(PERSON)(visitor)
    visitor.turns.last.locator(".helpline").evaluate("panel => panel.scrollIntoView({block: 'start'})")


def failing(path: str, then: Callable[[Visit], None]) -> Callable[[Visit], None]:
    """Makes a visitor for whom an address does not answer from some point on."""

    def act(visitor: Visit) -> None:
        visitor.page.route(path, lambda route: route.abort())
        then(visitor)

    return act


def not_opened(visitor: Visit) -> None:
    """The numbers in place of the chat."""
    visitor.launcher.click()
    visitor.card.wait_for()


def not_sent(visitor: Visit) -> None:
    """The words that were not sent are still there."""
    visitor.open()
    visitor.send(OUTLOOK)
    visitor.problem.wait_for()


def offline(visitor: Visit) -> None:
    """The device has lost its connection."""
    saying(OUTLOOK)(visitor)
    visitor.page.context.set_offline(True)
    visitor.problem.wait_for()
    visitor.problem.evaluate("problem => problem.scrollIntoView({block: 'end'})")


def slow(visitor: Visit) -> None:
    """An answer that takes its time."""

    visitor.open()
    visitor.page.route("**/api/chat/messages", lambda route: None)
    visitor.send(OUTLOOK)
    visitor.problem.wait_for()


def delete(visitor: Visit) -> None:
    """The question before a chat is deleted."""
    saying(OUTLOOK)(visitor)
    visitor.button("delete").click()


def deleted(visitor: Visit) -> None:
    """The receipt."""
    delete(visitor)
    visitor.button("delete_yes").click()
    visitor.chat.get_by_role("heading", name=words("deleted_heading")).wait_for()


STATES: dict[str, Callable[[Visit], None]] = {
    "notice": notice,
    "answer": saying(OUTLOOK),
    "choices": choices,
    "chosen": choosing,
    "crisis": saying(CRISIS),
    "emergency": saying(EMERGENCY),
    "helpline": helpline,
    "redacted": saying(PERSONAL),
    "slow": slow,
    "not-sent": failing("**/api/chat/**", not_sent),
    "offline": offline,
    "not-opened": failing("**/widget", not_opened),
    "delete": delete,
    "deleted": deleted,
}
"""States of the widget by the names of their pictures."""


def widget(browser: Browser, url: str, name: str, act: Callable[[Visit], None], **options: object) -> None:
    """Bring the widget on the leaflet's page into a state, and take a picture of it."""
    whole = bool(options.pop("whole", False))
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", "base_url": url, **options})  # type: ignore[arg-type]
    visitor = Visit(context.new_page())
    visitor.page.goto("/")
    act(visitor)
    keep(visitor.page, name, whole=whole)


def main(url: str) -> None:
    """Take all pictures.

    Args:
        url: Where Signpost runs.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        plain(browser, url, OUTLOOK, "answer.png", width=1200, height=1100)
        plain(browser, url, CRISIS, "crisis.png", width=1200, height=1330)
        plain(browser, url, OUTLOOK, "phone.png", width=360, height=780)
        widget(browser, url, "widget-closed.png", closed, whole=True)
        widget(browser, url, "widget-open.png", saying(OUTLOOK), whole=True)
        for name, act in STATES.items():
            widget(browser, url, f"widget-{name}.png", act)
        widget(browser, url, "widget-phone.png", saying(OUTLOOK), whole=True, viewport=PHONE)
        widget(browser, url, "widget-phone-crisis.png", saying(CRISIS), whole=True, viewport=PHONE)
        widget(browser, url, "widget-dark.png", saying(OUTLOOK), color_scheme="dark")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Settings.load().gateway_url)
