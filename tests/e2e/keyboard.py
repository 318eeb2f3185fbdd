"""Somebody who has a keyboard and nothing else."""

from __future__ import annotations

from playwright.sync_api import Frame, Locator, Page

MOST = 80
"""No page of ours has so many stops."""

# Notes what the focus reaches, and what of it does not show that it has the focus. Shadow roots are looked into.
_WATCH = """() => {
    window.roots = [document, ...[...document.querySelectorAll("*")].map(part => part.shadowRoot).filter(Boolean)];
    window.reached = new Set();
    window.unmarked = new Set();
    for (const root of roots) root.addEventListener("focusin", ({target}) => {
        reached.add(target);
        const style = getComputedStyle(target);
        if (style.outlineStyle === "none" && style.boxShadow === "none") unmarked.add(target);
    });
}"""
_FORGET = "() => { reached.clear(); unmarked.clear(); document.activeElement.blur(); }"
_PRESSABLE = "a[href], button, input, textarea, select, summary, [role=button], [role=link], [onclick], [tabindex]"
_MISSED = f"""() => {{
    const name = part => part.textContent.trim() || part.id || part.tagName;
    const wanted = roots.flatMap(root => [...root.querySelectorAll({_PRESSABLE!r})])
        .filter(part => part.checkVisibility({{visibilityProperty: true}}))
        .filter(part => !part.matches("[aria-disabled=true], h1, h2, main, li, dialog"));
    return {{
        missed: wanted.filter(part => !reached.has(part)).map(name),
        unmarked: [...unmarked].filter(part => !part.matches("iframe, signpost-chat")).map(name),
    }};
}}"""


def tab_to(page: Page, target: Locator, *, key: str = "Tab") -> None:
    """Press a key until something has the focus."""
    for _ in range(MOST):
        if target.evaluate("part => part.matches(':focus')"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {target}")


def out_of_reach(page: Page) -> list[str]:
    """Go round everything on a page and in its frames with the Tab key.

    axe looks at what a page says of itself. A button that is taken out of the order of the Tab key is right by it.

    Args:
        page: The page.

    Returns:
        Names of what can be pressed but not reached, and of what is reached and does not show it.
    """
    frames: list[Frame] = [frame for frame in page.frames if frame.url.startswith("http")]
    for frame in frames:
        frame.evaluate(_WATCH)
    for frame in frames:
        frame.evaluate(_FORGET)
    for _ in range(MOST):
        page.keyboard.press("Tab")
    found = [frame.evaluate(_MISSED) for frame in frames]
    return [name for seen in found for name in (*seen["missed"], *seen["unmarked"])]
