"""Refusals: what the gateway does not take, with a code, an HTTP status and, where words were due, approved words."""

from __future__ import annotations

from typing import Any

from bot.errors import Code, SignpostError
from bot.gateway.turn import Turn

STATUS = {
    Code.E500: 400,
    Code.E501: 422,
    Code.E502: 413,
    Code.E503: 422,
    Code.E504: 401,
    Code.E505: 409,
    Code.E506: 415,
    Code.E507: 404,
    Code.E508: 405,
    Code.E509: 408,
    Code.E510: 403,
    Code.E511: 500,
    Code.E513: 503,
    Code.E514: 503,
}
"""HTTP status by code. A status above 499 means that something of ours failed."""


class Refused(SignpostError):
    """A request that is not answered as it was meant.

    Attributes:
        message: The message without its code.
        turn: What the visitor is told all the same, where that is not just the helpline block.
    """

    def __init__(self, code: Code, turn: Turn | None = None, **values: Any) -> None:
        """Make the refusal.

        Args:
            code: Which error of the catalogue.
            turn: What the visitor is told all the same.
            **values: What the message's placeholders stand for; never anything that was sent.
        """
        super().__init__(code, **values)
        self.message = code.value.format(**values)
        self.turn = turn

    @property
    def status(self) -> int:
        """The HTTP status."""
        return STATUS[self.code]

    def to_dict(self) -> dict[str, Any]:
        """Return the error as the API gives it."""
        return {"code": self.code.name, "message": self.message}
