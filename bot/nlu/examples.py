"""The training examples as data: read without Rasa, and checked for what silently spoils a classifier."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.blocks.library import read_mapping, read_text
from bot.errors import Code, SignpostError

MARK = "    - "
"""How a line with an example begins in data/nlu."""

LEAST_ANSWER = 60
LEAST_SAFETY = 400
SAFETY = ("crisis_self", "crisis_other", "emergency", "distress")
# Shorter ones ("hello", "thank you") are what everybody says, and prove nothing about having seen a measuring set.
KEPT_APART_FROM = 12

# Rasa reads these as marked entities, as environment variables of the whole file, and as signs by number.
_CHANGED_BY_RASA = re.compile(r"\[[^\]]+\][({\[]|\$\{|\\[uU]")

_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Example:
    """One training example.

    Attributes:
        text: The message.
        intent: Its intent.
        path: The file it stands in.
        line: The line it stands on, from 1.
    """

    text: str
    intent: str
    path: Path
    line: int


def read_examples(folder: Path) -> list[Example]:
    """Read all examples below a folder.

    Args:
        folder: Usually `data/nlu`; each file holds one or more intents in Rasa's form.

    Returns:
        The examples, by file and line.

    Raises:
        SignpostError: E300, a file is not of the form that this project keeps to.
    """
    examples: list[Example] = []
    for path in sorted(folder.rglob("*.yml")):
        intents = [entry.get("intent") for entry in read_mapping(path).get("nlu", [])]
        examples += _of_file(path, intents)
    return examples


def _of_file(path: Path, intents: Sequence[str | None]) -> Iterator[Example]:
    intent: str | None = None
    found: list[str] = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        if line.startswith("- intent:"):
            intent = line.partition(":")[2].strip()
            found.append(intent)
        elif line.startswith(MARK) and intent:
            if _CHANGED_BY_RASA.search(line):
                problem = f"line {number} holds [a](b), a dollar with a brace or a backslash with u, which Rasa changes"
                raise SignpostError(Code.E300, path=path, problem=problem)
            yield Example(line[len(MARK) :].strip(), intent, path, number)
        elif intent and line.strip() not in ("", "examples: |") and not line.strip().startswith("#"):
            raise SignpostError(Code.E300, path=path, problem=f"line {number} is no example; begin it with '{MARK}'")
    if found != list(intents):
        raise SignpostError(Code.E300, path=path, problem="its intents are not written as '- intent: NAME'")


def normalised(text: str) -> str:
    """Return a text without what does not make it another example: case, punctuation, spacing.

    Args:
        text: Any text.

    Returns:
        Its letters a-z and digits in lower case, single-spaced; for a text with none of these, the text itself.
    """
    return _NOT_LETTERS.sub(" ", text.lower()).strip() or text.strip()


def check_examples(
    examples: Sequence[Example], intents: Sequence[str], kept_apart: Iterable[str] = ()
) -> list[SignpostError]:
    """Find what is wrong with the examples.

    Args:
        examples: All examples.
        intents: The intents of the domain.
        kept_apart: Messages that are only for measuring.

    Returns:
        E301 for an example that stands twice, E302 for an intent with too few, E304 for an example that is only for
        measuring, E305 for an intent that the domain does not know.
    """
    return [
        *_repeated(examples),
        *_leaked(examples, {normalised(text) for text in kept_apart}),
        *_too_few(examples),
        *(
            SignpostError(Code.E305, intent=intent)
            for intent in dict.fromkeys(example.intent for example in examples)
            if intent not in intents
        ),
    ]


def _repeated(examples: Sequence[Example]) -> Iterator[SignpostError]:
    seen: dict[str, Example] = {}
    for example in examples:
        first = seen.setdefault(normalised(example.text), example)
        if first is not example:
            yield SignpostError(
                Code.E301, first=first.intent, second=example.intent, path=example.path, line=example.line
            )


def _leaked(examples: Sequence[Example], kept_apart: set[str]) -> Iterator[SignpostError]:
    for example in examples:
        text = normalised(example.text)
        if len(text) > KEPT_APART_FROM and text in kept_apart:
            yield SignpostError(Code.E304, path=example.path, line=example.line)


def _too_few(examples: Sequence[Example]) -> Iterator[SignpostError]:
    counts = Counter(example.intent for example in examples)
    paths = {example.intent: example.path for example in examples}
    for intent, count in counts.items():
        needed = LEAST_SAFETY if intent in SAFETY else LEAST_ANSWER if intent.startswith("ask_") else 1
        if count < needed:
            yield SignpostError(Code.E302, intent=intent, count=count, needed=needed, path=paths[intent])
