"""A copy of the project that a test spoils, to see whether the check that `make test` runs notices."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.blocks.seal import seal_folder
from bot.settings import ROOT
from bot.validator import seals
from bot.validator.check import RULES, Rule, validate
from bot.validator.project import Project

COPIED = ("data/approved", "data/stories", "data/safety", "data/routing", "docs/safety", "actions", "domain.yml")
LINKED = ("bot", "scripts", "tests", "data/nlu")
"""What no test here changes; a test that must changes a copy of its own."""
TODAY = date(2026, 11, 25)


@dataclass(frozen=True)
class Copy:
    """A copy of what decides what is said.

    Attributes:
        root: Its folder.
        pristine: The folder of a copy that nobody has changed.
    """

    root: Path
    pristine: Path

    @property
    def project(self) -> Project:
        """The copy as the check takes it."""
        return Project(self.root, TODAY)

    def own(self, name: str) -> None:
        """Make a copy of a folder that is only linked."""
        (self.root / name).unlink()
        shutil.copytree(ROOT / name, self.root / name, ignore=shutil.ignore_patterns("__pycache__"))

    def replace(self, name: str, old: str, new: str) -> None:
        """Change a text at the first place where it stands in a file."""
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} no longer holds what this test changes"
        path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    def edit(self, name: str, change: Callable[[Any], object]) -> None:
        """Change what a YAML file holds."""
        path = self.root / name
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def found(self, *rules: Rule) -> dict[str, list[str]]:
        """Check the copy: the messages of errors by code, without those that it had before it was changed."""
        assert set(rules) <= set(RULES), "only what `make test` runs counts"
        known = _known(self.pristine, rules)
        found: dict[str, list[str]] = {}
        for problem in validate(self.project, rules).problems:
            if problem.severity == "error" and problem.message.replace(str(self.root), "") not in known:
                found.setdefault(problem.code.name, []).append(str(problem))
        return found


@lru_cache
def _known(root: Path, rules: tuple[Rule, ...]) -> frozenset[str]:
    return frozenset(
        problem.message.replace(str(root), "") for problem in validate(Project(root, TODAY), rules).problems
    )


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """A copy that is sealed as it stands. Whether the project itself is, is for `python -m bot check` to say."""
    root = _copied(tmp_path_factory.mktemp("sealed"), ROOT).root
    copy = Copy(root, root)
    seal_folder(copy.project.approved)
    seals.write(copy.project)
    return copy


@pytest.fixture
def copy(sealed: Copy, tmp_path: Path) -> Copy:
    """A fresh copy, sealed as it stands."""
    return _copied(tmp_path / "project", sealed.root)


def _copied(target: Path, source: Path) -> Copy:
    for name in COPIED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source / name, target / name)
    for name in LINKED:
        (target / name).symlink_to(ROOT / name)
    return Copy(target, source)
