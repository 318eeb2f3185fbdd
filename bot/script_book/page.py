"""`python -m bot script-book`: the book as a page of HTML and as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup

from bot.blocks.contacts import PENDING
from bot.blocks.reviews import is_overdue
from bot.blocks.script import DECIDED, TOPIC
from bot.blocks.uses import CHOICE, PAGE
from bot.errors import Code, SignpostError
from bot.gateway.words import paragraphs
from bot.paper import render
from bot.script_book.book import Book
from bot.script_book.changes import Change, Changes
from bot.script_book.edition import ELEMENT, Edition
from bot.script_book.printing import print_pdf
from bot.validator.project import Project

TEMPLATE = Path(__file__).parent / "templates" / "book.html"


def write_book(project: Project, *, html: Path | None, pdf: Path | None, since: str | None) -> str:
    """Write the script book.

    Args:
        project: Whose book it is.
        html: The page to write.
        pdf: The PDF to write.
        since: An earlier edition; what has changed since then is then shown word by word.

    Returns:
        What was written, in a sentence.

    Raises:
        SignpostError: E1xx or E400, a file cannot be read; E803, there is no such edition; E804 or E805, no PDF;
            E008, a file cannot be written.
    """
    edition = Edition.of(project, project.today.isoformat())
    book = Book.of(project)
    changes = Changes.between(Edition.since(project, since), edition) if since else None

    def page(numbers: Mapping[str, int]) -> str:
        return make_page(project, edition, book, changes, numbers)

    told = [f"The script book, edition {edition.fingerprint}, has {len(edition.blocks)} blocks"]
    if html:
        try:
            html.write_text(page({}), encoding="utf-8", newline="\n")
        except OSError as error:
            raise SignpostError(Code.E008, path=html, problem=error.strerror) from None
    if pdf:
        told.append(f" on {print_pdf(page, pdf)} pages")
    if changes:
        told.append(
            f". Since {changes.since}: {changes.count('reworded')} reworded, {changes.count('added')} added, "
            f"{changes.count('removed')} removed, {len(changes.replies)} replies changed"
        )
    return "".join(told) + "."


def make_page(
    project: Project, edition: Edition, book: Book, changes: Changes | None, numbers: Mapping[str, int]
) -> str:
    """Make the book's page.

    Args:
        project: Whose book it is, and the day.
        edition: What the page carries as data, for a later edition to be compared with.
        book: The book.
        changes: What has changed since an earlier edition, if that is to be shown.
        numbers: Page numbers by element, where the page is printed.

    Returns:
        The HTML.
    """
    blocks = [item.block for chapter in book.chapters for item in chapter.items]
    overdue = {block.source for block in blocks if block.source and is_overdue(block.source, project.today)}
    return render(
        TEMPLATE,
        edition=edition,
        data=Markup(edition.to_json()),  # noqa: S704 - "<" is written as an escape
        element=ELEMENT,
        book=book,
        changes=changes,
        numbers=numbers,
        today=project.today,
        pending=sum(block.sign_off == PENDING for block in blocks),
        overdue=sorted(overdue, key=lambda source: source.id),
        words=lambda text: paragraphs(text, {}),
        changed_blocks=_in_order(changes, book),
        in_table=lambda change: change.kind == "record" or change.id.startswith((CHOICE, PAGE)),
        KINDS={"reworded": "Reworded", "added": "Added", "removed": "Removed", "record": "Another record"},
        PENDING=PENDING,
        STAND_INS={TOPIC: "the words of the topic that was asked before", DECIDED: "the topics that fit the message"},
    )


def _in_order(changes: Changes | None, book: Book) -> list[Change]:
    """Changes in the order of the book, so that the gravest route is read first; what is gone from it comes last."""
    places = list(book.numbers)
    return sorted(
        changes.blocks if changes else (),
        key=lambda change: places.index(change.id) if change.id in places else len(places),
    )
