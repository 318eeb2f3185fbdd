"""The library reads approved text as it stands, or says in which file and line it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.library import Library, read_mapping, read_text
from bot.errors import Code, SignpostError
from tests.blocks.conftest import APPROVED, Copy

# What YAML can hold at all; no lone surrogates and no control characters.
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n"), min_size=1).filter(
    lambda text: text.strip() != ""
)
LINES = st.lists(
    st.text(st.sampled_from("abc ’“•\u00a0é:#-|>&*!%@`{}[]$\\\"'"), max_size=30), min_size=1, max_size=5
).map(lambda lines: "x" + "\n".join(lines).rstrip("\n"))


def house(folder: Path, body: str, name: str = "a.yml") -> Library:
    (folder / "house").mkdir(parents=True, exist_ok=True)
    (folder / "house" / name).write_text(body, encoding="utf-8", newline="")
    return Library.load(folder)


def error_of(folder: Path) -> SignpostError:
    with pytest.raises(SignpostError) as caught:
        Library.load(folder)
    return caught.value


@given(WORDS)
def test_a_quoted_text_comes_back_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    body = yaml.safe_dump({"sign_off": "pending", "blocks": {"house.a": text}}, allow_unicode=True)
    library = house(tmp_path_factory.mktemp("a"), body)
    assert library["house.a"].text.encode() == text.encode()


@given(LINES)
def test_a_text_in_a_literal_block_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    lines = "".join(f"    {line}\n" if line.strip(" ") else "\n" for line in text.split("\n"))
    library = house(tmp_path_factory.mktemp("a"), f"sign_off: pending\nblocks:\n  house.a: |-\n{lines}")
    said = [line if line.strip(" ") else "" for line in text.split("\n")]
    assert library["house.a"].text.encode() == "\n".join(said).rstrip("\n").encode()


def test_variables_and_escapes_in_a_text_are_left_alone(tmp_path: Path) -> None:
    library = house(tmp_path, "sign_off: pending\nblocks:\n  house.a: |-\n    ${HOME} \\n {slot}\n")
    assert library["house.a"].text == "${HOME} \\n {slot}"


def test_the_leaflet_is_read_byte_for_byte(library: Library) -> None:
    path = APPROVED / "leaflets" / "secondary-breast-cancer.txt"
    assert library.leaflets["secondary"].encode() == path.read_bytes()


def test_a_block_carries_its_leaflet_and_its_sign_off(library: Library) -> None:
    block = library["secondary.outlook"]
    assert block.source is not None
    assert (block.source.title, block.source.last_reviewed, block.source.next_review) == (
        "Just diagnosed with secondary breast cancer",
        "December 2015",
        "2017",
    )
    assert block.sign_off == block.source.sign_off


def test_every_block_knows_its_file(library: Library) -> None:
    assert all(library.files[block.id].exists() for block in library)
    assert len(library) == len({block.id for block in library})


def test_an_unknown_block_is_an_error_that_names_near_ones(library: Library) -> None:
    with pytest.raises(SignpostError) as caught:
        library.get("secondary.outlok", where="utter_ask_outlook")
    assert caught.value.code is Code.E102
    assert "secondary.outlook" in str(caught.value)
    assert "utter_ask_outlook" in str(caught.value)


def test_a_block_unlike_any_other_is_an_error_that_says_where_all_are_listed(library: Library) -> None:
    with pytest.raises(SignpostError, match="python -m bot blocks"):
        library["zzzzzz"]
    assert "zzzzzz" not in library


def test_the_same_id_in_two_files_is_an_error_that_names_both(copy: Copy) -> None:
    (copy.approved / "house" / "zz.yml").write_text("sign_off: pending\nblocks: {house.menu: again}\n")
    error = error_of(copy.approved)
    assert error.code is Code.E101
    assert "conversation.yml" in str(error)
    assert "zz.yml" in str(error)


def test_the_same_id_twice_in_one_file_is_an_error_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(SignpostError, match=r"\[E100\].*line 4.*twice"):
        house(tmp_path, "sign_off: pending\nblocks:\n  house.a: one\n  house.a: two\n")


def test_two_leaflets_with_the_same_id_are_an_error(copy: Copy) -> None:
    for suffix in (".yml", ".txt"):
        first = copy.approved / "leaflets" / f"secondary-breast-cancer{suffix}"
        first.with_name(f"zz{suffix}").write_bytes(first.read_bytes())
    assert error_of(copy.approved).code is Code.E100


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("just words", "not a mapping"),
        ("- a\n- b\n", "not a mapping"),
        ("sign_off: [\n", "line 2"),
        ("blocks: {house.a: x}\n", "exactly two keys"),
        ("sign_off: pending\nblocks: {house.a: x}\nextra: 1\n", "exactly two keys"),
        ("sign_off: 3\nblocks: {house.a: x}\n", "sign_off is not a text"),
        ("sign_off: pending\nblocks: [x]\n", "not a mapping from id to text"),
        ("sign_off: pending\nblocks: {house.a: 116123}\n", "house.a is not a text"),
        ("sign_off: pending\nblocks: {house.a: ' '}\n", "house.a is not a text"),
        ("sign_off: pending\nblocks: {house.a: }\n", "house.a is not a text"),
        ("sign_off: pending\nblocks: {[a, b]: x}\n", "not a plain word"),
        ("sign_off: pending\nblocks: {house.a: !!python/name:os.system x}\n", "line 2"),
        ("sign_off: pending\nblocks: {house.a: 'a\x07b'}\n", "does not allow"),
    ],
)
def test_a_file_of_the_wrong_form_is_an_error_that_says_what_is_wrong(tmp_path: Path, body: str, says: str) -> None:
    with pytest.raises(SignpostError) as caught:
        house(tmp_path, body)
    assert caught.value.code is Code.E100
    assert says in str(caught.value)


@pytest.mark.parametrize("key", ["id", "title", "publisher", "last_reviewed", "next_review", "sha256", "sign_off"])
def test_a_leaflet_without_one_line_of_its_front_matter_is_an_error(copy: Copy, key: str) -> None:
    copy.edit("leaflets/secondary-breast-cancer.yml", lambda data: data.pop(key))
    with pytest.raises(SignpostError, match=f"it lacks {key}"):
        Library.load(copy.approved)


def test_a_leaflet_with_an_unknown_key_is_an_error(copy: Copy) -> None:
    copy.edit("leaflets/secondary-breast-cancer.yml", lambda data: data.update(reviewer="x"))
    with pytest.raises(SignpostError, match="reviewer"):
        Library.load(copy.approved)


def test_a_leaflet_without_its_whole_text_is_an_error(copy: Copy) -> None:
    (copy.approved / "leaflets" / "secondary-breast-cancer.txt").unlink()
    assert error_of(copy.approved).code is Code.E100


def test_a_folder_without_blocks_is_an_error(tmp_path: Path) -> None:
    assert "not one block" in str(error_of(tmp_path))


def test_text_that_is_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"can\x92t")
    with pytest.raises(SignpostError, match="UnicodeDecodeError"):
        read_text(tmp_path / "a.txt")


def test_windows_line_ends_are_kept_in_a_text_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"a\r\nb")
    assert read_text(tmp_path / "a.txt") == "a\r\nb"


def test_a_mapping_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: {b: 'c'}\n")
    assert read_mapping(tmp_path / "a.yml") == {"a": {"b": "c"}}
