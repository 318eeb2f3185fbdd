"""The core: one message in, one answer out, whatever fails.

The safety screen reads the visitor's words before the dialogue engine and without it. Of the two the more severe one
wins; the screen can so only ever raise. What the engine names is looked up in our own library and compared by hash.
Where the engine gives nothing that can be said, the screen's words are said, or the helpline's. There is always an
answer. This module knows neither HTTP nor the database; evaluation uses it as it is.
"""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.blocks.block import Block
from bot.blocks.library import Library
from bot.blocks.script import DECIDED, Script
from bot.decision import Decision, DialogueReply, Reason
from bot.gateway.dialogue import DialogueClient, DialogueError
from bot.gateway.turn import CHOICE
from bot.privacy.redact import redact
from bot.routes import Route, most_severe
from bot.safety.screen import Alert

_log = logging.getLogger(__name__)

UNAVAILABLE = "unavailable"
EMPTY = "empty"
GREET = "greet"
_OWN_INTENTS = (UNAVAILABLE, EMPTY, GREET, "crisis_self", "crisis_other", "emergency", "distress")
"""Intents whose words the gateway may have to say by itself."""

_SLASHES = "/\u2044\u2215\u29f8\uff0f"
"""The slash, and the signs that normalisation may turn into one."""


class SafetyScreen(Protocol):
    """Whatever reads a message for a crisis, an emergency or distress; `bot.safety.screen.Screen` does."""

    def check(self, text: str) -> tuple[Alert, ...]:
        """Return what fired, the most severe first."""
        ...


@dataclass(frozen=True)
class Answer:
    """What is said to one message, and what is kept of the message.

    Attributes:
        decision: What it was taken to ask, and why.
        blocks: What is said, in order; never empty.
        choices: Ids of what is offered; each has a title.
        text: The message, redacted; None for a choice.
        choice: The choice that was made; None for text.
        failure: What kept the dialogue engine's reply from being said, or None.
    """

    decision: Decision
    blocks: tuple[Block, ...]
    choices: tuple[str, ...]
    text: str | None = field(default=None, repr=False)
    choice: str | None = None
    failure: str | None = None

    @property
    def route(self) -> Route:
        """Where the message goes."""
        return self.decision.route


