"""The way to the dialogue engine: one question over loopback HTTP, one reply, or an error that says what went wrong."""

from __future__ import annotations

import ssl
from typing import Any, Protocol

import httpx

from bot.decision import DialogueReply
from bot.errors import Code, SignpostError

PATH = "/webhooks/signpost"
SECRET_HEADER = "X-Signpost-Secret"  # noqa: S105 - the name of a header
KEEPALIVE_SECONDS = 4
"""Less than the 5 seconds after which the engine's server closes an idle connection (Sanic, KEEP_ALIVE_TIMEOUT)."""


class DialogueError(SignpostError):
    """The dialogue engine gave no usable reply.

    Attributes:
        check: What went wrong: "timeout", "unreachable", "refused", "malformed", or a check of the reply's content.
    """

    def __init__(self, check: str) -> None:
        """Make the error.

        Args:
            check: What went wrong.
        """
        super().__init__(Code.E512, problem=check)
        self.check = check


class DialogueClient(Protocol):
    """Whatever decides about a message and names the blocks to say."""

    async def ask(
        self, conversation: str, message_id: str, *, text: str | None = None, choice: str | None = None
    ) -> DialogueReply:
        """Put one message to the dialogue engine.

        Args:
            conversation: Id of the conversation.
            message_id: Id of the message.
            text: What the visitor wrote, redacted; or
            choice: the id of the choice that the visitor made.

        Returns:
            The reply; its blocks have yet to be looked up.

        Raises:
            DialogueError: There is no usable reply.
        """
        ...


class RasaDialogue:
    """Asks the dialogue engine through its loopback channel, over one pool of connections that stay open."""

    def __init__(self, url: str, secret: str, seconds: float) -> None:
        """Prepare the way; nothing is connected yet.

        Args:
            url: Address of the engine (Settings.rasa_url).
            secret: What the channel wants to see (Settings.channel_secret).
            seconds: How long one question may take (Settings.deadline_seconds).
        """
        self._client = httpx.AsyncClient(
            base_url=url + PATH,
            headers={SECRET_HEADER: secret},
            timeout=seconds,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=KEEPALIVE_SECONDS),
            verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),  # trusts nobody: loopback speaks no TLS
            trust_env=False,  # a proxy of the environment has no business between two processes of one machine
        )

    async def ask(
        self, conversation: str, message_id: str, *, text: str | None = None, choice: str | None = None
    ) -> DialogueReply:
        """Put one message to the dialogue engine (see DialogueClient for the full docstring)."""
        question = {"conversation": conversation, "message_id": message_id, "text": text, "choice": choice}
        try:
            response = await self._client.post("/messages", json=question)
        except httpx.TimeoutException:
            raise DialogueError("timeout") from None
        except httpx.HTTPError:
            raise DialogueError("unreachable") from None
        if response.status_code != httpx.codes.OK:
            raise DialogueError("refused")
        return _read(response)

    async def close(self) -> None:
        """Let all connections go."""
        await self._client.aclose()


def _read(response: httpx.Response) -> DialogueReply:
    try:
        reply = DialogueReply.from_dict(response.json())
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise DialogueError("malformed") from None
    strings: list[Any] = [reply.decision.intent, reply.decision.topic or "", *reply.decision.choices, *reply.choices]
    strings += [part for block in reply.blocks for part in (block.id, block.sha256)]
    strings += [part for reason in reply.decision.reasons for part in (reason.source, reason.id)]
    if not all(isinstance(string, str) for string in strings):
        raise DialogueError("malformed")
    return reply
