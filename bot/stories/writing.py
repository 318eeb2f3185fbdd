"""Writes stories as YAML in the form that testers write them. Read again, they are the same stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from bot.stories.story import ANY, SHAPES, Key, Step, Story


class _Quoted(str):
    """A text that always stands in quotes, so that nothing in it can be taken for YAML."""


class _Flow(list[Any]):
    """A list that stands on one line, in brackets."""


class _Dumper(yaml.SafeDumper):
    """Writes one key a step, texts in quotes and lists of ids in brackets."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out, also what stands twice (see parent class for full docstring)."""
        return True


_Dumper.add_representer(_Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))
_Dumper.add_representer(
    _Flow, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)
)


def write(stories: Sequence[Story], *, about: Sequence[str] = ()) -> str:
    """Write stories.

    Args:
        stories: The stories.
        about: Lines of a comment at the top.

    Returns:
        The content of a file.
    """
    cases = [{"test_case": story.name, "steps": [_step(step) for step in story.steps]} for story in stories]
    comment = "".join(f"# {line}\n" for line in about)
    data = {"test_cases": cases}
    return comment + yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)


def _step(step: Step) -> dict[str, Any]:
    return {step.key.value: _value(step)}


def _value(step: Step) -> Any:
    shape = SHAPES[step.key]
    if shape == "slots":
        return [slot.name if slot.value == ANY else {slot.name: slot.value} for slot in step.slots]
    if shape == "ids":
        return _Flow(step.ids)
    if shape == "texts":
        texts = [_Quoted(text) for text in step.ids]
        return texts[0] if len(texts) == 1 else texts
    return _Quoted(step.value) if shape == "text" else step.value


def steps_of(*pairs: tuple[Key, str | Sequence[str]]) -> tuple[Step, ...]:
    """Make steps.

    Args:
        *pairs: Key and value, or values, of each step.

    Returns:
        The steps.
    """
    return tuple(Step(key, (value,) if isinstance(value, str) else tuple(value)) for key, value in pairs)
