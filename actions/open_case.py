"""The action that makes sure that a person will look at a message. It runs after the words have been said."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Action

from bot.decision import Decision
from bot.errors import Code, SignpostError
from bot.settings import Settings
from bot.triage.service import Triage

DEADLINE_SECONDS = 1.0
"""How long Rasa waits for the database here. It must leave most of the gateway's 3 seconds to the dialogue engine:
where this gives up, the gateway opens the case itself."""

_log = logging.getLogger(__name__)


class ActionOpenCase(Action):
    """Opens a case for the latest message, or raises the open one, where the message's route calls for that.

    The gateway does the same again afterwards, so a failure here loses nothing and is only logged, by its code.
    """

    def __init__(self, triage: Triage | None = None, *, deadline_seconds: float = DEADLINE_SECONDS) -> None:
        """Make the action; the action server makes it without arguments.

        Args:
            triage: Where cases are kept; by default the database of the settings.
            deadline_seconds: How long the database may take.

        Raises:
            SignpostError: E001, a setting is not valid.
        """
        self._triage = triage or Triage.connect(Settings.load().database_url)
        self._deadline = deadline_seconds

    def name(self) -> str:
        """Return the name that domain.yml knows (see parent class for full docstring)."""
        return "action_open_case"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        """Open the case (see parent class for full docstring).

        Args:
            dispatcher: Not used: nothing is said here.
            tracker: The conversation. Its sender id is the conversation's id.
            domain: Not used.

        Returns:
            No events, whatever happens.
        """
        message = tracker.latest_message
        message_id = (message.get("metadata") or {}).get("message_id") or message.get("message_id")
        try:
            decision = Decision.from_dict(message["decision"])
        except (KeyError, TypeError, ValueError):
            return _note(Code.E605)  # as in `rasa shell` with a pipeline that decides nothing
        if not isinstance(message_id, str):
            return _note(Code.E605)
        opening = asyncio.to_thread(
            self._triage.open_case,
            tracker.sender_id,
            message_id=message_id,
            route=decision.route,
            reasons=decision.reasons,
            now=datetime.now(timezone.utc),
        )
        try:
            await asyncio.wait_for(opening, self._deadline)
        except asyncio.TimeoutError:
            return _note(Code.E600)
        except SignpostError as error:
            return _note(error.code)
        return []


def _note(code: Code) -> list[dict[str, Any]]:
    # Only the code: message and traceback might hold what the visitor wrote.
    _log.warning("[%s] No case was opened by the action.", code.name)
    return []
