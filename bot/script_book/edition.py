"""An edition: every block, reply and contact as it stood at one time, now, in a commit, or in a book that was saved."""

from __future__ import annotations

import io
import json
import re
import subprocess
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.blocks.block import digest
from bot.blocks.contacts import load_contacts
from bot.blocks.library import Library
from bot.blocks.script import UTTER, Script
from bot.errors import Code, SignpostError
from bot.validator.project import Project

ELEMENT = "edition"
"""Id of the element of a saved book that holds its edition as data."""
_DATA = re.compile(rf'<script type="application/json" id="{ELEMENT}">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class Words:
    """A block as an edition keeps it.

    Attributes:
        text: The words.
        sign_off: Who approved them, or "pending".
        source: Title of the leaflet that they are from; None for the product's own words.
        last_reviewed: As the leaflet prints it.
        next_review: As the leaflet prints it.
    """

    text: str
    sign_off: str
    source: str | None = None
    last_reviewed: str | None = None
    next_review: str | None = None


@dataclass(frozen=True)
class Reply:
    """What is said to one intent.

    Attributes:
        route: The route.
        blocks: Ids of the blocks, in the order said.
        choices: Ids of the choices offered with them.
    """

    route: str
    blocks: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """Everything that could be said at one time.

    Attributes:
        name: What people call it: a day, a commit, or the name of a file.
        blocks: Blocks by id.
        replies: Replies by intent.
        contacts: Numbers by what they are for.
    """

    name: str
    blocks: dict[str, Words]
    replies: dict[str, Reply]
    contacts: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """A digest of all of it, short enough to be read out and written on a signed page."""
        content = {key: value for key, value in asdict(self).items() if key != "name"}
        return digest(json.dumps(content, sort_keys=True))[:12]

    @classmethod
    def of(cls, project: Project, name: str) -> Edition:
        """Read the edition of a project as it stands.

        Args:
            project: The project.
            name: What the edition is called.

        Returns:
            The edition.

        Raises:
            SignpostError: E1xx or E400, a file cannot be read.
        """
        blocks = {
            block.id: Words(
                block.text,
                block.sign_off,
                *((block.source.title, block.source.last_reviewed, block.source.next_review) if block.source else ()),
            )
            for block in Library.load(project.approved)
        }
        replies = {
            line.utter.removeprefix(UTTER): Reply(line.route.value, line.blocks, line.choices)
            for line in Script.load(project.domain)
        }
        contacts = {contact.what_for: contact.number for contact in load_contacts(project.approved)}
        return cls(name, blocks, replies, contacts)

    @classmethod
    def since(cls, project: Project, version: str) -> Edition:
        """Read an earlier edition. Nothing is fetched.

        Args:
            project: The project; its folder is asked for commits.
            version: A commit or tag of git, or the path of a script book that was saved as HTML.

        Returns:
            The edition.

        Raises:
            SignpostError: E803, there is none.
        """
        path = Path(version)
        return _saved(path) if path.is_file() else _committed(project, version)

    def to_json(self) -> str:
        """Return the edition as JSON that may stand inside an HTML page."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")


def _saved(path: Path) -> Edition:
    try:
        found = _DATA.search(path.read_text(encoding="utf-8"))
        data: dict[str, Any] = json.loads(found[1]) if found else {}
        blocks = {id_: Words(**words) for id_, words in data["blocks"].items()}
        replies = {
            intent: Reply(reply["route"], tuple(reply["blocks"]), tuple(reply["choices"]))
            for intent, reply in data["replies"].items()
        }
        return Edition(str(data["name"]), blocks, replies, dict(data["contacts"]))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        problem = "the file is no script book of this program"
        raise SignpostError(Code.E803, since=path, problem=problem) from None


def _committed(project: Project, commit: str) -> Edition:
    # A name that git would take for an option is no commit.
    named = commit if not commit.startswith("-") else ""
    command = ["git", "archive", "--format=tar", f"{named}^{{commit}}", "data/approved", "domain.yml"]
    try:
        done = subprocess.run(command, cwd=project.root, capture_output=True, check=False, timeout=60)  # noqa: S603
    except OSError:
        raise SignpostError(
            Code.E803, since=commit, problem="there is no such file, and git is not installed"
        ) from None
    if done.returncode != 0:
        problem = "it is no file, and no commit or tag that holds approved text"
        raise SignpostError(Code.E803, since=commit, problem=problem)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
            archive.extractall(folder)  # noqa: S202 - git made it of files that it tracks
        try:
            return Edition.of(Project(Path(folder)), commit)
        except SignpostError as error:
            problem = f"its text is of another form ({error.code.name})"
            raise SignpostError(Code.E803, since=commit, problem=problem) from None
