"""The library: all approved blocks, read from data/approved/ with a reader of our own.

Rasa's YAML reader is not used: it expands ${VAR} and decodes escapes in any scalar, which would change approved text.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.blocks.block import Block, Source
from bot.errors import Code, SignpostError

LEAFLETS = "leaflets"
HOUSE = "house"


class Library:
    """Every approved block by its id."""

    def __init__(self, blocks: dict[str, Block], files: dict[str, Path], leaflets: dict[str, str]) -> None:
        """Make a library; `Library.load` is the usual way.

        Args:
            blocks: Blocks by id.
            files: The file that each block stands in, by block id.
            leaflets: The whole approved text of each leaflet, by leaflet id.
        """
        self._blocks = blocks
        self.files = files
        self.leaflets = leaflets

    @classmethod
    def load(cls, folder: Path) -> Library:
        """Read all blocks below a folder.

        `leaflets/NAME.yml` holds a leaflet's front matter and passages and `leaflets/NAME.txt` its whole text;
        `house/*.yml` hold the product's own words as a mapping from id to text.

        Args:
            folder: Usually `data/approved`.

        Returns:
            The library. Blocks are unique by id; whether they are right is for `bot.blocks.check` to say.

        Raises:
            SignpostError: E100, a file is not of the right form; E101, an id stands twice.
        """
        blocks: dict[str, Block] = {}
        files: dict[str, Path] = {}
        leaflets: dict[str, str] = {}

        def add(block: Block, path: Path) -> None:
            if block.id in blocks:
                raise SignpostError(Code.E101, id=block.id, first=files[block.id].name, second=path.name)
            blocks[block.id] = block
            files[block.id] = path

        for path in sorted((folder / LEAFLETS).glob("*.yml")):
            source, passages = _read_leaflet(path)
            if source.id in leaflets:
                raise SignpostError(Code.E100, path=path, problem=f"another leaflet has the id {source.id} already")
            leaflets[source.id] = read_text(path.with_suffix(".txt"))
            for name, text in passages.items():
                add(Block(f"{source.id}.{name}", text, source, source.sign_off), path)
        for path in sorted((folder / HOUSE).glob("*.yml")):
            sign_off, texts = _read_house(path)
            for id_, text in texts.items():
                add(Block(id_, text, None, sign_off), path)
        if not blocks:
            raise SignpostError(Code.E100, path=folder, problem="there is not one block in it")
        return cls(blocks, files, leaflets)

    def __getitem__(self, id_: str) -> Block:
        """Return a block by its id.

        Raises:
            SignpostError: E102, there is no such block.
        """
        return self.get(id_, where="a reply")

    def get(self, id_: str, *, where: str) -> Block:
        """Return a block by its id, and say in the error who asked for it.

        Args:
            id_: The block's id.
            where: What names the block, for the error message.

        Returns:
            The block.

        Raises:
            SignpostError: E102, there is no such block.
        """
        try:
            return self._blocks[id_]
        except KeyError:
            near = difflib.get_close_matches(id_, self._blocks, n=3)
            hint = f"Did you mean {' or '.join(near)}?" if near else "See `python -m bot blocks` for all of them."
            raise SignpostError(Code.E102, id=id_, where=where, hint=hint) from None

    def __contains__(self, id_: object) -> bool:
        """Whether there is a block of this id."""
        return id_ in self._blocks

    def __iter__(self) -> Iterator[Block]:
        """Go through all blocks in the order of the files."""
        return iter(self._blocks.values())

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self._blocks)


def read_text(path: Path) -> str:
    """Read approved text as it stands, without a change of line ends.

    Args:
        path: A UTF-8 file.

    Returns:
        Its text.

    Raises:
        SignpostError: E100, it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SignpostError(Code.E100, path=path, problem=error.__class__.__name__) from None


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file whose top level is a mapping.

    Args:
        path: The file.

    Returns:
        The mapping.

    Raises:
        SignpostError: E100, with the line where that is known.
    """
    try:
        data = yaml.load(read_text(path), Loader=_UniqueKeys)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise SignpostError(Code.E100, path=path, problem=f"line {line}: {error.problem}") from None
    except yaml.YAMLError:
        raise SignpostError(Code.E100, path=path, problem="it holds a character that YAML does not allow") from None
    if not isinstance(data, dict):
        raise SignpostError(Code.E100, path=path, problem="the top level is not a mapping")
    return data


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C ten times as fast, where it is built in


class _UniqueKeys(_SafeLoader):
    """A safe loader that refuses the same key twice; PyYAML would silently keep the second."""


def _unique_mapping(loader: _UniqueKeys, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a key is not a plain word", key_node.start_mark)
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key} stands twice", key_node.start_mark)
        seen.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)

_FRONT_MATTER = ("id", "title", "publisher", "last_reviewed", "next_review", "sha256", "sign_off")


def _read_leaflet(path: Path) -> tuple[Source, dict[str, str]]:
    data = read_mapping(path)
    wanted = (*_FRONT_MATTER, "blocks")
    missing = [key for key in wanted if key not in data]
    if missing:
        raise SignpostError(Code.E100, path=path, problem=f"it lacks {', '.join(missing)}")
    unknown = sorted(set(map(str, data)) - set(wanted))
    if unknown:
        raise SignpostError(Code.E100, path=path, problem=f"it has keys that mean nothing: {', '.join(unknown)}")
    front = {key: data[key] for key in _FRONT_MATTER}
    return Source(**_texts(front, path)), _texts(data["blocks"], path)


def _read_house(path: Path) -> tuple[str, dict[str, str]]:
    data = read_mapping(path)
    if set(data) != {"sign_off", "blocks"}:
        raise SignpostError(Code.E100, path=path, problem="a house file has exactly two keys, sign_off and blocks")
    sign_off = _texts({"sign_off": data["sign_off"]}, path)["sign_off"]
    return sign_off, _texts(data["blocks"], path)


def _texts(data: Any, path: Path) -> dict[str, str]:
    if not isinstance(data, dict):
        raise SignpostError(Code.E100, path=path, problem="its blocks are not a mapping from id to text")
    for key, value in data.items():
        if not (isinstance(key, str) and isinstance(value, str) and value.strip()):
            raise SignpostError(Code.E100, path=path, problem=f"{key} is not a text (put numbers and dates in quotes)")
    return data
