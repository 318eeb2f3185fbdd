"""Packages: whether what the lock names is installed, whole and in that version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.run.packages import check_packages, named, pinned
from bot.settings import ROOT


@dataclass(frozen=True)
class Installation:
    """A place where the package `Tiny.Thing` 1.0 is installed."""

    code: Path
    lock: Path
    direct: Path
    stamp: Path

    def check(self) -> None:
        check_packages(self.lock, self.direct, self.stamp)

    def refusal(self) -> str:
        with pytest.raises(SignpostError) as caught:
            self.check()
        return str(caught.value)


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    site = tmp_path / "site"
    code = site / "tiny_thing" / "__init__.py"
    information = site / "tiny_thing-1.0.dist-info"
    code.parent.mkdir(parents=True)
    information.mkdir()
    code.write_text("answer = 42\n")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: Tiny.Thing\nVersion: 1.0\n")
    (information / "RECORD").write_text("tiny_thing/__init__.py,,12\ntiny_thing/__pycache__/__init__.pyc,,\n")
    monkeypatch.syspath_prepend(site)
    lock, direct, stamp = tmp_path / "lock.txt", tmp_path / "direct.in", tmp_path / "stamp"
    lock.write_text("tiny-thing==1.0 \\\n    --hash=sha256:00\n")
    direct.write_text("# what we use\ntiny_thing>=1\n")
    stamp.touch()
    return Installation(code, lock, direct, stamp)


def test_a_whole_installation_passes(installation: Installation) -> None:
    installation.check()
    assert installation.stamp.exists()


def test_a_missing_package_is_named_and_set_up_again(installation: Installation) -> None:
    installation.lock.write_text("tiny-thing==1.0\nabsent-thing==3.1\n")
    assert installation.refusal() == Code.E004.text(package="absent-thing", problem="it is not installed")
    assert not installation.stamp.exists(), "`make setup` would take the installation for whole"


def test_another_version_is_named(installation: Installation) -> None:
    installation.lock.write_text("tiny-thing==2.0\n")
    assert "version 1.0 is installed and 2.0 is locked" in installation.refusal()


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_text("")])
def test_a_lost_or_cut_file_is_named_and_set_up_again(installation: Installation, damage: object) -> None:
    damage(installation.code)  # type: ignore[operator]
    assert (
        "[E004] The package tiny-thing is missing or damaged: its file tiny_thing/__init__.py" in installation.refusal()
    )
    assert not installation.stamp.exists()


def test_this_installation_is_what_the_lock_says(tmp_path: Path) -> None:
    requirements = ROOT / "requirements"
    check_packages(requirements / "runtime.txt", requirements / "runtime.in", tmp_path / "no stamp")


def test_every_direct_requirement_is_locked() -> None:
    for kind in ("runtime", "dev"):
        locked = {name for name, _ in pinned(ROOT / "requirements" / f"{kind}.txt")}
        assert set(named(ROOT / "requirements" / f"{kind}.in")) <= locked


@pytest.mark.parametrize("kind", ["runtime", "dev"])
def test_a_lock_holds_exact_versions_and_hashes_and_names_no_place(kind: str) -> None:
    lines = (ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()
    allowed = re.compile(r"[a-z0-9-]+(\[[a-z0-9,-]+])?==[^\s]+ \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert not [line for line in lines if not allowed.fullmatch(line)]
