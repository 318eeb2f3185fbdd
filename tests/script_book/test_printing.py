"""The PDF: real page numbers in the table of contents, and a clear word where there is no Chromium."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.script_book.printing import print_pdf, read_pages

PDF = b"""%PDF-1.4
2 0 obj
<</Type /Page
/Parent 9 0 R>>
endobj
4 0 obj
<</Type /Page
/Parent 8 0 R>>
endobj
6 0 obj
<</Type /Page
/Parent 8 0 R>>
endobj
7 0 obj
<</Type /Pages
/Kids [8 0 R 2 0 R]>>
endobj
8 0 obj
<</Type /Pages
/Kids [6 0 R 4 0 R]>>
endobj
5 0 obj
<</first [6 0 R /XYZ 1 2 0]
/b-house.menu [2 0 R /XYZ 1 2 0]>>
endobj
1 0 obj
<</Type /Catalog
/Dests 5 0 R>>
endobj
"""
PAGE = """<!doctype html><title>Two pages</title><a href="#one">One</a> <a href="#two">Two</a>
<h2 id="one">One</h2><h2 id="two" style="break-before: page">Two</h2>"""


def test_pages_are_counted_in_the_order_in_which_they_are_bound() -> None:
    assert read_pages(PDF) == ({"first": 1, "b-house.menu": 3}, 3)


def test_a_pdf_without_links_has_no_page_numbers() -> None:
    assert read_pages(PDF.replace(b"/Dests", b"/Other")) == ({}, 3)


def test_without_chromium_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SignpostError, match="apt-get install chromium") as error:
        print_pdf(lambda numbers: PAGE, tmp_path / "book.pdf")
    assert error.value.code is Code.E804


def test_a_chromium_that_fails_is_told_and_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "chromium").write_text("#!/bin/sh\nexit 3\n")
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SignpostError, match="exit code 3") as error:
        print_pdf(lambda numbers: PAGE, tmp_path / "book.pdf")
    assert error.value.code is Code.E805
    assert not (tmp_path / "book.pdf").exists()


@pytest.mark.model
def test_a_page_is_printed_twice_the_second_time_with_its_numbers(tmp_path: Path) -> None:
    seen: list[Mapping[str, int]] = []

    def page(numbers: Mapping[str, int]) -> str:
        seen.append(numbers)
        return PAGE

    assert print_pdf(page, tmp_path / "book.pdf") == 2
    assert seen == [{}, {"one": 1, "two": 2}]
    assert (tmp_path / "book.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(SignpostError) as error:
        print_pdf(page, tmp_path / "absent" / "book.pdf")
    assert error.value.code is Code.E008
