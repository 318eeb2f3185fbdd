"""`bot check`: proves the approved text, its records and the domain that names it, and lists what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TypeVar

from bot.blocks.checks import leaflets, records, replies, wording
from bot.blocks.checks.domain import domain_holds_no_words
from bot.blocks.checks.material import Material, Problem
from bot.blocks.contacts import load_contacts
from bot.blocks.library import Library, read_mapping
from bot.blocks.script import Script
from bot.blocks.seal import read_seals
from bot.errors import SignpostError
from bot.settings import ROOT, Settings

T = TypeVar("T")
Check = Callable[[Material], Iterator[Problem]]

CHECKS: tuple[Check, ...] = (
    leaflets.leaflet_is_unchanged,
    leaflets.passages_are_verbatim,
    leaflets.leaflet_is_covered,
    records.numbers_are_contacts,
    records.seals_are_whole,
    records.texts_are_unique,
    wording.house_wording_is_allowed,
    wording.characters_are_plain,
    replies.intents_have_replies,
    replies.named_blocks_exist,
    replies.choices_lead_on,
    replies.routes_name_their_contacts,
    replies.leaflets_only_answer,
    replies.blocks_are_used,
    leaflets.reviews_are_due,
    records.contacts_are_fresh,
    records.blocks_are_signed,
)


@dataclass(frozen=True)
class Report:
    """What all checks found.

    Attributes:
        problems: Errors first, then warnings.
    """

    problems: tuple[Problem, ...]

    @property
    def failed(self) -> bool:
        """Whether there is at least one error. Warnings do not fail."""
        return any(problem.severity == "error" for problem in self.problems)


def run_checks(settings: Settings, *, today: date | None = None) -> Report:
    """Check the approved text of this installation.

    Args:
        settings: Say where approved text and domain are.
        today: The day by which dates are judged; the current day where it is left out.

    Returns:
        All problems. Nothing is raised: a file that cannot be read is a problem too.
    """
    today = today or datetime.now(timezone.utc).date()
    return check_files(settings.approved_dir, settings.domain_file, today=today)


def check_files(approved: Path, domain_file: Path, *, today: date, code_dir: Path = ROOT / "bot") -> Report:
    """Check approved text and the domain that names it. `run_checks` is the usual way.

    Args:
        approved: Usually `data/approved`.
        domain_file: Usually `domain.yml`.
        today: The day by which dates are judged.
        code_dir: Folder of the code that names `page.` blocks.

    Returns:
        All problems.
    """
    problems: list[Problem] = []

    def read(reader: Callable[[Path], T], path: Path) -> T | None:
        try:
            return reader(path)
        except SignpostError as error:
            problems.append(Problem.from_error(error))
            return None

    domain = read(read_mapping, domain_file)
    if domain is not None:
        problems.extend(domain_holds_no_words(domain, domain_file))
    # Words in a reply were listed just now, each with its place; the script would name the first of them once more.
    script = read(Script.load, domain_file) if domain is not None and not problems else None
    library = read(Library.load, approved)
    contacts = read(load_contacts, approved)
    seals = read(read_seals, approved)
    if library is not None:
        material = Material(library, contacts or (), seals or {}, script, today, code_dir, domain_file, approved)
        for check in CHECKS:
            if script is not None or check.__module__ != replies.__name__:
                problems.extend(check(material))
    return Report(tuple(sorted(problems, key=lambda problem: problem.severity)))
