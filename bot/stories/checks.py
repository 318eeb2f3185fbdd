"""Whether a reply is what a story says: each check passes, fails, or cannot be made from where one stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from bot.blocks.script import DECIDED, TOPIC
from bot.stories.said import Inside, Said
from bot.stories.story import ANY, Key, Step
from bot.stories.vocabulary import Vocabulary


class State(str, Enum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    UNSEEN = "not checked"


@dataclass(frozen=True)
class Finding:
    """What came of one check.

    Attributes:
        step: The check.
        state: What came of it.
        expected: The words that should have been said, for the left side of a comparison.
        said: The words that were said, for the right side.
    """

    step: Step
    state: State
    expected: str = ""
    said: str = ""


def check_reply(checks: Sequence[Step], said: Said, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """Check a reply.

    Args:
        checks: What must hold.
        said: The reply.
        vocabulary: The words behind ids.

    Returns:
        A finding for each check, in their order.
    """
    return tuple(_Checker(said, vocabulary).findings(checks))


class _Checker:
    """Checks one reply. Blocks and texts that a story names one after the other must have been said in that order."""

    def __init__(self, said: Said, vocabulary: Vocabulary) -> None:
        self._said = said
        self._words = vocabulary
        self._at = {Key.BLOCK: 0, Key.BOT: 0}
        self._checks = {
            Key.ROUTE: self._route,
            Key.UTTER: self._utter,
            Key.BLOCK: self._block,
            Key.BLOCKS: self._blocks,
            Key.BOT: self._bot,
            Key.CHOICES: self._choices,
            Key.MUST_NOT_SAY: self._must_not_say,
        }
        self._from_inside = {
            Key.CASE: self._case,
            Key.SLOT_WAS_SET: self._slots,
            Key.SLOT_WAS_NOT_SET: self._no_slots,
        }

    def findings(self, checks: Sequence[Step]) -> Iterator[Finding]:
        for step in checks:
            if step.key in self._checks:
                yield self._checks[step.key](step)
            elif self._said.inside is None:
                yield Finding(step, State.UNSEEN)
            else:
                yield self._from_inside[step.key](step, self._said.inside)

    def _route(self, step: Step) -> Finding:
        return _compare(step, step.value, self._said.route)

    def _utter(self, step: Step) -> Finding:
        if step.value in self._said.utters:
            return Finding(step, State.PASSED)
        line = self._words.script[step.value]
        blocks = [block for block in line.blocks if block != TOPIC]
        choices = [choice for choice in line.choices if choice != DECIDED]
        expected = f"{step.value}\n\n{self._words_of(blocks)}{self._offer(choices)}"
        name = " or ".join(self._said.utters) or "(no reply of domain.yml)"
        return Finding(step, State.FAILED, expected, f"{name}\n\n{self._all()}{self._offer(self._said.choices)}")

    def _block(self, step: Step) -> Finding:
        rest = self._said.blocks[self._at[Key.BLOCK] :]
        if step.value in rest:
            self._at[Key.BLOCK] += rest.index(step.value) + 1
            return Finding(step, State.PASSED)
        return Finding(step, State.FAILED, self._words_of((step.value,)), self._all())

    def _blocks(self, step: Step) -> Finding:
        state = State.PASSED if step.ids == self._said.blocks else State.FAILED
        return Finding(step, state, self._words_of(step.ids), self._all())

    def _bot(self, step: Step) -> Finding:
        texts = [message.text for message in self._said.messages]
        start = self._at[Key.BOT]
        if step.value in texts[start:]:
            self._at[Key.BOT] = texts.index(step.value, start) + 1
            return Finding(step, State.PASSED)
        return Finding(step, State.FAILED, step.value, _likest(step.value, texts))

    def _choices(self, step: Step) -> Finding:
        state = State.PASSED if step.ids == self._said.choices else State.FAILED
        return Finding(step, state, self._titles(step.ids), self._titles(self._said.choices))

    def _must_not_say(self, step: Step) -> Finding:
        words = _plain("\n".join(message.text for message in self._said.messages))
        found = [text for text in step.ids if _plain(text) in words]
        if not found:
            return Finding(step, State.PASSED)
        return Finding(step, State.FAILED, "\n".join(f"nothing with: {text}" for text in found), self._all())

    def _case(self, step: Step, inside: Inside) -> Finding:
        return _compare(step, step.value, inside.case)

    def _slots(self, step: Step, inside: Inside) -> Finding:
        wrong = [
            slot
            for slot in step.slots
            if (value := inside.slots.get(slot.name)) is None
            or (slot.value != ANY and (value, type(value)) != (slot.value, type(slot.value)))
        ]
        expected = "\n".join(f"{slot.name}: {slot.value}" for slot in wrong)
        return self._of_slots(step, expected, [slot.name for slot in wrong], inside)

    def _no_slots(self, step: Step, inside: Inside) -> Finding:
        wrong = [
            slot.name
            for slot in step.slots
            if (value := inside.slots.get(slot.name)) is not None and slot.value in (ANY, value)
        ]
        return self._of_slots(step, "\n".join(f"{name}: not set" for name in wrong), wrong, inside)

    def _of_slots(self, step: Step, expected: str, wrong: Sequence[str], inside: Inside) -> Finding:
        if not wrong:
            return Finding(step, State.PASSED)
        values = [(name, inside.slots.get(name)) for name in wrong]
        said = "\n".join(f"{name}: {'not set' if value is None else value}" for name, value in values)
        return Finding(step, State.FAILED, expected, said)

    def _all(self) -> str:
        return "\n\n".join(_titled(message.block, message.text) for message in self._said.messages)

    def _words_of(self, blocks: Sequence[str]) -> str:
        return "\n\n".join(_titled(block, self._words.text(block)) for block in blocks)

    def _titles(self, choices: Sequence[str]) -> str:
        return "\n".join(f"{choice}: {self._words.title(choice)}" for choice in choices) or "(no choices)"

    def _offer(self, choices: Sequence[str]) -> str:
        return f"\n\n{self._titles(choices)}" if choices else ""


def _titled(block: str, text: str) -> str:
    return f"-- {block} --\n{text}"


def _compare(step: Step, expected: str, said: str) -> Finding:
    return Finding(step, State.PASSED if expected == said else State.FAILED, expected, said)


def _likest(text: str, texts: Sequence[str]) -> str:
    """The message that comes nearest to a text, by the words that they share."""
    wanted = set(_plain(text).split())

    def nearness(other: str) -> float:
        words = set(_plain(other).split())
        return len(wanted & words) / (len(wanted | words) or 1)

    return max(texts, key=nearness, default="")


def _plain(text: str) -> str:
    """Text for a search that must not miss: in small letters, with plain apostrophes and single spaces."""
    straight = text.casefold().translate(str.maketrans("’‘ʼ“”–—\u2011\u00a0", "'''\"\"--- "))
    return re.sub(r"\s+", " ", straight).strip()
