"""A real server on loopback that plays the dialogue engine's channel, in its good and its bad ways."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.blocks.library import Library
from bot.blocks.script import DECIDED, Script
from bot.decision import Decision, DialogueReply, Reason, SpokenBlock

SECRET = "a secret of the tests"

ASKS = {
    "what's my outlook?": "ask_outlook",
    "hello": "greet",
    "thank you": "thanks",
    "i want to talk to a real person": "human",
    "i can't cope any more": "distress",
    "i can't breathe and my chest hurts": "emergency",
    "i want to kill myself": "crisis_self",
    "i am going to end my life tonight": "crisis_self",
    "my sister says she wants to kill herself": "crisis_other",
}

WAYS = (
    "closed",
    "hang",
    "500",
    "[]",
    "garbage",
    "no_json",
    "wrong_shape",
    "wrong_types",
    "unknown_block",
    "wrong_hash",
    "no_blocks",
)
"""The bad ways: in each of them there is nothing that may be said."""


class FakeRasa:
    """Answers what it knows, and everything else as too personal for a leaflet.

    Attributes:
        way: "good", or one of the bad WAYS.
        asked: What it was asked.
        choices: What it offers in place of the script's own choices.
    """

    def __init__(self, library: Library, script: Script, port: int = 0) -> None:
        self.library = library
        self.script = script
        self.way = "good"
        self.asked: list[dict[str, Any]] = []
        self.choices: tuple[str, ...] | None = None
        self._let_go = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        self.port: int = self._server.server_address[1]

    def turn_to(self, way: str) -> None:
        """Behave in another way from now on; once closed it stays closed."""
        self.way = way
        if way == "closed":
            self._shut()

    def close(self) -> None:
        self._let_go.set()
        self._shut()

    def reply(self, text: str | None, choice: str | None) -> DialogueReply:
        """What the real engine would say, more or less."""
        intent = choice or ASKS.get((text or "").lower(), "complex")
        line = self.script.for_intent(intent)
        blocks = tuple(SpokenBlock(id_, self.library[id_].sha256) for id_ in line.blocks)
        choices = tuple(choice for choice in line.choices if choice != DECIDED)
        reasons = (Reason("classifier", intent, 0.9, 0.5),)
        offered = choices if self.choices is None else self.choices
        return DialogueReply(Decision(intent, line.route, reasons), blocks, offered)

    def _body(self, question: dict[str, Any]) -> tuple[int, bytes]:
        reply = self.reply(question["text"], question["choice"])
        first, *others = reply.blocks
        data = reply.to_dict()
        if self.way == "unknown_block":
            data = replace(reply, blocks=(SpokenBlock("house.made_up", first.sha256), *others)).to_dict()
        elif self.way == "wrong_hash":
            data = replace(reply, blocks=(SpokenBlock(first.id, "0" * 64), *others)).to_dict()
        elif self.way == "no_blocks":
            data = replace(reply, blocks=()).to_dict()
        elif self.way == "wrong_shape":
            data = {"decision": data["decision"], "text": "Hello, I made this up."}
        elif self.way == "wrong_types":
            data["blocks"] = [{"id": ["house.helpline"], "sha256": 1}]
        bodies = {
            "500": (500, b'{"error": "no"}'),
            "[]": (200, b"[]"),
            "garbage": (200, b"\xff\xfe not json"),
            "no_json": (200, b""),
        }
        return bodies.get(self.way, (200, json.dumps(data).encode()))

    def _shut(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def _handler(fake) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                fake.asked.append(question)
                if fake.way == "hang":
                    fake._let_go.wait()
                    return
                allowed = self.headers["X-Signpost-Secret"] == SECRET and self.path == "/webhooks/signpost/messages"
                status, body = fake._body(question) if allowed else (403, b"{}")
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        return Handler
