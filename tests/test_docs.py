"""What the documentation says can be typed, can be typed; what it points to is there; what it lists is complete."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer

from bot.cli import app
from bot.gateway.openapi import openapi
from bot.run.packages import named, pinned
from bot.settings import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:make|python -m bot|scripts/)[^`]*)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")
TABLE_ROW = re.compile(r"^\| ([\w.-]+) \| (\d[\w.]*) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CHEAP = ("make help", "python -m bot --help", "python -m bot blocks")
FORMS = re.compile(r"[A-Z]{2,}|[A-Z]+\.\w+|\.\.\.|…")  # FILE, PATH.jsonl: to be filled in by the reader

TARGETS = set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def lines(page: Path) -> list[str]:
    """All commands of a page."""
    text = page.read_text()
    fenced = [line.strip() for block in FENCED.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in [*fenced, *INLINE.findall(text)] if line and not line.startswith("#")]


ALL = sorted({(page.name, line) for page in PAGES for line in lines(page)})


def options_of(name: str, below: str = "") -> set[str]:
    """The options that a command of `python -m bot` takes, or a command below it."""
    command = getattr(COMMANDS[name], "commands", {}).get(below, COMMANDS[name])
    return {option for parameter in command.params for option in parameter.opts} | {"--help"}


def check_bot(words: list[str]) -> None:
    if words == ["--help"]:
        return
    command, *arguments = words
    assert command in COMMANDS
    assert {word.split("=")[0] for word in arguments if word.startswith("--")} <= options_of(command, *arguments[:1])
    if command == "evaluate":
        for word in arguments:
            assert word.startswith("-") or FORMS.match(word) or "://" in word or (ROOT / word).exists()


def check_curl(words: list[str]) -> None:
    (url,) = [urlsplit(word) for word in words if "://" in word]
    assert (url.hostname, url.port) == ("127.0.0.1", 8080)
    assert url.path in openapi(2_000)["paths"]


@pytest.mark.parametrize(("page", "line"), ALL)
def test_every_command_in_the_documentation_exists(page: str, line: str) -> None:
    words = [word for word in shlex.split(line) if "=" not in word or word.startswith("-")]
    if words[0] == "make":
        assert set(words[1:]) <= TARGETS
    elif words[:3] == ["python", "-m", "bot"]:
        check_bot(words[3:])
    elif words[:3] == ["python", "-m", "pytest"]:
        assert all((ROOT / word).exists() for word in words[3:] if word.startswith("tests"))
    elif words[0] == "curl":
        check_curl(words)
    else:
        assert (ROOT / words[0]).is_file(), f"{page}: {line} is not known to this test"


@pytest.mark.parametrize("line", [line for line in CHEAP if line in {line for _, line in ALL}])
def test_cheap_commands_in_the_documentation_work(line: str) -> None:
    words = [sys.executable if word == "python" else word for word in line.split()]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_points_to_is_there(page: Path) -> None:
    missing = [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_every_direct_dependency_has_a_reason_its_version_and_its_licence(kind: str) -> None:
    told = {
        name.lower(): version for name, version, *_ in TABLE_ROW.findall((ROOT / "docs/dependencies.md").read_text())
    }
    locked = dict(pinned(ROOT / "requirements" / f"{kind}.txt"))
    for name in named(ROOT / "requirements" / f"{kind}.in"):
        assert told.get(name) == locked[name], name


def test_no_dependency_is_told_that_is_not_there() -> None:
    told = {name.lower() for name, *_ in TABLE_ROW.findall((ROOT / "docs/dependencies.md").read_text())}
    assert told == {name for kind in ("runtime", "dev") for name in named(ROOT / "requirements" / f"{kind}.in")}


def test_the_settings_that_are_told_are_read() -> None:
    told = set(re.findall(r"`(SIGNPOST_\w+|DATABASE_URL)`", "".join(page.read_text() for page in PAGES)))
    code = "".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    assert not [name for name in told if f'"{name}"' not in code]


def test_every_make_target_is_told_by_make_help() -> None:
    output = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert {line.split()[1] for line in output.splitlines()} == TARGETS == set(phony[1].split())
