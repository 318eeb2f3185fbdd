"""Proof at start that what is configured was truly loaded.

Rasa carries on with less when a part cannot be loaded: a mistyped tracker store becomes an in-memory one, a broken
classifier becomes an untrained one (see docs/rasa-notes.md). Here each part is looked at, and a wrong one ends the
start.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.agent import Agent

from bot.blocks.library import Library
from bot.blocks.script import DECIDED, TOPIC, Script
from bot.dialogue.nlg import VerbatimNLG
from bot.dialogue.tracker_store import ConversationStore
from bot.errors import Code, SignpostError
from bot.nlu.intent_classifier import BlendedIntentClassifier
from bot.nlu.router import Router
from bot.nlu.safety_net import SafetyNet
from bot.nlu.sentence_encoder import SentenceEncoder
from bot.run.fingerprint import expected_fingerprint, trained_fingerprint
from bot.settings import Settings

EXIT_STATUS = 78
"""Exit status of a process whose self-check failed: EX_CONFIG of sysexits.h."""

OWN_ADDRESSES = ("", "webhooks/signpost/")
"""Addresses that may be served: Rasa's greeting at the root, and our channel."""

PIPELINE = (SentenceEncoder, BlendedIntentClassifier, SafetyNet, Router)


def check(agent: Agent | None, settings: Settings) -> str:
    """Check a loaded agent.

    Args:
        agent: Rasa's agent, or None where no model was loaded.
        settings: The settings it runs with.

    Returns:
        The fingerprint of the data and code that the model was trained from.

    Raises:
        SignpostError: E401, a part is not the one that is configured; E402, the model is stale; E403, there is no
            model; E102, a reply names a block that does not exist.
    """
    if agent is None or agent.processor is None:
        raise SignpostError(Code.E403, path=settings.model_file)
    _check_part(agent.nlg, VerbatimNLG, "nlg", "endpoints.yml")
    _check_part(_innermost(agent.tracker_store), ConversationStore, "tracker_store", "endpoints.yml")
    _check_pipeline(agent)
    _check_blocks(settings, agent.nlg)
    return _check_model(settings)


def check_addresses(paths: Iterable[str]) -> None:
    """Check that our channel is the only way in.

    Rasa's own channels let the caller choose any conversation, and its HTTP API reads and deletes them.

    Args:
        paths: Addresses that the server answers at, without the slash at the start.

    Raises:
        SignpostError: E401, there is another way in.
    """
    root, channel = OWN_ADDRESSES
    for path in paths:
        if path != root and not path.startswith(channel):
            where = "credentials.yml, and that Rasa runs without --enable-api"
            raise SignpostError(
                Code.E401, found=f"/{path}", expected=f"/{channel}", part="the only way in", where=where
            )


def _innermost(store: Any) -> Any:
    """Rasa wraps every store in one that fails over to memory; the real one is inside."""
    return getattr(store, "_tracker_store", store)


def _check_part(found: Any, expected: type, part: str, where: str) -> None:
    if type(found) is not expected:
        raise SignpostError(Code.E401, found=type(found).__name__, expected=expected.__name__, part=part, where=where)


def _check_pipeline(agent: Agent) -> None:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()  # Rasa has no public way to list them.
    components = [node._component for node in nodes]
    for expected in PIPELINE:
        found = [component for component in components if type(component) is expected]
        if len(found) != 1:
            raise SignpostError(
                Code.E401,
                found=f"{len(found)} parts",
                expected=f"one {expected.__name__}",
                part="a part of the pipeline",
                where="config.yml",
            )
        if isinstance(found[0], BlendedIntentClassifier) and not found[0].is_trained:
            raise SignpostError(
                Code.E401,
                found="an untrained part",
                expected=f"a trained {expected.__name__}",
                part="a part of the pipeline",
                where="config.yml",
            )


def _check_blocks(settings: Settings, nlg: VerbatimNLG) -> None:
    library, script = Library.load(settings.approved_dir), Script.load(settings.domain_file)
    if _hashes(nlg.library) != _hashes(library) or list(nlg.script) != list(script):
        raise SignpostError(
            Code.E401,
            found=f"{len(nlg.library)} blocks and {len(nlg.script)} replies that are not the same",
            expected=f"{len(library)} blocks and {len(script)} replies",
            part="approved text",
            where="data/approved",
        )
    for line in script:
        for id_ in line.blocks:
            if id_ != TOPIC:
                library.get(id_, where=line.utter)
        for choice in line.choices:
            if choice != DECIDED:
                library.get(f"choice.{choice}", where=line.utter)


def _hashes(library: Library) -> dict[str, str]:
    return {block.id: block.sha256 for block in library}


def _check_model(settings: Settings) -> str:
    expected, found = expected_fingerprint(), trained_fingerprint(settings.model_file)
    if found != expected:
        raise SignpostError(Code.E402, found=found[:12] or "none", expected=expected[:12])
    return expected
