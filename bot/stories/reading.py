"""Reads stories from YAML, with the line of everything, and finds all that is wrong at once.

Every text is taken as it is written, never as a number, a date or a yes: `user: no` says "no".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import Code, SignpostError
from bot.places import Place
from bot.stories.story import ANY, SHAPES, Key, Scalar, Slot, Step, Story
from bot.stories.vocabulary import Vocabulary, hint

CASES, CASE, STEPS = "test_cases", "test_case", "steps"
_MAY_BE_EMPTY = (Key.CHOICES,)


@dataclass(frozen=True)
class Read:
    """What was read.

    Attributes:
        stories: The stories that are right, in the order of files and lines.
        problems: All that is wrong, in the same order.
    """

    stories: tuple[Story, ...]
    problems: tuple[SignpostError, ...]


def story_files(paths: Sequence[Path]) -> list[Path]:
    """Find the files that stories stand in.

    Args:
        paths: Files, and folders to look through.

    Returns:
        The files, each once.

    Raises:
        SignpostError: E714, there is none at one of the paths.
    """
    found: dict[Path, None] = {}
    for path in paths:
        files = [path] if path.is_file() else sorted([*path.rglob("*.yml"), *path.rglob("*.yaml")])
        if not files:
            raise SignpostError(Code.E714, path=path)
        found.update(dict.fromkeys(files))
    return list(found)


def read_stories(files: Sequence[Path], vocabulary: Vocabulary) -> Read:
    """Read all stories of some files.

    Args:
        files: The files.
        vocabulary: The ids that may be named.

    Returns:
        The stories and everything that is wrong with them.
    """
    stories: list[Story] = []
    problems: list[SignpostError] = []
    names: dict[str, Place] = {}
    for path in files:
        reader = _Reader(path, vocabulary, names)
        stories += reader.stories()
        problems += reader.problems()
    return Read(tuple(stories), tuple(problems))


class _Reader:
    """Reads one file. What is wrong is noted, and the reading goes on."""

    def __init__(self, path: Path, vocabulary: Vocabulary, names: dict[str, Place]) -> None:
        self._path = path
        self._vocabulary = vocabulary
        self._names = names  # of the stories that were read before, in whichever file
        self._shapes: dict[str, Callable[[Key, yaml.Node], tuple[Any, ...]]] = {
            "text": self._text,
            "texts": self._texts,
            "id": self._id,
            "ids": self._ids,
            "slots": self._slots,
        }
        self._problems: list[tuple[int, SignpostError]] = []

    def problems(self) -> list[SignpostError]:
        return [error for _, error in sorted(self._problems, key=lambda found: found[0])]

    def stories(self) -> Iterator[Story]:
        root = self._root()
        for key, value in self._mapping(root, "the file", (CASES,)) if root else ():
            if key.value == CASES:
                for item in self._items(value, f"{CASES} holds a list of stories"):
                    before = len(self._problems)
                    story = self._story(item)
                    if story and len(self._problems) == before:
                        yield story

    def _root(self) -> yaml.Node | None:
        try:
            text = self._path.read_bytes().decode("utf-8")
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (OSError, UnicodeDecodeError) as error:
            self._wrong(None, f"it cannot be read ({type(error).__name__})")
            return None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self._wrong(line, f"this is not YAML: {error.problem}. A text with a colon or quotes needs quotes")
            return None
        except yaml.YAMLError:
            self._wrong(None, "it holds a character that YAML does not allow")
            return None
        except RecursionError:
            self._wrong(None, "it is nested too deeply")
            return None
        if root is None:
            self._wrong(None, f"it is empty; it begins with `{CASES}:`")
        return root

    def _story(self, node: yaml.Node) -> Story | None:
        name, steps, line = "", None, _line(node)
        for key, value in self._mapping(node, "a story", (CASE, STEPS)):
            if key.value == CASE:
                name, line = self._scalar(value, f"{CASE} is the story's name, a sentence").strip(), _line(key)
            elif key.value == STEPS:
                steps = [self._step(item) for item in self._items(value, f"{STEPS} holds a list of steps")]
        if not isinstance(node, yaml.MappingNode):
            return None
        if not name:
            self._wrong(node, f"a story without a name; write `{CASE}:` and a sentence")
        elif name in self._names:
            places = {"first": self._names[name], "second": Place(self._path, line)}
            self._problems.append((line, SignpostError(Code.E713, name=name, **places)))
        self._names.setdefault(name, Place(self._path, line))
        if not steps:
            self._wrong(node, f"a story without steps; write `{STEPS}:` and the steps below it")
            return None
        read = tuple(step for step in steps if step)
        if len(read) == len(steps):  # otherwise the step that is missing may be the one that makes sense of the rest
            self._sense(node, read)
        return Story(name, read, self._path, line)

    def _sense(self, node: yaml.Node, steps: tuple[Step, ...]) -> None:
        """A story that does or checks nothing would pass for ever."""
        if steps and not any(not step.key.is_act and step.key is not Key.ENGINE for step in steps):
            self._wrong(node, "a story that checks nothing; say what must hold, such as `route: answer`")
        directed = 0
        for step in steps:
            if step.key is Key.ENGINE:
                directed = step.line
            elif step.key.is_act:
                directed = 0
            elif directed:
                self._wrong(step.line, "`engine:` stands just before a `user:` or `choose:` step")
        if steps and steps[-1].key is Key.ENGINE:
            self._wrong(steps[-1].line, "`engine:` stands just before a `user:` or `choose:` step")

    def _step(self, node: yaml.Node) -> Step | None:
        pairs = list(self._mapping(node, "a step", tuple(key.value for key in Key)))
        if not isinstance(node, yaml.MappingNode):
            return None
        if len(node.value) != 1:
            self._wrong(node, f"a step has one key, this one has {len(node.value)}; begin each step with `- `")
            return None
        for name, value in pairs:
            key = Key(name.value)
            values = self._shapes[SHAPES[key]](key, value)
            if values or key in _MAY_BE_EMPTY:
                return Step(key, values, _line(name))
        return None

    def _text(self, key: Key, node: yaml.Node) -> tuple[str, ...]:
        if not isinstance(node, yaml.ScalarNode):
            self._wrong(node, f"`{key.value}:` takes one text; put it in quotes")
            return ()
        if _is_nothing(node):
            self._wrong(node, f'`{key.value}:` has no text; an empty message is written ""')
            return ()
        if any("\ud800" <= char <= "\udfff" for char in node.value):
            self._wrong(node, f"`{key.value}:` holds half a character (\\ud800 to \\udfff)")
            return ()
        return (str(node.value),)

    def _texts(self, key: Key, node: yaml.Node) -> tuple[str, ...]:
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not nodes:
            self._wrong(node, f"`{key.value}:` has an empty list")
        texts = tuple(text for item in nodes for text in self._text(key, item))
        if not all(text.strip() for text in texts):
            self._wrong(node, f"`{key.value}:` has a blank text, which everything holds")
            return ()
        return texts

    def _id(self, key: Key, node: yaml.Node) -> tuple[str, ...]:
        if not isinstance(node, yaml.ScalarNode) or _is_nothing(node):
            self._wrong(node, f"`{key.value}:` takes one id")
            return ()
        id_ = str(node.value)
        known = self._vocabulary.ids(key)
        if id_ not in known:
            self._unknown(node, f"the {_what(key)} {id_}", id_, known)
        return (id_,)

    def _ids(self, key: Key, node: yaml.Node) -> tuple[str, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self._wrong(node, f"`{key.value}:` takes a list of ids in brackets, such as [one, two]")
            return ()
        if not node.value and key not in _MAY_BE_EMPTY:
            self._wrong(node, f"`{key.value}:` has an empty list; a reply is never empty")
        return tuple(id_ for item in node.value for id_ in self._id(key, item))

    def _slots(self, key: Key, node: yaml.Node) -> tuple[Slot, ...]:
        slots = []
        for item in self._items(node, f"`{key.value}:` takes a list of slots, each `- name` or `- name: value`"):
            pairs = item.value if isinstance(item, yaml.MappingNode) else [(item, None)]
            for name, value in pairs:
                (id_,) = self._id(key, name) or ("",)
                slots.append(Slot(id_, ANY if value is None else self._value(value)))
        return tuple(slots)

    def _value(self, node: yaml.Node) -> Scalar:
        try:
            value = yaml.SafeLoader("").construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):
            value = node
        if value is None or isinstance(value, str | int | float):
            return value
        self._wrong(node, "a slot's value is a text, a number, true, false or null")
        return None

    def _mapping(
        self, node: yaml.Node, what: str, keys: tuple[str, ...]
    ) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self._wrong(node, f"{what} has keys, such as `{keys[0]}:`")
            return
        seen: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            if name not in keys:
                self._unknown(key, f"the key {name}, and {what} has none of that name", name, keys)
            elif name in seen:
                self._wrong(key, f"the key {name} stands twice")
            else:
                seen.add(name)
                yield key, value

    def _items(self, node: yaml.Node, form: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self._wrong(node, f"{form}, each beginning with `- `" if "`- " not in form else form)
            return []
        return list(node.value)

    def _scalar(self, node: yaml.Node, form: str) -> str:
        if not isinstance(node, yaml.ScalarNode) or _is_nothing(node):
            self._wrong(node, form)
            return ""
        return str(node.value)

    def _unknown(self, node: yaml.Node, what: str, id_: str, known: Sequence[str]) -> None:
        place = Place(self._path, _line(node))
        self._problems.append((place.line, SignpostError(Code.E712, place=place, what=what, hint=hint(id_, known))))

    def _wrong(self, where: yaml.Node | int | None, problem: str) -> None:
        line = _line(where) if isinstance(where, yaml.Node) else where or 1
        self._problems.append((line, SignpostError(Code.E711, place=Place(self._path, line), problem=problem)))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _is_nothing(node: yaml.ScalarNode) -> bool:
    return node.value == "" and node.style is None


def _what(key: Key) -> str:
    names = {
        Key.UTTER: "reply",
        Key.BLOCKS: "block",
        Key.CHOICES: "choice",
        Key.CHOOSE: "choice",
        Key.CASE: "level of a case",
        Key.ENGINE: "state of the engine",
        Key.SLOT_WAS_SET: "slot",
        Key.SLOT_WAS_NOT_SET: "slot",
    }
    return names.get(key, key.value)
