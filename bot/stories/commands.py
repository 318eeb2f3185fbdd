"""The commands `python -m bot stories …`. Thin: the work is in the modules that they import when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperArgument, TyperGroup

from bot.settings import Settings


class PathsOrCommand(TyperGroup):
    """A group that runs stories itself, unless its first word is one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line (see parent class for full docstring)."""
        if args and args[0] in self.commands:
            self.params = [parameter for parameter in self.params if not isinstance(parameter, TyperArgument)]
        else:
            ctx.allow_interspersed_args = True  # options may stand behind the paths
        return list(super().parse_args(ctx, args))


app = typer.Typer(
    cls=PathsOrCommand,
    help="Play conversation stories and check every word of the replies.",
    invoke_without_command=True,
    subcommand_metavar="",
    rich_markup_mode=None,
)


@app.callback()
def stories(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Story files, or folders of them. Default: tests/stories.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", "-k", help="Only stories with this in their name.")] = None,
    live: Annotated[str | None, typer.Option(metavar="URL", help="Play against this running gateway.")] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Play again when a story or an approved text changes.")
    ] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, writable=True, help="Also write JUnit XML.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", dir_okay=False, writable=True, help="Also write a page.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Say which blocks, intents, rules and actions no story reaches.")
    ] = False,
    require_full: Annotated[
        bool, typer.Option("--require-full", help="Fail unless every block and rule is reached.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes; by default as many as are worth it.")
    ] = None,
) -> None:
    """Play conversation stories and check every word of the replies."""
    if context.invoked_subcommand is not None:
        return
    from bot.stories.run import Wish, run

    wish = Wish(tuple(paths or ()), name, live, watch, junit, html, coverage, require_full, jobs)
    raise typer.Exit(run(wish, Settings.load()))


@app.command()
def record(
    case: Annotated[
        str | None, typer.Option(metavar="CODE", help="Take the chat with this reference code from the database.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="The story's name, a sentence.")] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", dir_okay=False, help="The file to write. Default: the terminal."),
    ] = None,
) -> None:
    """Turn a conversation into a story file that passes."""
    from bot.stories.recording import record as record_story

    raise typer.Exit(record_story(Settings.load(), case=case, name=name, out=out))
