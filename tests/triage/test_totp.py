"""One-time codes, against the vectors of RFC 4226 and RFC 6238, and recovery codes."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage import totp

SECRET = b"12345678901234567890"
KEY = base64.b32encode(SECRET).decode()
START = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
STEP = int(START.timestamp()) // totp.STEP_SECONDS


@pytest.mark.parametrize(
    ("seconds", "sha1", "sha256", "sha512"),
    [
        (59, "94287082", "46119246", "90693936"),
        (1111111109, "07081804", "68084774", "25091201"),
        (1111111111, "14050471", "67062674", "99943326"),
        (1234567890, "89005924", "91819424", "93441116"),
        (2000000000, "69279037", "90698825", "38618901"),
        (20000000000, "65353130", "77737706", "47863826"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(seconds: int, sha1: str, sha256: str, sha512: str) -> None:
    step = seconds // totp.STEP_SECONDS
    for algorithm, length, code in (("sha1", 20, sha1), ("sha256", 32, sha256), ("sha512", 64, sha512)):
        secret = (SECRET * 4)[:length]
        assert totp.code_at(secret, step, digits=8, algorithm=algorithm) == code


def test_the_codes_are_those_of_rfc_4226() -> None:
    codes = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
    assert [totp.code_at(SECRET, count) for count in range(10)] == codes


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_taken_one_step_early_or_late(steps: int, taken: bool) -> None:
    code = totp.code_at(SECRET, STEP + steps)
    assert totp.matching_step(KEY, code, START, after=0) == (STEP + steps if taken else None)


def test_a_code_is_good_once_and_no_earlier_one_after_it() -> None:
    now, before = totp.code_at(SECRET, STEP), totp.code_at(SECRET, STEP - 1)
    assert totp.matching_step(KEY, now, START, after=STEP - 1) == STEP
    assert totp.matching_step(KEY, now, START, after=STEP) is None
    assert totp.matching_step(KEY, before, START, after=STEP) is None


def test_spaces_in_a_code_do_not_matter() -> None:
    code = totp.code_at(SECRET, STEP)
    assert totp.matching_step(KEY, f" {code[:3]} {code[3:]}", START + timedelta(seconds=29), after=0) == STEP


@given(st.text(max_size=12))
def test_no_odd_text_is_a_code_or_breaks_anything(typed: str) -> None:
    right = {totp.code_at(SECRET, STEP + steps) for steps in (-1, 0, 1)}
    found = totp.matching_step(KEY, typed, START, after=0)
    assert (found is not None) == ("".join(typed.split()) in right)


def test_the_address_is_what_authenticator_apps_take() -> None:
    address = urlsplit(totp.address(KEY, "ada.byron"))
    assert (address.scheme, address.netloc, address.path) == ("otpauth", "totp", "/Signpost%3Aada.byron")
    assert parse_qs(address.query) == {"secret": [KEY], "issuer": ["Signpost"], "digits": ["6"], "period": ["30"]}


def test_secrets_and_recovery_codes_are_new_each_time() -> None:
    assert len({totp.make_secret() for _ in range(20)}) == 20
    codes = [code for _ in range(20) for code in totp.make_recovery_codes()]
    assert len(set(codes)) == 200
    assert len(base64.b32decode(totp.make_secret())) == 20


def test_a_recovery_code_may_be_typed_in_small_letters_without_dashes() -> None:
    [code, *_] = totp.make_recovery_codes()
    assert totp.hash_recovery_code(f" {code.lower().replace('-', ' ')}") == totp.hash_recovery_code(code)
