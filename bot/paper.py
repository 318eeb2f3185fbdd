"""Documents to print: what the script book and the safety case share."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_STYLE = Path(__file__).parent / "paper.css"


def render(template: Path, **values: object) -> str:
    """Fill a template in.

    Args:
        template: The template; it may take the shared style from `style`.
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
    style = Markup(_STYLE.read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment.get_template(template.name).render(style=style, **values)
