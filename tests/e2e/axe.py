"""axe-core in a page of a real browser: what it finds wrong for people who hear, type or enlarge a page."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from playwright.sync_api import Frame, Page

SOURCE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = [f"wcag{version}{level}" for version in ("2", "21", "22") for level in ("a", "aa", "aaa")] + ["best-practice"]
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, iframes: false, resultTypes: ['violations']})"


def violations(page: Page) -> list[str]:
    """Look through a page and every frame in it.

    Args:
        page: The page, in the state that is to be judged.

    Returns:
        What is wrong, a line for each rule and frame: the rule, what it asks for, and the elements that break it.
    """
    ours = [frame for frame in page.frames if frame.url.startswith("http")]  # not the browser's own error pages
    return [line for frame in ours for line in _violations(frame)]


def _violations(frame: Frame) -> list[str]:
    if not frame.evaluate("'axe' in window"):
        frame.evaluate(SOURCE)
    found: dict[str, Any] = frame.evaluate(RUN, TAGS)
    return [
        f"{fault['id']}: {fault['help']}: " + "; ".join(str(node["target"]) for node in fault["nodes"])
        for fault in found["violations"]
    ]
