"""Printing: an HTML page to a PDF, by the system's Chromium, with the numbers of pages in the table of contents."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.errors import Code, SignpostError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 120

_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)


def print_pdf(page: Callable[[Mapping[str, int]], str], path: Path) -> int:
    """Print a page. It is laid out twice: once to see where everything comes to lie, and once with these numbers.

    Args:
        page: Makes the HTML from the page number of each element that is linked to, by its id; from none at first.
        path: The PDF to write.

    Returns:
        How many pages it has.

    Raises:
        SignpostError: E804, there is no Chromium; E805, it failed.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise SignpostError(Code.E804)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        _print(program, folder, page({}), path)
        numbers, count = read_pages(folder.joinpath("book.pdf").read_bytes())
        if numbers:
            _print(program, folder, page(numbers), path)
        try:
            shutil.copyfile(folder / "book.pdf", path)
        except OSError as error:
            raise SignpostError(Code.E008, path=path, problem=error.strerror) from None
    return count


def read_pages(pdf: bytes) -> tuple[dict[str, int], int]:
    """Read on which page of a PDF each element that is linked to lies.

    Args:
        pdf: A PDF as Chromium writes it: its objects are plain, only their streams are packed.

    Returns:
        Page numbers, from 1, by the elements' ids; and how many pages there are.
    """
    objects = {int(number): body for number, body in re.findall(rb"(?m)^(\d+) 0 obj\r?\n(.*?)endobj", pdf, re.DOTALL)}
    kids = {
        number: [int(kid) for kid in re.findall(rb"(\d+) 0 R", found[1])]
        for number, body in objects.items()
        if b"/Type /Pages" in body and (found := re.search(rb"/Kids \[([^\]]*)\]", body))
    }
    below = {kid for children in kids.values() for kid in children}
    order: list[int] = []
    waiting = [number for number in kids if number not in below]
    while waiting:
        number = waiting.pop(0)
        if number in kids:
            waiting[:0] = kids[number]
        else:
            order.append(number)
    places = {number: count for count, number in enumerate(order, start=1)}
    named = re.search(rb"/Dests (\d+) 0 R", pdf)
    body = objects.get(int(named[1]), b"") if named else b""
    found_names = re.findall(rb"/(\S+) \[(\d+) 0 R /XYZ", body)
    return {name.decode("ascii", "replace"): places[int(at)] for name, at in found_names if int(at) in places}, len(
        order
    )


def _print(program: str, folder: Path, html: str, path: Path) -> None:
    source, target = folder / "book.html", folder / "book.pdf"
    source.write_text(html, encoding="utf-8")
    target.unlink(missing_ok=True)
    # Chromium's sandbox refuses to run for root, as in most containers. The page is our own and loads nothing.
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    command = [program, *_OPTIONS, *root, f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={target}"]
    try:
        done = subprocess.run(  # noqa: S603 - the system's Chromium, with our own page
            [*command, source.as_uri()], capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        raise SignpostError(Code.E805, path=path, problem=f"it took longer than {SECONDS} seconds") from None
    if done.returncode != 0 or not target.exists():
        raise SignpostError(Code.E805, path=path, problem=f"it ended with exit code {done.returncode}")
