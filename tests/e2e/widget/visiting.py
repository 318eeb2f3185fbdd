"""A visitor with a real browser at a website that has the chat on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Frame, FrameLocator, Locator, Page, expect

from tests.e2e.running import until
from tests.e2e.visitor import LIBRARY
from tests.e2e.widget.stand import Site

PATIENCE_MS = 60_000
"""How long a busy machine may take for anything. Nothing here measures time."""
expect.set_options(timeout=PATIENCE_MS)


def words(label: str) -> str:
    """The words of a label."""
    return LIBRARY[f"page.{label}"].text


class Visit:
    """One tab.

    Attributes:
        page: The website's page in it.
        asked: Every address that the browser asked for.
        complaints: Errors of scripts, and what a policy refused.
    """

    def __init__(self, page: Page) -> None:
        """Watch a tab."""
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complaints.append(line.text) if line.type == "error" else None)

    @property
    def launcher(self) -> Locator:
        """The button on the website."""
        return self.page.get_by_role("button", name=words("launcher"))

    @property
    def chat(self) -> FrameLocator:
        """What is in the frame."""
        return self.page.frame_locator("signpost-chat iframe")

    @property
    def frame(self) -> Frame:
        """The frame itself, to look into."""
        return next(frame for frame in self.page.frames if "/widget" in frame.url)

    @property
    def card(self) -> Locator:
        """What the loader shows by itself when the chat does not come."""
        return self.page.locator("signpost-chat [role=alert]")

    @property
    def box(self) -> Locator:
        """Where the visitor writes."""
        return self.chat.get_by_label(words("text_label"))

    @property
    def turns(self) -> Locator:
        """The chat so far."""
        return self.chat.locator("#turns > li")

    @property
    def problem(self) -> Locator:
        """What is said when something is wrong."""
        return self.chat.locator("#state .problem")

    def button(self, label: str) -> Locator:
        """A button of the panel, by its label's id."""
        return self.chat.get_by_role("button", name=words(label), exact=True)

    def open(self) -> Visit:
        """Press the button on the website, and wait for the chat."""
        self.launcher.click()
        return self.wait()

    def wait(self) -> Visit:
        """Wait for the chat. On a slow machine the numbers come first, and the chat once it is wanted."""
        ready = self.page.get_by_role("button", name=words("card_ready"), exact=True)
        until(lambda: self.box.is_visible() or ready.is_visible())
        if ready.is_visible():
            ready.click()
            self.box.wait_for()
        return self

    def send(self, text: str) -> None:
        """Write something, and send it."""
        self.box.fill(text)
        self.button("send").click()

    def ask(self, text: str) -> None:
        """Write something, send it, and wait for the answer."""
        before = self.turns.count()
        self.send(text)
        self.turns.nth(before).locator(".signpost").wait_for()

    def blocks(self) -> list[str]:
        """Ids of what the last turn says."""
        return [str(part.get_attribute("data-block")) for part in self.turns.last.locator(".words").all()]

    def stored(self) -> dict[str, Any]:
        """What the website and the frame have stored in the browser."""
        look = """() => Object.fromEntries(
            [["local", {...localStorage}], ["session", {...sessionStorage}], ["cookie", {...document.cookie}]]
                .filter(([, kept]) => Object.keys(kept).length))"""
        kept = {frame.url.partition("#")[0]: frame.evaluate(look) for frame in self.page.frames}
        return {url: stored for url, stored in kept.items() if stored}


@contextmanager
def visiting(browser: Browser, site: Site, url: str = "", **options: Any) -> Iterator[Visit]:
    """Open the website in a browser of its own, as a new visitor."""
    options = {"viewport": {"width": 1200, "height": 900}, "locale": "en-GB", **options}
    context = browser.new_context(**options)
    visit = Visit(context.new_page())
    visit.page.goto(url or site.url)
    try:
        yield visit
    finally:
        context.close()
