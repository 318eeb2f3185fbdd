"""The commands of `python -m bot`. Each is thin: the work is in the module that it imports, and only when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings
from bot.stories.commands import app as stories_app
from bot.triage.commands import audit_app, staff_app

app = typer.Typer(
    help="Signpost: approved answers, safe routing, nothing improvised.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(stories_app, name="stories")
app.add_typer(audit_app, name="audit")
app.add_typer(staff_app, name="staff")


@app.command()
def run() -> None:
    """Start Signpost and keep it running."""
    from bot.run import start

    raise typer.Exit(start.run(Settings.load()))


@app.command()
def train(force: Annotated[bool, typer.Option("--force", help="Train even if nothing changed.")] = False) -> None:
    """Train the model if something changed."""
    from bot.run import start

    raise typer.Exit(start.run_training(Settings.load(), force=force))


@app.command()
def check(
    near: Annotated[
        bool, typer.Option("--near", help="Also look for nearly equal examples of two intents; takes half a minute.")
    ] = False,
) -> None:
    """Check every text, example, rule, pattern, hazard and error code."""
    from bot.validator.check import validate
    from bot.validator.project import Project

    report = validate(Project(near=near))
    for problem in report.problems:
        typer.echo(str(problem), err=problem.severity == "error")
    errors = sum(problem.severity == "error" for problem in report.problems)
    typer.echo(f"{errors} errors, {len(report.problems) - errors} warnings.")
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def seal() -> None:
    """Seal approved text, replies, contacts, patterns and thresholds after a change that is meant."""
    from bot.blocks import seal as texts
    from bot.validator import seals
    from bot.validator.project import Project

    blocks, decisions = texts.seal(Settings.load()), seals.write(Project())
    typer.echo(f"Sealed {blocks} blocks and {decisions} decisions.")


@app.command()
def blocks() -> None:
    """List every block of approved text."""
    from bot.blocks.library import Library

    library = Library.load(Settings.load().approved_dir)
    width = max(len(block.id) for block in library)
    for block in library:
        beginning = " ".join(block.text.split())[:60]
        state = "pending" if block.sign_off == "pending" else "signed"
        typer.echo(f"{block.id:{width}}  {block.kind:7}  {state:7}  {beginning}")


@app.command()
def script_book(
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="The page to write.")] = None,
    pdf: Annotated[Path | None, typer.Option(dir_okay=False, help="The PDF to write; needs Chromium.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Show what changed since a commit, a tag, or a book that was saved as HTML.")
    ] = None,
) -> None:
    """Print everything that the bot can say, to be signed."""
    from bot.script_book.page import write_book
    from bot.validator.project import Project

    if html is None and pdf is None:
        raise typer.BadParameter("give --html or --pdf, or both")
    typer.echo(write_book(Project(), html=html, pdf=pdf, since=since))


@app.command()
def safety_case(
    html: Annotated[Path | None, typer.Option(dir_okay=False, help="The page to write.")] = None,
    results: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="JUnit results of the tests; repeatable.")
    ] = None,
) -> None:
    """Show the hazards, what is done about each, and whether its tests passed."""
    from bot.safety_case.case import write_case
    from bot.validator.project import Project

    told, problems = write_case(Project(), html=html, results=results or [])
    for problem in problems:
        typer.echo(str(problem), err=True)
    typer.echo(told)
    raise typer.Exit(1 if problems else 0)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""
    from bot.triage.migrate import upgrade

    upgrade(Settings.load().database_url)
    typer.echo("The database is up to date.")


@app.command()
def retention() -> None:
    """Delete the chats that are older than visitors were promised; the gateway does so every day."""
    from bot.privacy.retention import delete_old_chats

    typer.echo(f"Old chats deleted: {delete_old_chats(Settings.load())}.")


@app.command()
def evaluate(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Labelled messages, as .jsonl.")],
    url: Annotated[str | None, typer.Option(help="A running gateway; in process where it is left out.")] = None,
    html: Annotated[
        Path | None, typer.Option(dir_okay=False, writable=True, help="Also write a page with charts and every miss.")
    ] = None,
) -> None:
    """Score labelled messages and dialogues."""
    from bot.testing.evaluate import evaluate_files

    raise typer.Exit(evaluate_files(files, url=url, html=html))


@app.command()
def calibrate(
    files: Annotated[
        list[Path] | None, typer.Argument(exists=True, dir_okay=False, help="Labelled messages, as .jsonl.")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Only say what would be picked; change no file.")] = False,
) -> None:
    """Pick the router's thresholds by what mistakes cost, over examples that the model has not seen."""
    from bot.testing.calibration_run import calibrate_files

    raise typer.Exit(calibrate_files(files or [], keep=keep))


@app.command()
def explain(text: Annotated[str, typer.Argument(help="A message, in quotes.")]) -> None:
    """Show how one message is decided."""
    from bot.testing.explain import explain as explain_text

    typer.echo(explain_text(text))
