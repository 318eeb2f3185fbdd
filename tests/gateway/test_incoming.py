"""What comes in: every body is either a message or an error with a code."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Code
from bot.gateway.incoming import clean, parse_message
from bot.gateway.refusal import Refused

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", Code.E500),
        (b"\xff\xfe", Code.E500),
        (b"{", Code.E500),
        (b'{"text": NaN}', Code.E500),
        (b"[" * 20_000, Code.E500),
        (b"[]", Code.E501),
        (b'"text"', Code.E501),
        (b"null", Code.E501),
        (b"{}", Code.E501),
        (b'{"text": null}', Code.E501),
        (b'{"text": 5}', Code.E501),
        (b'{"text": 1e999999}', Code.E501),
        (b'{"text": ["a"]}', Code.E501),
        (b'{"choice": {"id": "a"}}', Code.E501),
        (b'{"text": "a", "choice": "b"}', Code.E501),
        (b'{"text": "a", "text": "b"}', Code.E501),
        (b'{"text": "a", "message_id": 5}', Code.E501),
        (b'{"text": "a", "message_id": ""}', Code.E501),
        (b'{"text": "a", "message_id": "a b"}', Code.E501),
        (b'{"text": "a", "message_id": "a\\n"}', Code.E501),
        (b'{"text": "a", "message_id": "' + b"a" * 65 + b'"}', Code.E501),
        (b'{"choice": "' + b"a" * 65 + b'"}', Code.E505),
    ],
)
def test_what_is_no_message_is_refused(body: bytes, code: Code) -> None:
    with pytest.raises(Refused) as refused:
        parse_message(body)
    assert refused.value.code is code


def test_text_choice_and_message_id_are_read() -> None:
    message = parse_message(b'{"text": "hello", "choice": null, "message_id": "a-B_9", "more": {}}')
    assert (message.text, message.choice, message.message_id) == ("hello", None, "a-B_9")
    assert parse_message(b'{"choice": "ask_outlook"}').choice == "ask_outlook"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\ud800b", "a\ufffdb"),
        ("\ud83d\ude00", "\U0001f600"),
        ("k\x00i\x1bll", "kill"),
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("\x7f\x85", ""),
    ],
)
def test_text_is_cleaned(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(alphabet=st.characters(blacklist_categories=[])))
def test_cleaned_text_can_be_sent_and_stored(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert all(char in "\n\t" or unicodedata.category(char) != "Cc" for char in cleaned)
    assert clean(cleaned) == cleaned


@given(st.binary() | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_body_is_a_message_or_refused(body: bytes) -> None:
    try:
        message = parse_message(body)
    except Refused as refused:
        assert refused.status in range(400, 500)
    else:
        assert (message.text is None) != (message.choice is None)


def test_a_message_does_not_show_in_its_description() -> None:
    assert "hello" not in repr(parse_message(b'{"text": "hello"}'))
