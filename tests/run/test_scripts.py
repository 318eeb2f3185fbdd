"""The scripts behind `make test`: what they say when something is missing or fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

Done = subprocess.CompletedProcess[str]


class Place:
    """A copy of the scripts, and a folder of programs that is all of PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "project"
        self.bin = folder / "bin"
        (self.root / "var" / "logs").mkdir(parents=True)
        self.bin.mkdir()
        shutil.copytree(ROOT / "scripts", self.root / "scripts")
        for tool in ("bash", "env", "dirname", "cat"):
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        for tool in ("chromium", "initdb"):
            self.put(tool)

    def put(self, program: str, script: str = "exit 0", folder: Path | None = None) -> None:
        """Put a stand-in for a program somewhere, on PATH where nothing else is said."""
        path = (folder or self.bin) / program
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def run(self, script: str) -> Done:
        """Run a script."""
        env = {"PATH": str(self.bin), "HOME": os.environ.get("HOME", "/")}
        command = [str(self.root / "scripts" / script)]
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture
def without_browser(place: Place) -> Place:
    (place.bin / "chromium").unlink()
    return place


def test_where_nothing_is_missing_nothing_is_installed(place: Place) -> None:
    done = place.run("setup-test")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_is_missing_is_installed_after_the_lists_are_brought_up_to_date(without_browser: Place) -> None:
    without_browser.put("id", "echo 0")
    without_browser.put("apt-get", "echo apt-get $*")
    done = without_browser.run("setup-test")
    assert (done.returncode, done.stdout) == (0, "Installing what the tests need: chromium.\n")
    log = (without_browser.root / "var" / "logs" / "setup-test.log").read_text()
    assert log == "apt-get update\napt-get install --yes --no-install-recommends chromium\n"


def test_who_may_not_install_is_told_what_is_missing(without_browser: Place) -> None:
    without_browser.put("id", "echo 1000")
    done = without_browser.run("setup-test")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("The tests need chromium. Install")


def test_an_installation_that_fails_is_told_in_one_line(without_browser: Place) -> None:
    without_browser.put("id", "echo 0")
    without_browser.put("apt-get", "exit 100")
    done = without_browser.run("setup-test")
    assert (done.returncode, done.stderr) == (
        1,
        "Installing chromium failed. The whole output is in var/logs/setup-test.log.\n",
    )


@pytest.fixture
def tools(place: Place) -> Path:
    """The folder of the environment's programs, where everything passes."""
    folder = place.root / ".venv" / "bin"
    for program in ("ruff", "mypy", "python"):
        place.put(program, 'echo "$@"', folder)
    return folder


def test_all_stages_run_in_order_each_under_its_heading(place: Place, tools: Path) -> None:
    done = place.run("test")
    assert done.returncode == 0, done.stderr
    headings = [line[4:] for line in done.stdout.splitlines() if line.startswith("=== ") and "passed" not in line]
    assert headings == [
        "Programs that the tests need",
        "Style",
        "Form",
        "Types",
        "Approved text and examples",
        "Unit tests",
        "Training",
        "Training data, by Rasa",
        "Stories, by Rasa",
        "Stories, word by word",
        "Tests of the whole",
        "Safety case",
    ]
    assert done.stdout.splitlines()[-1].startswith("Everything passed, in ")


def test_the_first_stage_that_fails_ends_it(place: Place, tools: Path) -> None:
    place.put("mypy", "echo 'error: wrong type'; exit 1", tools)
    done = place.run("test")
    assert done.returncode == 1
    assert "error: wrong type" in done.stdout
    assert "=== Types: FAILED" in done.stderr
    assert "Unit tests" not in done.stdout


def test_what_rasa_says_is_shown_where_it_fails(place: Place, tools: Path) -> None:
    place.put("python", 'case "$*" in *validate*) echo "a story contradicts a rule"; exit 1;; esac', tools)
    done = place.run("test")
    assert done.returncode == 1
    assert "a story contradicts a rule" in done.stdout
    assert "=== Training data, by Rasa: FAILED" in done.stderr
