"""The commands `python -m bot audit …`. Thin: the work is in the modules that they import when they run."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.settings import Settings

audit_app = typer.Typer(help="The audit log of the desk.", no_args_is_help=True, rich_markup_mode=None)


@audit_app.callback()
def audit() -> None:
    """The audit log of the desk."""


@audit_app.command()
def verify(
    head: Annotated[
        str | None, typer.Option(help="What an earlier run printed as the head, NUMBER:SHA256; it must still hold.")
    ] = None,
) -> None:
    """Check that no line of the audit log was changed, removed or swapped."""
    from bot.triage.audit import verify as check
    from bot.triage.database import Database
    from bot.triage.migrate import check as check_revision

    url = Settings.load().database_url
    check_revision(url)
    found = check(Database(url), head)
    for problem in found.problems:
        typer.echo(problem, err=True)
    typer.echo(f"{found.lines} lines, {len(found.problems)} problems. Head: {found.head}")
    raise typer.Exit(1 if found.problems else 0)
