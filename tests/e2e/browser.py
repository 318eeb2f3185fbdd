"""A real browser, without JavaScript, at the chat page of a running Signpost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright

OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the system's Chromium, which nobody sees and which calls nobody."""
    with sync_playwright() as playwright:
        browser = launch(playwright.chromium)
        yield browser
        browser.close()


def launch(kind: BrowserType, **options: Any) -> Browser:
    """Start one more."""
    return kind.launch(executable_path=shutil.which("chromium"), args=list(OPTIONS), **options)


def visit(browser: Browser, url: str, *, width: int = 1200, height: int = 900, **options: Any) -> Page:
    """Open the chat page as a new visitor, without JavaScript."""
    context: BrowserContext = browser.new_context(
        base_url=url, java_script_enabled=False, viewport={"width": width, "height": height}, locale="en-GB", **options
    )
    page = context.new_page()
    page.goto("/chat")
    return page


def press(page: Page, role: Literal["button", "link"], name: str) -> None:
    """Press a button or a link, and wait until the next page is there, style and all."""
    with page.expect_navigation(wait_until="load"):
        page.get_by_role(role, name=name).click()


def write(page: Page, text: str) -> None:
    """Write something, and send it."""
    page.get_by_label("Your question, in your own words").fill(text)
    press(page, "button", "Send")
