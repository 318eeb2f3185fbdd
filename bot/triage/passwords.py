"""Passwords of staff, kept as argon2id hashes."""

from __future__ import annotations

import functools
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.errors import Code, SignpostError

SHORTEST, LONGEST = 12, 200
"""Length is what counts; there are no rules about kinds of signs (NCSC, "Password policy: updating your approach")."""
MADE_BYTES = 15

HASHER = PasswordHasher()
"""argon2id with the second recommended options of RFC 9106: 64 MiB, three passes, four lanes."""


def make_password() -> str:
    """Make up a first password, to be changed at the first sign-in."""
    return secrets.token_urlsafe(MADE_BYTES)


def check_password(password: str, username: str) -> None:
    """Make sure that somebody may choose a password.

    Args:
        password: The password.
        username: Whose it is to be.

    Raises:
        SignpostError: E621, it is too short, too long or easily guessed.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise SignpostError(Code.E621, problem=f"it has not from {SHORTEST} to {LONGEST} signs")
    if (len(username) > 3 and username in password.lower()) or len(set(password)) < SHORTEST // 2:
        raise SignpostError(Code.E621, problem="it holds the user name or repeats few signs")


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return HASHER.hash(_bytes(password))


def is_right(password: str, kept: str | None) -> bool:
    """Return whether a password is right. For a person who does not exist this takes as long.

    Args:
        password: What was typed.
        kept: What is kept; None where there is nobody of that name.

    Returns:
        Whether it is.
    """
    try:
        return HASHER.verify(kept or _of_nobody(), _bytes(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    """What can be hashed of anything that was typed; nothing longer than can be chosen is worth the time."""
    return password[: LONGEST + 1].encode("utf-8", "replace")


@functools.cache
def _of_nobody() -> str:
    return HASHER.hash(make_password())
