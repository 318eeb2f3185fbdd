"""Rasa in this process: the trained model, the real rules and words, and the real actions without their server."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.decision import DialogueReply
from bot.gateway.dialogue import DialogueError
from bot.run.environment import service_environment
from bot.settings import Settings
from bot.testing.bots import AgentDialogue, rasa_agent, without_noise

_LISTEN = "action_listen"


class Engine(AgentDialogue):
    """The dialogue engine as the gateway asks it. It can be sent away, as if it had failed.

    Attributes:
        away: Whether it is away.
        reply: Its last reply, or None where it gave none.
    """

    away = False
    reply: DialogueReply | None = None

    async def ask(
        self, conversation: str, message_id: str, *, text: str | None = None, choice: str | None = None
    ) -> DialogueReply:
        """Put one message to the engine (see bot.gateway.dialogue.DialogueClient)."""
        self.reply = None
        if self.away:
            raise DialogueError("unreachable")
        self.reply = await super().ask(conversation, message_id, text=text, choice=choice)
        return self.reply

    async def last_turn(self, conversation: str) -> tuple[tuple[str, ...], Mapping[str, object]]:
        """Look up what the rules did with the latest message.

        Args:
            conversation: Id of the conversation.

        Returns:
            The intent and the actions that followed, and the slots as they are now.
        """
        tracker = await self._agent.tracker_store.retrieve(conversation)
        if tracker is None:
            return (), {}
        fired: list[str] = []
        for event in reversed(tracker.events):
            name = type(event).__name__
            if name == "ActionExecuted" and event.action_name not in (None, _LISTEN):
                fired.append(event.action_name)
            elif name == "UserUttered":
                fired.append(event.intent_name or "none")
                break
        return tuple(reversed(fired)), tracker.current_slot_values()


@contextmanager
def loaded_engine(settings: Settings) -> Iterator[Engine]:
    """Load the trained model and the actions into this process.

    Args:
        settings: The settings. The actions write into their database; conversations are kept in memory.

    Yields:
        The engine.

    Raises:
        SignpostError: E403, there is no model.
    """
    with without_noise(), _environment(service_environment(settings)):
        from rasa.core.actions.action import RemoteAction
        from rasa.utils.endpoints import EndpointConfig
        from rasa_sdk.executor import ActionExecutor

        from bot.dialogue.channel import LoopbackChannel

        class Actions(EndpointConfig):
            """Runs actions where Rasa would call their server."""

            def __init__(self) -> None:
                super().__init__(enable_selective_domain=True)  # as in endpoints.yml
                self._executor = ActionExecutor()
                self._executor.register_package("actions")

            async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
                """Run the action that is called (see parent class for full docstring)."""
                return await self._executor.run(json)

        logging.getLogger("rasa_sdk").setLevel(logging.WARNING)
        agent = rasa_agent(settings, Actions())
    # Rasa proves at each call of an action that its schema of answers is a schema, which takes longer than all the rest
    # of the turn. The answers come from this process, through the SDK that makes them.
    form = RemoteAction.action_response_format_spec
    RemoteAction.action_response_format_spec = staticmethod(dict)
    try:
        yield Engine(agent, LoopbackChannel(settings))
    finally:
        RemoteAction.action_response_format_spec = staticmethod(form)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """What Rasa and the actions read from the environment as they load is that of the stories' own installation."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
