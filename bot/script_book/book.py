"""The book's order: chapters by route, with the replies and the blocks of each, numbered as they are printed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from bot.blocks.block import Block
from bot.blocks.contacts import Contact, load_contacts
from bot.blocks.library import Library
from bot.blocks.script import TOPIC, UTTER, Line, Script
from bot.blocks.uses import CHOICE, PAGE, Use, possible_labels, uses
from bot.routes import Route
from bot.validator.project import Project
from bot.validator.stories import read_told

ROUTES: dict[Route, str] = {
    Route.CRISIS: "Suicide, self-harm, wanting to die, harm to or from others, for oneself or somebody else.",
    Route.EMERGENCY: "Signs that somebody needs medical help now.",
    Route.DISTRESS: "Distress, with or without a question.",
    Route.HUMAN: "The visitor wants a person.",
    Route.COMPLEX: "Personal medical, money and family questions, and whatever the leaflet does not say.",
    Route.UNCLEAR: "Two or three topics are about equally likely.",
    Route.OTHER: "Off-topic, abuse, other languages, attempts to misuse the chatbot, and messages without words.",
    Route.UNAVAILABLE: "Something of the product has failed.",
    Route.CHAT: "Greetings, thanks, goodbyes, and questions about the chatbot itself.",
    Route.ANSWER: "The leaflet answers the question.",
}
"""The routes in the order of the book, the gravest first, and when each is taken."""


@dataclass(frozen=True)
class Item:
    """A block in the book.

    Attributes:
        number: Its number, such as "1.2".
        block: The block.
        replies: Intents whose reply says it.
        offered: Intents whose reply offers it as a choice, for the title of a topic.
        topic: Whether it is the title of an answer, which "did you mean" may offer after any message.
        pages: Names of the files of code and pages that show it.
    """

    number: str
    block: Block
    replies: tuple[str, ...]
    offered: tuple[str, ...]
    topic: bool
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Spoken:
    """A reply in the book.

    Attributes:
        intent: Its intent.
        rule: The sentence that its rule has for a title.
        line: What it says.
    """

    intent: str
    rule: str
    line: Line


@dataclass(frozen=True)
class Chapter:
    """A chapter.

    Attributes:
        id: For links.
        title: Its heading.
        about: One sentence under the heading.
        replies: The replies of its route.
        items: The blocks that are printed here in full.
        short: Whether its blocks are a few words each, and stand in a table.
    """

    id: str
    title: str
    about: str
    replies: tuple[Spoken, ...] = ()
    items: tuple[Item, ...] = ()
    short: bool = False


@dataclass(frozen=True)
class Book:
    """The whole book.

    Attributes:
        chapters: The chapters in order.
        contacts: Every number that a block may name.
        numbers: The number of each block by its id.
        titles: The title of each choice by its id, such as "ask_outlook".
    """

    chapters: tuple[Chapter, ...]
    contacts: tuple[Contact, ...]
    numbers: dict[str, str] = field(repr=False)
    titles: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, project: Project) -> Book:
        """Put the book of a project together. Every block is printed in full exactly once.

        Args:
            project: The project.

        Returns:
            The book.

        Raises:
            SignpostError: E1xx or E400, a file cannot be read.
        """
        library, script = Library.load(project.approved), Script.load(project.domain)
        named: dict[str, list[Use]] = defaultdict(list)
        for use in uses(script, project.domain, project.code):
            named[use.block].append(use)
        for use in possible_labels(library, project.code):
            if not named[use.block]:
                named[use.block].append(use)
        routes: dict[str, set[Route]] = defaultdict(set)
        for line in script:
            for id_ in line.blocks:
                routes[id_].add(line.route)
        rules = {intent: told.title for told in read_told(project.rules) for intent in told.of("intent")}
        homes: dict[str, list[Block]] = defaultdict(list)
        for block in library:
            homes[_home(block, routes[block.id], bool(named[block.id]))].append(block)
        chapters: list[Chapter] = []
        for id_, title, about in _CHAPTERS:
            replies = tuple(
                Spoken(intent, rules.get(intent, ""), line)
                for line in script
                if line.route.value == id_ and (intent := line.utter.removeprefix(UTTER))
            )
            if not replies and not homes[id_]:
                continue
            chapter = len(chapters) + 1
            blocks = sorted(homes[id_], key=lambda block: _order(block, script)) if replies else homes[id_]
            items = tuple(
                _item(f"{chapter}.{count}", block, named[block.id]) for count, block in enumerate(blocks, start=1)
            )
            chapters.append(Chapter(id_, title, about, replies, items, short=id_ in _SHORT))
        numbers = {item.block.id: item.number for chapter in chapters for item in chapter.items}
        titles = {block.id.removeprefix(CHOICE): block.text for block in library if block.id.startswith(CHOICE)}
        return cls(tuple(chapters), load_contacts(project.approved), numbers, titles)


_SEVERAL, _TITLES, _LABELS, _UNUSED = "several", "titles", "labels", "unused"
_SHORT = frozenset({_TITLES, _LABELS})
_CHAPTERS: tuple[tuple[str, str, str], ...] = (
    *((route.value, f"Route: {route.value}", about) for route, about in ROUTES.items()),
    (_SEVERAL, "Said on several routes", "Blocks that replies of more than one route say. Each is printed once, here."),
    (_TITLES, "Titles of topics", "What stands on the buttons that a visitor can choose from."),
    (_LABELS, "Words of the pages", "Headings, labels, notices and errors of the chat’s pages."),
    (_UNUSED, "Said nowhere", "Approved, but no reply and no page names them."),
)


def _home(block: Block, routes: set[Route], is_named: bool) -> str:
    if len(routes) > 1:
        return _SEVERAL
    if routes:
        return next(iter(routes)).value
    if block.id.startswith(CHOICE):
        return _TITLES
    return _LABELS if is_named or block.id.startswith(PAGE) else _UNUSED


def _order(block: Block, script: Script) -> int:
    """Blocks stand in the order in which the replies of the domain say them."""
    said = [id_ for line in script for id_ in line.blocks if id_ != TOPIC]
    return said.index(block.id) if block.id in said else len(said)


def _item(number: str, block: Block, named: list[Use]) -> Item:
    def by(kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(use.by.removeprefix(UTTER) for use in named if use.kind == kind))

    return Item(number, block, by("reply"), by("choice"), bool(by("topic")), by("page"))
