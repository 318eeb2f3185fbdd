"""Reads data/safety/*.yml: the patterns with their reasons and examples, the named wordings and the spelling tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from bot.errors import Code, SignpostError
from bot.routes import Route
from bot.safety import notation
from bot.safety.notation import Notation, NotationError
from bot.safety.spelling import Spelling

WORDS = "words.yml"
SPELLING = "spelling.yml"

Lowers = Literal["sentence", "opening", "words"]
About = Literal["self", "other", "any"]
_LISTS = ("takes_s", "keys", "neighbours", "censored", "joined")
_REQUIRED = {"id", "comment", "match", "examples"}
_ALLOWED = _REQUIRED | {"about", "not"}
_CALM = "calm"
_ROUTES = {_CALM: None} | {route.value: route for route in (Route.CRISIS, Route.EMERGENCY, Route.DISTRESS)}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Pattern:
    """One pattern.

    Attributes:
        id: Its name, which staff see as the reason of a case.
        route: Where it sends a message; None for an idiom, which sends it nowhere.
        about: Whom it is about; "any" is told by the subject of the sentence.
        comment: Why it is there, in a sentence.
        lines: Compiled lines; the pattern fires where one of them is found.
        examples: Messages that must fire.
        counters: Messages that must not fire.
        lowers: For denials and idioms, which lower what is found inside them to `route`: whether they must be a
            sentence of their own ("sentence"), begin one ("opening") or neither ("words"). None for all other patterns.
        path: The file that it stands in.
        line: The line of the file.
    """

    id: str
    route: Route | None
    about: About
    comment: str
    lines: tuple[notation.Line, ...]
    examples: tuple[str, ...]
    counters: tuple[str, ...]
    lowers: Lowers | None
    path: Path
    line: int

    @property
    def severity(self) -> int:
        """The severity of its route; 0 for an idiom."""
        return self.route.severity if self.route else 0


@dataclass(frozen=True)
class PatternBook:
    """All that the folder holds.

    Attributes:
        patterns: All patterns in the order of the files.
        spelling: The spelling tables.
        first_person: Words for oneself as a subject.
        third_person: Words for somebody else as a subject.
    """

    patterns: tuple[Pattern, ...]
    spelling: Spelling
    first_person: frozenset[str]
    third_person: frozenset[str]

    @classmethod
    def load(cls, folder: Path) -> PatternBook:
        """Read a folder of patterns.

        Args:
            folder: Usually `data/safety`.

        Returns:
            The patterns, compiled.

        Raises:
            SignpostError: E200, a file is not of the right form; E201, an id stands twice.
        """
        spelling = _spelling(folder / SPELLING)
        words_path = folder / WORDS
        wordings = _texts(words_path, _plain(_compose(words_path)))
        compiler = Notation(wordings, spelling)
        found: dict[str, Pattern] = {}
        for path in sorted(folder.glob("*.yml")):
            if path.name in (WORDS, SPELLING):
                continue
            for pattern in _patterns(path, compiler):
                if pattern.id in found:
                    first = found[pattern.id]
                    where = (f"{first.path.name} line {first.line}", f"{path.name} line {pattern.line}")
                    raise SignpostError(Code.E201, id=pattern.id, first=where[0], second=where[1])
                found[pattern.id] = pattern
        if not found:
            raise SignpostError(Code.E200, path=folder, problem="there is not one pattern in it")
        try:
            return cls(tuple(found.values()), spelling, compiler.options("i"), compiler.options("they"))
        except NotationError as error:
            raise SignpostError(Code.E200, path=words_path, problem=str(error)) from None


def _patterns(path: Path, compiler: Notation) -> Iterator[Pattern]:
    root = _compose(path)
    head = {key.value: value for key, value in root.value}
    if not {"route", "patterns"} <= set(head) <= {"route", "patterns", "lowers"}:
        raise _bad(path, root, "a file of patterns has the keys route and patterns, and may have lowers")
    if (name := str(_plain(head["route"]))) not in _ROUTES:
        raise _bad(path, head["route"], f"route is none of {', '.join(_ROUTES)}")
    if not isinstance(head["patterns"], yaml.SequenceNode):
        raise _bad(path, head["patterns"], "patterns is not a list")
    lowers = _plain(head["lowers"]) if "lowers" in head else None
    if lowers not in (None, "sentence", "opening", "words"):
        raise _bad(path, head["lowers"], "lowers is none of sentence, opening, words")
    if name == _CALM and lowers is None:
        raise _bad(path, head["route"], "only patterns that lower may have the route calm")
    for node in head["patterns"].value:
        yield _pattern(path, node, _ROUTES[name], lowers, compiler)


def _pattern(path: Path, node: yaml.Node, route: Route | None, lowers: Lowers | None, compiler: Notation) -> Pattern:
    data = _plain(node)
    if not isinstance(data, dict) or not _REQUIRED <= set(data) <= _ALLOWED:
        raise _bad(path, node, f"a pattern has the keys {', '.join(sorted(_REQUIRED))}, and may have about and not")
    about = data.get("about", "any")
    if about not in ("self", "other", "any"):
        raise _bad(path, node, "about is none of self, other, any")
    for key in ("match", "examples", "not"):
        rows = data.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, str) and row.strip() for row in rows):
            raise _bad(path, node, f"{key} is not a list of texts")
    if not data["match"] or not data["examples"]:
        raise _bad(path, node, "match and examples need at least one line each")
    lines: list[notation.Line] = []
    for row in data["match"]:
        try:
            line = compiler.compile(row)
        except NotationError as error:
            raise _bad(path, node, f"{data['id']}, `{row}`: {error}") from None
        if line.alone and route is Route.CRISIS:
            raise _bad(path, node, f"{data['id']}, `{row}`: punctuation must not decide about a crisis")
        lines.append(line)
    return Pattern(
        id=str(data["id"]),
        route=route,
        about=about,
        comment=str(data["comment"]),
        lines=tuple(lines),
        examples=tuple(data["examples"]),
        counters=tuple(data.get("not", [])),
        lowers=lowers,
        path=path,
        line=node.start_mark.line + 1,
    )


def _spelling(path: Path) -> Spelling:
    data = _plain(_compose(path))
    if set(data) != {"words", "others", "pairs", *_LISTS}:
        raise SignpostError(Code.E200, path=path, problem="it lacks a table, or has one too many")
    words = {written: tuple(meant.split()) for written, meant in _texts(path, data["words"]).items()}
    for word, others in _texts(path, data["others"]).items():
        words |= dict.fromkeys(others.split(), (word,))
    # An apostrophe may have become a space: "don t".
    pairs = {"t": {written[:-1]: meant for written, meant in words.items() if written.endswith("nt")}}
    for written, meant in _texts(path, data["pairs"]).items():
        first, _, second = written.partition(" ")
        pairs.setdefault(second, {})[first] = tuple(meant.split())
    lists = {key: frozenset(str(data[key]).split()) for key in _LISTS}
    return Spelling(words, pairs, **lists)


def _compose(path: Path) -> yaml.MappingNode:
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=_Loader)
    except (OSError, UnicodeDecodeError) as error:
        raise SignpostError(Code.E200, path=path, problem=error.__class__.__name__) from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SignpostError(Code.E200, path=path, problem=f"line {line}: {error.problem}") from None
    if not isinstance(node, yaml.MappingNode):
        raise SignpostError(Code.E200, path=path, problem="the top level is not a mapping")
    return node


def _plain(node: yaml.Node) -> Any:
    """Read a node as texts, lists and mappings: "yes", "no" and dates are words here."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return node.value


def _texts(path: Path, data: Any) -> dict[str, str]:
    if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
        raise SignpostError(Code.E200, path=path, problem="it is not a mapping from words to words")
    return data


def _bad(path: Path, node: yaml.Node, problem: str) -> SignpostError:
    return SignpostError(Code.E200, path=path, problem=f"line {node.start_mark.line + 1}: {problem}")
