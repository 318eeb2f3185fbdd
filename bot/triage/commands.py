"""The commands `python -m bot staff …` and `python -m bot audit …`.

Thin: the work is in the modules that they import when they run.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import Settings
from bot.triage.roles import Role

if TYPE_CHECKING:
    from bot.triage.staff import Credentials, Staff

staff_app = typer.Typer(help="The people of the desk.", no_args_is_help=True, rich_markup_mode=None)
audit_app = typer.Typer(help="The audit log of the desk.", no_args_is_help=True, rich_markup_mode=None)


UserName = Annotated[str, typer.Argument(help="User name: small letters and digits, such as ada.byron.")]


@staff_app.command()
def add(
    username: UserName,
    name: Annotated[str, typer.Option(help="The name that colleagues know.")],
    role: Annotated[Role, typer.Option(help="What this person is there for.")],
) -> None:
    """Add somebody, and show once what they sign in with."""
    _show(_staff().add(username, name=name, role=role, now=datetime.now(timezone.utc)))


@staff_app.command("list")
def list_all() -> None:
    """List everybody."""
    for member in _staff().list():
        person, gone = member.person, member.disabled_at
        state = f"disabled {gone:%Y-%m-%d}" if gone else f"{member.recovery_codes_left} recovery codes"
        typer.echo(f"{person.id:20}  {person.role.value:10}  {member.added_at:%Y-%m-%d}  {state:19}  {person.name}")


@staff_app.command()
def disable(username: UserName) -> None:
    """Take signing in away from somebody, at once. Their name stays in the records."""
    _staff().disable(username, now=datetime.now(timezone.utc))
    typer.echo(f"{username} cannot sign in any more, and is signed out everywhere.")


@staff_app.command()
def renew(username: UserName) -> None:
    """Give somebody all new credentials; also lets in again who was disabled."""
    _show(_staff().renew(username, now=datetime.now(timezone.utc)))


def _staff() -> Staff:
    from bot.triage.database import Database
    from bot.triage.migrate import check as check_revision
    from bot.triage.staff import Staff

    url = Settings.load().database_url
    check_revision(url)
    return Staff(Database(url))


def _show(made: Credentials) -> None:
    typer.echo("Shown only now. Hand this over in person; it is kept nowhere in clear.\n")
    typer.echo(f"Password, to be changed at the first sign-in:\n  {made.password}\n")
    typer.echo(f"For an authenticator app:\n  {made.totp_secret}\n  {made.totp_address}\n")
    typer.echo("Recovery codes, each good once where the app is lost:")
    for code in made.recovery_codes:
        typer.echo(f"  {code}")


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
