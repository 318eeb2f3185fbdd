"""Takes the pictures of the documentation from a running Signpost: `scripts/pictures`."""

from __future__ import annotations

import sys

from playwright.sync_api import Browser

from bot.settings import ROOT, Settings
from tests.e2e.browser import open_browser, visit, write
from tests.e2e.visitor import CRISIS, OUTLOOK

FOLDER = ROOT / "docs" / "pictures"
LARGEST = 200_000
"""Pictures are the one kind of binary in the repository, so they stay small."""


def take(browser: Browser, url: str, text: str, name: str, *, width: int, height: int) -> None:
    """Write something in a chat of its own, and take a picture of what a visitor then sees in the window."""
    page = visit(browser, url, width=width, height=height)
    write(page, text)
    page.locator("#latest").evaluate("latest => latest.scrollIntoView()")  # where the address leads: it ends in #latest
    path = FOLDER / name
    page.screenshot(path=path)
    page.context.close()
    size = path.stat().st_size
    if size > LARGEST:
        sys.exit(f"{name} has {size} bytes; the limit is {LARGEST}.")
    print(f"{path.relative_to(ROOT)}: {size} bytes")  # noqa: T201


def main(url: str) -> None:
    """Take all pictures.

    Args:
        url: Where Signpost runs.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        take(browser, url, OUTLOOK, "answer.png", width=1200, height=1100)
        take(browser, url, CRISIS, "crisis.png", width=1200, height=1330)
        take(browser, url, OUTLOOK, "phone.png", width=360, height=780)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else Settings.load().gateway_url)
