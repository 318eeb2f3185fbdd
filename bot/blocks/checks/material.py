"""What the checks read, and what they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from bot.blocks.contacts import Contact
from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.errors import Code, SignpostError


@dataclass(frozen=True)
class Problem:
    """Something that a check found.

    Attributes:
        code: The code of the catalogue.
        message: What is wrong and what to do, beginning with the code.
        severity: An error fails `bot check`; a warning is shown.
    """

    code: Code
    message: str
    severity: Literal["error", "warning"]

    @classmethod
    def of(cls, code: Code, **values: Any) -> Problem:
        """Make a problem; the code's letter says how severe it is.

        Args:
            code: Which message of the catalogue.
            **values: What its placeholders stand for.

        Returns:
            The problem.
        """
        return cls(code, code.text(**values), "warning" if code.name.startswith("W") else "error")

    @classmethod
    def from_error(cls, error: SignpostError) -> Problem:
        """Make a problem of an error that reading raised.

        Args:
            error: The error.

        Returns:
            The problem.
        """
        return cls(error.code, str(error), "error")


@dataclass(frozen=True)
class Material:
    """Everything that is checked, read once.

    Attributes:
        library: All blocks.
        contacts: All numbers that blocks may mention.
        seals: Digests by block id.
        script: What each reply says; None where the domain cannot be read, which is a problem of its own.
        today: The day by which dates are judged.
        code_dir: Folder of the code and templates that name `page.` blocks.
    """

    library: Library
    contacts: tuple[Contact, ...]
    seals: dict[str, str]
    script: Script | None
    today: date
    code_dir: Path = field(repr=False)
