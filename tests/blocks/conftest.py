"""The real approved text, and a copy of it that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.blocks.block import Block
from bot.blocks.check import Report, check_files
from bot.blocks.checks.material import Material
from bot.blocks.contacts import load_contacts
from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.blocks.seal import read_seals
from bot.settings import ROOT

APPROVED = ROOT / "data" / "approved"
DOMAIN = ROOT / "domain.yml"
TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Copy:
    """A copy of approved text and domain."""

    approved: Path
    domain: Path
    code: Path

    def edit(self, name: str, change: Callable[[dict[str, Any]], object]) -> None:
        """Change what a YAML file of the approved text, or the domain, holds."""
        path = self.domain if name == "domain.yml" else self.approved / name
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(data)
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def check(self, today: date = TODAY) -> Report:
        """Check the copy."""
        return check_files(self.approved, self.domain, today=today, code_dir=self.code)


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the approved text and the domain in a temporary folder, with no code that names blocks."""
    shutil.copytree(APPROVED, tmp_path / "approved")
    shutil.copy(DOMAIN, tmp_path / "domain.yml")
    (tmp_path / "code").mkdir()
    return Copy(tmp_path / "approved", tmp_path / "domain.yml", tmp_path / "code")


@pytest.fixture(scope="session")
def library() -> Library:
    """The approved text itself."""
    return Library.load(APPROVED)


@pytest.fixture(scope="session")
def script() -> Script:
    """The domain's replies."""
    return Script.load(DOMAIN)


@pytest.fixture(scope="session")
def material(library: Library, script: Script, tmp_path_factory: pytest.TempPathFactory) -> Material:
    """What the checks read, with no code that names blocks."""
    code = tmp_path_factory.mktemp("code")
    return Material(library, load_contacts(APPROVED), read_seals(APPROVED), script, TODAY, code)


def with_text(material: Material, id_: str, text: str) -> Material:
    """The same material, but one block has another text."""
    blocks = {block.id: block for block in material.library}
    files = {**material.library.files}
    blocks[id_] = replace(blocks[id_], text=text) if id_ in blocks else Block(id_, text)
    files.setdefault(id_, Path("new.yml"))
    return replace(material, library=Library(blocks, files, material.library.leaflets))


def without(material: Material, id_: str) -> Material:
    """The same material without one block."""
    blocks = {block.id: block for block in material.library if block.id != id_}
    return replace(material, library=Library(blocks, material.library.files, material.library.leaflets))


def codes(problems: Any) -> list[str]:
    """Names of the codes in order."""
    return [problem.code.name for problem in problems]
