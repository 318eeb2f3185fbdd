"""One-time codes of an authenticator app (RFC 6238 over RFC 4226), and recovery codes for when it is lost."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
DRIFT_STEPS = 1
"""A code of the step before or after is taken too (RFC 6238, 5.2): clocks differ, and typing takes time."""
SECRET_BYTES = 20
"""As long as SHA-1's output (RFC 4226, 4, R6)."""
RECOVERY_CODES = 10
RECOVERY_SIGNS = "ACDEFGHJKMNPQRTUVWXY256789"
RECOVERY_LENGTH = 16
"""26 signs to the power of 16 are 75 bits: too many to be guessed, so a plain sha256 is kept of each."""


def make_secret() -> str:
    """Make up a secret, in base32 as authenticator apps take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode("ascii")


def code_at(secret: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """Return the code of one step.

    Args:
        secret: The shared secret.
        step: Seconds since 1970 divided by STEP_SECONDS.
        digits: Length of the code.
        algorithm: "sha1" as apps expect it, or another of RFC 6238.

    Returns:
        The code, with leading zeros.
    """
    mac = hmac.new(secret, step.to_bytes(8, "big"), algorithm).digest()
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Find the step that a code belongs to.

    Args:
        secret: The secret in base32.
        code: What was typed; spaces do not matter.
        now: The time, aware.
        after: The step of the last code that was taken: a code is good once.

    Returns:
        The step, or None where the code is wrong, too old or used.
    """
    typed = "".join(code.split()).encode("utf-8", "replace")
    current, key = int(now.timestamp()) // STEP_SECONDS, base64.b32decode(secret)
    found = None
    for step in range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1):
        if hmac.compare_digest(code_at(key, step).encode("ascii"), typed) and step > after:
            found = step
    return found


def address(secret: str, username: str, issuer: str = "Signpost") -> str:
    """Return the address that an authenticator app takes, typed or as a QR code.

    Args:
        secret: The secret in base32.
        username: Whose it is.
        issuer: What the app shows it under.

    Returns:
        An `otpauth://` address.
    """
    parts = {"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}
    return f"otpauth://totp/{quote(f'{issuer}:{username}')}?{urlencode(parts)}"


def make_recovery_codes() -> tuple[str, ...]:
    """Make up recovery codes such as "K7QM-4HTA-9CXE-P2RU", each good once."""
    codes = ("".join(secrets.choice(RECOVERY_SIGNS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES))
    return tuple("-".join(code[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4)) for code in codes)


def hash_recovery_code(code: str) -> str:
    """Return what is kept of a recovery code. Small letters, spaces and dashes do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()
