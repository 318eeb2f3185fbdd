"""Coverage: what no story reaches. A story reaches something only where it checks the reply and all of it passes.

Blocks that no reply names and no choice is titled with are left out: labels of the page and the widget. Stories talk
to the chat and never see them; tests/gateway looks at them in the pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.blocks.library import read_mapping
from bot.blocks.script import TOPIC
from bot.gateway.turn import CHOICE
from bot.settings import ROOT, Settings
from bot.stories.playing import Played, Result
from bot.stories.vocabulary import Vocabulary

RULES = ROOT / "data" / "stories" / "rules.yml"
NEEDED = ("blocks", "rules")
"""What has to be reached in full where that is asked for."""


OF_GATEWAY = ("empty",)
"""The gateway answers a message without words by itself, with the reply of the rule. No message reaches that rule;
it is for Rasa's own shell, and `rasa test` plays it (tests/rasa)."""


@dataclass(frozen=True)
class Group:
    """Things of one kind.

    Attributes:
        name: What they are, such as "blocks".
        total: How many there are.
        missing: Those that no story reaches, in the order of their files.
    """

    name: str
    total: int
    missing: tuple[str, ...]

    @property
    def reached(self) -> int:
        """How many are reached."""
        return self.total - len(self.missing)


@dataclass(frozen=True)
class Coverage:
    """What stories reach.

    Attributes:
        groups: By kind: blocks, titles, intents, rules, actions.
        left_out: How many blocks only pages say.
    """

    groups: tuple[Group, ...]
    left_out: int

    @property
    def full(self) -> bool:
        """Whether all blocks and rules are reached."""
        return not any(group.missing for group in self.groups if group.name in NEEDED)


def measure(results: Sequence[Result], vocabulary: Vocabulary, settings: Settings) -> Coverage:
    """Find out what stories reach.

    Args:
        results: The stories as they were played in process.
        vocabulary: The approved text and the script.
        settings: The settings, for the domain.

    Returns:
        The coverage.

    Raises:
        SignpostError: E100, the domain or the rules cannot be read.
    """
    exchanges = [played for result in results if not result.failed for played in result.played]
    seen = _Seen(tuple(played for played in exchanges if played.exchange.checks))
    script = vocabulary.script
    blocks = dict.fromkeys(block for line in script for block in line.blocks if block != TOPIC)
    titles = [block.id for block in vocabulary.library if block.id.startswith(CHOICE)]
    rules = read_rules()
    actions = [line.utter for line in script] + [str(name) for name in read_mapping(settings.domain_file)["actions"]]
    fired = set(seen.fired())
    groups = (
        _group("blocks", list(blocks), set(seen.blocks())),
        _group("titles", titles, set(seen.titles())),
        _group("intents", script.intents, set(seen.intents())),
        _group("rules", list(rules), {title for title, steps in rules.items() if steps in fired}),
        _group("actions", actions, set(seen.actions())),
    )
    return Coverage(groups, len(vocabulary.library) - len(blocks) - len(titles))


def read_rules() -> dict[str, tuple[str, ...]]:
    """Read the rules.

    Returns:
        The intent and the actions of each rule, by its title.

    Raises:
        SignpostError: E100, the file cannot be read.
    """
    rules = read_mapping(RULES)["rules"]
    return {
        str(rule["rule"]): tuple(str(step.get("intent") or step["action"]) for step in rule["steps"]) for rule in rules
    }


def lines(coverage: Coverage) -> Iterator[str]:
    """Write coverage as text.

    Args:
        coverage: The coverage.

    Yields:
        Lines.
    """
    yield ""
    yield "What the stories reach:"
    for group in coverage.groups:
        yield f"  {group.name:8} {group.reached:3} of {group.total:3}"
        yield from (f"           not reached: {name}" for name in group.missing)
    yield f"  {coverage.left_out} blocks that only pages say are not counted."


class _Seen:
    """What happened in some exchanges."""

    def __init__(self, exchanges: Sequence[Played]) -> None:
        self._said = [played.said for played in exchanges if played.said and played.said.inside]

    def blocks(self) -> Iterator[str]:
        for said in self._said:
            yield from said.blocks

    def titles(self) -> Iterator[str]:
        for said in self._said:
            yield from (CHOICE + choice for choice in said.choices)

    def intents(self) -> Iterator[str]:
        for said in self._said:
            if said.inside:
                yield said.inside.intent

    def fired(self) -> Iterator[tuple[str, ...]]:
        for said in self._said:
            if said.inside and said.inside.intent in OF_GATEWAY:
                yield (said.inside.intent, *said.utters)
            elif said.inside:
                yield said.inside.fired

    def actions(self) -> Iterator[str]:
        for said in self._said:
            yield from said.utters
            yield from said.inside.fired[1:] if said.inside else ()


def _group(name: str, all_: Sequence[str], reached: set[str]) -> Group:
    return Group(name, len(all_), tuple(one for one in all_ if one not in reached))
