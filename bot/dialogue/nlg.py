"""Rasa NLG: says approved blocks byte for byte and nothing else.

Rasa's own generator formats responses: a brace raises or vanishes, a slot is filled in, variants are picked at random.
Here a reply is a list of block ids in domain.yml; the words come straight from the library.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.blocks.library import Library
from bot.blocks.script import DECIDED, TOPIC, Line, Script
from bot.decision import Decision, Reason
from bot.nlu.router import DECISION_KEY
from bot.routes import Route
from bot.settings import Settings


class VerbatimNLG(TemplatedNaturalLanguageGenerator):
    """Generates replies from approved blocks.

    The base class is the templated generator only because Rasa refreshes `responses` of that class alone when it loads
    a model; those responses are not used.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Reads blocks and script.

        Args:
            endpoint_config: The `nlg` part of endpoints.yml; it has no options.
            domain: Empty at this time.
        """
        super().__init__(domain.responses)
        settings = Settings.load()
        self.library = Library.load(settings.approved_dir)
        self.script = Script.load(settings.domain_file)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Returns the reply (see parent class for full docstring).

        Args:
            utter_action: Name of the reply.
            tracker: The conversation; its latest message carries the decision.
            output_channel: Not used: every channel gets the same words.
            **kwargs: Not used: nothing is ever filled in.

        Returns:
            `text` (the blocks, for a terminal), and as metadata `blocks`, `choices` and `decision`.
        """
        line = self.script[utter_action]
        decision = decision_of(tracker, line)
        ids = [id_ for name in line.blocks for id_ in self._expand(name, decision)]
        blocks = [self.library.get(id_, where=utter_action) for id_ in ids]
        return {
            "text": "\n\n".join(block.text for block in blocks),
            "blocks": [{"id": block.id, "sha256": block.sha256} for block in blocks],
            "choices": list(dict.fromkeys(self._choices(line, decision))),
            "decision": decision.to_dict(),
        }

    def _expand(self, name: str, decision: Decision) -> tuple[str, ...]:
        """A topic stands for the blocks of its own reply, which name no topic again."""
        return self.script.for_intent(decision.topic or "menu").blocks if name == TOPIC else (name,)

    def _choices(self, line: Line, decision: Decision) -> list[str]:
        choices: list[str] = []
        for choice in line.choices:
            choices += decision.choices if choice == DECIDED else (choice,)
        return choices


def decision_of(tracker: DialogueStateTracker, line: Line) -> Decision:
    """Return the decision on the latest message, as far as it belongs to the reply that is about to be said.

    Args:
        tracker: The conversation.
        line: The reply.

    Returns:
        The decision. Where there is none (an intent typed in the shell), or the rules said something else than was
        decided, one that says so.
    """
    message = tracker.latest_message
    data = message.parse_data.get(DECISION_KEY) if message and message.parse_data else None
    decision = Decision.from_dict(data) if data else None
    if decision and decision.route is line.route:
        return decision
    intent = message.intent_name if message and message.intent_name else "none"
    if line.route is Route.UNAVAILABLE:
        return Decision(intent, line.route, (Reason("rules", "no_rule"),))
    return Decision(intent, line.route, (Reason("rules", line.utter),))
