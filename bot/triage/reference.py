"""Reference codes such as K7Q-42: short enough to be read out on the phone.

The alphabet leaves out every sign that is easily taken for another: 0/O, 1/I/L, 2/Z, 5/S and 8/B. Of the last three
pairs the digit stays, because a place in the code is either always a letter or always a digit.
The first digit is never a 3 or 4, which read as E and A, so letter, digit, letter spells no word.
No digit stands twice in the second part, so no code ends in 66, 88 or 999.
"""

from __future__ import annotations

import re
import secrets

LETTERS = "ACDEFGHJKMNPQRTUVWXY"
DIGITS = "23456789"
INNER_DIGITS = "256789"
SHORTEST_TAIL = 2
OFFLINE_TAIL = 4
"""Length of the second part where the database cannot be asked for codes in use: 4.0 million codes, not 134,400."""

_random = secrets.SystemRandom()
_SHAPE = re.compile(f"[{LETTERS}][{INNER_DIGITS}][{LETTERS}][{DIGITS}]{{{SHORTEST_TAIL},{len(DIGITS)}}}")
_HEARD_AS_DIGIT = str.maketrans("ZSB", "258")


def make_reference(tail: int = SHORTEST_TAIL) -> str:
    """Make up a reference code. Whether it is free is for the database to say.

    Args:
        tail: How many digits follow the dash. More digits give more codes.

    Returns:
        A code such as "K7Q-42".
    """
    head = _random.choice(LETTERS) + _random.choice(INNER_DIGITS) + _random.choice(LETTERS)
    return f"{head}-{''.join(_random.sample(DIGITS, tail))}"


def make_receipt() -> str:
    """Make up the code of a receipt for an erasure. It has another shape than a reference and no link to one.

    Returns:
        A code such as "K7Q4-M9T6".
    """
    pairs = [_random.choice(LETTERS) + _random.choice(INNER_DIGITS) for _ in range(4)]
    return f"{pairs[0]}{pairs[1]}-{pairs[2]}{pairs[3]}"


def normalise(spoken: str) -> str | None:
    """Bring a reference code into its one form, as a caller reads it out or a nurse types it.

    Small letters, spaces and a missing dash do not matter. Where only a digit can stand, Z, S and B are taken
    for 2, 5 and 8. No other sign is guessed at: a wrong guess would open somebody else's chat.

    Args:
        spoken: What was typed.

    Returns:
        The code, or None where it cannot be one.
    """
    signs = re.sub(r"[\s\-\u2010-\u2015.]", "", spoken).upper()
    signs = signs[:1] + signs[1:2].translate(_HEARD_AS_DIGIT) + signs[2:3] + signs[3:].translate(_HEARD_AS_DIGIT)
    return f"{signs[:3]}-{signs[3:]}" if _SHAPE.fullmatch(signs) else None