class Answerer:
    """Answers messages."""

    def __init__(
        self,
        library: Library,
        script: Script,
        screen: SafetyScreen,
        dialogue: DialogueClient,
        *,
        seconds: float = 3.0,
        strict: bool = False,
    ) -> None:
        """Make an answerer.

        Args:
            library: The approved text.
            script: Which blocks each reply says.
            screen: The safety screen.
            dialogue: The dialogue engine.
            seconds: How long the engine may take for one message (Settings.deadline_seconds).
            strict: Whether a choice without a title is an error; otherwise it is left out and logged.

        Raises:
            SignpostError: E102 or E404, words that the gateway must be able to say by itself are missing.
        """
        self.library = library
        self._script = script
        self._screen = screen
        self._dialogue = dialogue
        self._seconds = seconds
        self._strict = strict
        for intent in _OWN_INTENTS:
            self._said(intent)

    async def answer(
        self,
        conversation: str,
        message_id: str,
        *,
        text: str | None = None,
        choice: str | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """Answer one message.

        Args:
            conversation: Id of the conversation.
            message_id: Id of the message.
            text: What the visitor wrote, as it was written; or
            choice: the id of a choice that was offered.
            seconds: How long the dialogue engine may take, where that is less than usual.

        Returns:
            The answer. There always is one.
        """
        alert = self._alert(text)
        kept = None if text is None else _redacted(text)
        try:
            if text is not None and not words_of(text):
                answer = self._said(EMPTY, Reason("gateway", "blank"))
            elif text is not None and kept is None:
                raise DialogueError("redaction")
            else:
                limit = self._seconds if seconds is None else min(seconds, self._seconds)
                plain = None if kept is None else words_of(kept)
                answer = self._checked(await self._ask(conversation, message_id, plain, choice, limit))
        except DialogueError as error:
            _log.warning("%s", error)  # without the ids: no log is to hold a trace of a chat that is deleted later
            answer = self._said(UNAVAILABLE, Reason("gateway", error.check), failure=error.check)
        said = answer if alert is None else self._raised(answer, alert)
        return replace(said, text=kept, choice=choice)

    def without_dialogue(self, text: str | None = None) -> Answer:
        """Answer as far as the screen alone can: its words where it fires, otherwise the helpline's.

        Args:
            text: What the visitor wrote, where that is known.

        Returns:
            The answer; it holds the text, redacted, only where the screen fired.
        """
        answer = self._said(UNAVAILABLE, Reason("gateway", "refused"), failure="refused")
        alert = self._alert(text)
        if alert is None or text is None:
            return answer
        return replace(self._raised(answer, alert), text=_redacted(text))

    def greeting(self) -> Answer:
        """Return what is said before the visitor has written anything."""
        return self._said(GREET, Reason("gateway", "start"))

    def _alert(self, text: str | None) -> Alert | None:
        if text is None:
            return None
        try:
            return next(iter(self._screen.check(text)), None)
        except Exception as error:  # noqa: BLE001 - the engine's own screen still reads the message
            _log.error("The safety screen failed: %s.", type(error).__name__)
            return None

    async def _ask(
        self, conversation: str, message_id: str, text: str | None, choice: str | None, seconds: float
    ) -> DialogueReply:
        try:
            question = self._dialogue.ask(conversation, message_id, text=text, choice=choice)
            return await asyncio.wait_for(question, seconds)
        except DialogueError:
            raise
        except asyncio.TimeoutError:
            raise DialogueError("timeout") from None
        except Exception as error:  # noqa: BLE001 - whatever it is, the visitor still gets an answer
            raise DialogueError(type(error).__name__) from None

    def _checked(self, reply: DialogueReply) -> Answer:
        """Look up what the engine said; only what is approved, to the byte, is passed on."""
        decision = reply.decision
        fault = self._fault(reply)
        if fault is None:
            blocks = tuple(self.library[spoken.id] for spoken in reply.blocks)
            return Answer(decision, blocks, self._offered(reply.choices))
        if not decision.route.is_safety:
            raise DialogueError(fault)
        _log.warning("The dialogue engine decided %s without the right words: %s.", decision.route.value, fault)
        return self._said(_safety_intent(decision), *decision.reasons, Reason("gateway", fault), failure=fault)

    def _fault(self, reply: DialogueReply) -> str | None:
        if not reply.blocks:
            return "empty"
        if any(spoken.id not in self.library for spoken in reply.blocks):
            return "unknown_block"
        if any(self.library[spoken.id].sha256 != spoken.sha256 for spoken in reply.blocks):
            return "wrong_hash"
        if reply.decision.route in (Route.CRISIS, Route.EMERGENCY):
            needed = self._script.for_intent(_safety_intent(reply.decision)).blocks
            if not {spoken.id for spoken in reply.blocks}.issuperset(needed):
                return "wrong_words"
        return None

    def _raised(self, answer: Answer, alert: Alert) -> Answer:
        """Say the screen's words where they outrank the answer; a topic that was asked about is then offered."""
        before = answer.decision
        if most_severe(before.route, alert.route) is before.route:
            return answer
        asked = (before.topic or before.intent,) if before.route is Route.ANSWER else before.choices
        reasons = (Reason("screen", alert.rule), *before.reasons)
        return self._said(alert.intent, *reasons, offered=asked, failure=answer.failure)

    def _said(self, intent: str, *reasons: Reason, offered: Sequence[str] = (), failure: str | None = None) -> Answer:
        """Take the words of the script."""
        line = self._script.for_intent(intent)
        blocks = tuple(self.library.get(id_, where=line.utter) for id_ in line.blocks)
        ids = [id_ for choice in line.choices for id_ in (offered if choice == DECIDED else (choice,))]
        choices = self._offered([id_ for id_ in ids if CHOICE + id_ in self.library or id_ in line.choices])
        return Answer(Decision(intent, line.route, reasons), blocks, choices, failure=failure)

    def _offered(self, choices: Sequence[str]) -> tuple[str, ...]:
        """Drop duplicates and, unless that is an error, what has no title."""
        unique = tuple(dict.fromkeys(choices))
        if self._strict:
            for choice in unique:
                self.library.get(CHOICE + choice, where="a reply's choices")
        titled = tuple(choice for choice in unique if CHOICE + choice in self.library)
        if titled != unique:
            _log.error("%d choices have no title and are left out.", len(unique) - len(titled))
        return titled


def words_of(text: str) -> str:
    """Return a message as it goes to the dialogue engine: never beginning with a slash, so never taken for a command.

    Args:
        text: A message.

    Returns:
        The message without slashes, spaces and invisible signs at its start; empty where nothing can be read.
    """
    start = next((at for at, char in enumerate(text) if not _is_skipped(char)), len(text))
    return text[start:].rstrip()


def _is_skipped(char: str) -> bool:
    return char in _SLASHES or char.isspace() or unicodedata.category(char) in ("Cc", "Cf")


def _safety_intent(decision: Decision) -> str:
    """Return the intent whose words a safety decision needs."""
    if decision.route is Route.CRISIS:
        return "crisis_other" if decision.intent == "crisis_other" else "crisis_self"
    return str(decision.route.value)


def _redacted(text: str) -> str | None:
    """Take personal data out; a text for which that fails is not kept and not passed on."""
    try:
        return redact(text).text
    except Exception as error:  # noqa: BLE001 - the visitor still gets an answer
        _log.error("Redaction failed: %s.", type(error).__name__)
        return None
