"""The hazard log: `docs/safety/hazards.yml`, in the shape that DCB0129 asks of a manufacturer, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.blocks.library import read_mapping
from bot.errors import Code, SignpostError
from bot.places import Place, place_of

SEVERITIES = ("catastrophic", "major", "considerable", "significant", "minor")
LIKELIHOODS = ("very high", "high", "medium", "low", "very low")
"""The words of DCB0129 (Clinical Risk Management: its Application in the Manufacture of Health IT Systems) for the
worst credible effect of a hazard and for how likely it is with its controls. They grade hazards, and no visitor."""

_TEXTS = ("id", "title", "cause", "effect", "severity", "likelihood", "residual")
_SIGNED = ("accepted_by", "accepted_on")
_KEYS = {*_TEXTS, *_SIGNED, "controls"}


@dataclass(frozen=True)
class Control:
    """Something that is done about a hazard.

    Attributes:
        text: What it is, in a sentence.
        tests: What proves it: ids of pytest tests, "pattern:ID" of the safety screen, or "story:TITLE".
    """

    text: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Hazard:
    """Something that could harm a person.

    Attributes:
        id: Its number, such as "H01".
        title: What goes wrong, in a few words.
        cause: Why it might.
        effect: What it does to a person.
        controls: What is done about it.
        severity: How bad its effect could be, a word of `SEVERITIES`.
        likelihood: How likely it is with its controls, a word of `LIKELIHOODS`.
        residual: What risk is left, in words.
        accepted_by: Who accepts that risk; empty until somebody does.
        accepted_on: On which day; empty until somebody does.
        place: Where it stands.
    """

    id: str
    title: str
    cause: str
    effect: str
    controls: tuple[Control, ...]
    severity: str
    likelihood: str
    residual: str
    accepted_by: str
    accepted_on: str
    place: Place


@dataclass(frozen=True)
class HazardLog:
    """The whole log.

    Attributes:
        scope: What the log is about.
        owners: The roles that sign the log; their names and days are empty until they do.
        hazards: All hazards in order.
    """

    scope: str
    owners: tuple[tuple[str, str, str], ...]
    hazards: tuple[Hazard, ...]

    @classmethod
    def load(cls, path: Path) -> HazardLog:
        """Read a hazard log.

        Args:
            path: Usually `docs/safety/hazards.yml`.

        Returns:
            The log.

        Raises:
            SignpostError: E100, it is not YAML; E800, it is not of the right form.
        """
        data = read_mapping(path)
        if set(data) != {"scope", "sign_off", "hazards"}:
            raise SignpostError(Code.E800, path=path, problem="line 1: it has the keys scope, sign_off and hazards")
        if not isinstance(data["hazards"], list) or not data["hazards"]:
            raise _wrong(path, ("hazards",), "hazards is not a list")
        hazards = [_hazard(path, number, entry) for number, entry in enumerate(data["hazards"])]
        for number, hazard in enumerate(hazards):
            if hazard.id in {other.id for other in hazards[:number]}:
                raise _wrong(path, ("hazards", str(number)), f"{hazard.id} stands twice")
        return cls(str(data["scope"]).strip(), _owners(path, data["sign_off"]), tuple(hazards))


def _owners(path: Path, data: Any) -> tuple[tuple[str, str, str], ...]:
    entries: list[Any] = data if isinstance(data, list) else [None]
    if not all(isinstance(entry, dict) and set(entry) == {"role", "name", "signed_on"} for entry in entries):
        raise _wrong(path, ("sign_off",), "sign_off is a list of role, name and signed_on")
    return tuple((str(one["role"]), str(one["name"]), str(one["signed_on"])) for one in entries)


def _hazard(path: Path, number: int, entry: Any) -> Hazard:
    keys = ("hazards", str(number))
    if not isinstance(entry, dict) or set(entry) != _KEYS:
        raise _wrong(path, keys, f"a hazard has exactly the keys {', '.join(sorted(_KEYS))}")
    for key in _TEXTS:
        if not isinstance(entry[key], str) or not entry[key].strip():
            raise _wrong(path, (*keys, key), f"{key} is not a text")
    for key, words in (("severity", SEVERITIES), ("likelihood", LIKELIHOODS)):
        if entry[key] not in words:
            raise _wrong(path, (*keys, key), f"{key} is none of {', '.join(words)}")
    for key in _SIGNED:
        if not isinstance(entry[key], str):
            raise _wrong(path, (*keys, key), f"{key} is not a text; put names and dates in quotes")
    texts = {key: entry[key].strip() for key in (*_TEXTS, *_SIGNED)}
    return Hazard(**texts, controls=_controls(path, keys, entry["controls"]), place=place_of(path, *keys))


def _controls(path: Path, keys: Sequence[str], entries: Any) -> tuple[Control, ...]:
    if not isinstance(entries, list) or not entries:
        raise _wrong(path, (*keys, "controls"), "a hazard needs at least one control")
    controls: list[Control] = []
    for number, entry in enumerate(entries):
        at = (*keys, "controls", str(number))
        if not isinstance(entry, dict) or set(entry) != {"control", "tests"}:
            raise _wrong(path, at, "a control has exactly the keys control and tests")
        tests = entry["tests"]
        if not isinstance(tests, list) or not tests or not all(isinstance(test, str) for test in tests):
            raise _wrong(path, at, "tests is a list with at least one test")
        controls.append(Control(str(entry["control"]).strip(), tuple(tests)))
    return tuple(controls)


def _wrong(path: Path, keys: Sequence[str], problem: str) -> SignpostError:
    return SignpostError(Code.E800, path=path, problem=f"line {place_of(path, *keys).line}: {problem}")
