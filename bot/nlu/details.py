"""Details that make a question personal or medical: drugs, doses, receptors, results, ages, sites.

They can only take a question from a passage and give it to a person, never the other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError
from bot.nlu.text import plain
from bot.settings import ROOT

DETAILS_FILE = ROOT / "data" / "routing" / "details.yml"

KEYS = {"words", "pattern", "not", "unless"}


class Details:
    """Finds details in a message."""

    def __init__(
        self,
        kinds: Mapping[str, re.Pattern[str]],
        exceptions: Mapping[str, re.Pattern[str]],
        unless: Mapping[str, re.Pattern[str]],
        taken_from: Mapping[str, Sequence[str]],
    ) -> None:
        """Make it; `load` is the usual way.

        Args:
            kinds: By kind, what a detail of this kind looks like.
            exceptions: By kind, wordings that are taken out first.
            unless: By kind, wordings beside which there is no such detail.
            taken_from: By answer, the kinds that take a question from it.
        """
        self._kinds = dict(kinds)
        self._exceptions = dict(exceptions)
        self._unless = dict(unless)
        self._taken_from = {answer: tuple(names) for answer, names in taken_from.items()}

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers that details can take a question from."""
        return tuple(self._taken_from)

    def found_in(self, text: str, answer: str) -> tuple[str, ...]:
        """Find the details for which a passage does not answer a message.

        Args:
            text: The message.
            answer: The intent whose passage would be served.

        Returns:
            The kinds of detail, in the order of the file; none for an answer that no detail matters to.
        """
        wanted = self._taken_from.get(answer, ())
        cleaned = plain(text) if wanted else ""
        return tuple(kind for kind in wanted if self._has(kind, cleaned))

    def _has(self, kind: str, text: str) -> bool:
        unless, exception = self._unless.get(kind), self._exceptions.get(kind)
        if unless and unless.search(text):
            return False
        return bool(self._kinds[kind].search(exception.sub(" ", text) if exception else text))

    @classmethod
    def load(cls, path: Path = DETAILS_FILE) -> Details:
        """Read the file.

        Args:
            path: A YAML file of `kinds` and `taken_from`.

        Returns:
            The details.

        Raises:
            SignpostError: E331, the file has another form.
        """
        data = read_mapping(path)
        problem = next(_problems(data), None)
        if problem:
            raise SignpostError(Code.E331, path=path, problem=problem)
        kinds = data["kinds"]
        return cls(
            {name: _whole([*map(re.escape, of.get("words", ())), *_pattern(of)]) for name, of in kinds.items()},
            {name: _whole([*map(re.escape, of["not"])]) for name, of in kinds.items() if "not" in of},
            {name: _whole([*map(re.escape, of["unless"])]) for name, of in kinds.items() if "unless" in of},
            data["taken_from"],
        )


def _pattern(of: Mapping[str, Any]) -> list[str]:
    return [f"(?:{of['pattern'].strip()})"] if "pattern" in of else []


def _whole(wordings: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(wordings)})(?!\w)")


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    if set(data) != {"kinds", "taken_from"}:
        yield "it needs kinds and taken_from, and nothing else"
        return
    for name, of in data["kinds"].items():
        if not isinstance(of, dict) or not {"words", "pattern"} & set(of) or set(of) - KEYS:
            yield f"the kind {name} needs words or a pattern, and may have not and unless"
            return
        try:
            re.compile(of.get("pattern", ""))
        except re.error as error:
            yield f"the pattern of {name} is no regular expression: {error}"
    for answer, names in data["taken_from"].items():
        for unknown in [name for name in names if name not in data["kinds"]]:
            yield f"{answer} names the kind {unknown}, which is not there"
