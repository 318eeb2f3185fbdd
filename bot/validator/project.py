"""What is checked: a folder in the shape of this project. Tests check copies of it that they have spoilt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path

from bot.settings import ROOT


def _today() -> date:
    return datetime.now(timezone.utc).date()


@dataclass(frozen=True)
class Project:
    """Where everything is, and by which day it is judged.

    Attributes:
        root: The top folder.
        today: The day by which dates are judged.
        near: Whether nearly equal examples of two intents are looked for too, which takes half a minute.
    """

    root: Path = ROOT
    today: date = field(default_factory=_today)
    near: bool = False

    @property
    def approved(self) -> Path:
        """Folder of the approved text."""
        return self.root / "data" / "approved"

    @property
    def domain(self) -> Path:
        """Rasa's domain."""
        return self.root / "domain.yml"

    @property
    def rules(self) -> Path:
        """The rules."""
        return self.root / "data" / "stories" / "rules.yml"

    @property
    def safety(self) -> Path:
        """Folder of the safety patterns."""
        return self.root / "data" / "safety"

    @property
    def thresholds(self) -> Path:
        """The thresholds of the router."""
        return self.root / "data" / "routing" / "thresholds.yml"

    @property
    def examples(self) -> Path:
        """Folder of the training examples."""
        return self.root / "data" / "nlu"

    @property
    def kept_apart(self) -> Path:
        """Folder of the messages that are only for measuring."""
        return self.root / "tests" / "eval"

    @property
    def code(self) -> Path:
        """Folder of the code and templates."""
        return self.root / "bot"

    @property
    def actions(self) -> Path:
        """Folder of the actions."""
        return self.root / "actions"

    @property
    def errors(self) -> Path:
        """The catalogue of codes."""
        return self.code / "errors.py"

    @property
    def hazards(self) -> Path:
        """The hazard log."""
        return self.root / "docs" / "safety" / "hazards.yml"

    @property
    def seals(self) -> Path:
        """The seals of everything that decides which words are said."""
        return self.root / "docs" / "safety" / "seals.yml"

    @property
    def story_tests(self) -> Path:
        """Folder of the testers' stories."""
        return self.root / "tests" / "stories"

    def story_files(self) -> Iterator[Path]:
        """Go through all files of rules, stories and test stories."""
        for folder in (self.rules.parent, self.root / "tests" / "rasa", self.story_tests):
            yield from sorted(folder.rglob("*.yml"))

    def python_files(self) -> Iterator[Path]:
        """Go through all Python files that run in production."""
        for folder in (self.code, self.actions):
            yield from sorted(folder.rglob("*.py"))
