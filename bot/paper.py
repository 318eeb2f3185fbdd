"""Pages that are read on a screen or printed: what the script book, the safety case and the reports share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_STYLE = Path(__file__).parent / "paper.css"


def render(template: Path, filters: Mapping[str, Callable[..., Any]] | None = None, /, **values: object) -> str:
    """Fill a template in.

    Args:
        template: The template; it may take the shared style from `style`.
        filters: Filters of its own, by name.
        **values: What it names.

    Returns:
        A whole HTML page, without scripts that run and without anything that is fetched.
    """
    environment = Environment(
        loader=FileSystemLoader(template.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters or {})
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment.get_template(template.name).render(style=style, **values)
