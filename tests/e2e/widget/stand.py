"""A stand for the widget: the real gateway with a played dialogue engine, and somebody else's website around it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.settings import ROOT, Settings
from bot.triage.migrate import upgrade
from bot.triage.service import Triage
from tests.e2e.running import START_SECONDS, free_port, until
from tests.gateway.fake_rasa import SECRET, FakeRasa

BROWSER = [pytest.mark.model, pytest.mark.timeout(900)]
"""Marks of every test here: it starts servers and a browser, which take their time on a busy machine."""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A charity</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{style}</head>
<body><main><h1>A charity</h1><p>Some text of ours. <a href="/other">Another page</a></p>
<p><a href="{gateway}/chat" data-signpost>Ask us</a></p></main>
<script src="{script}" {attributes}></script></body></html>"""


class Site:
    """A website at another origin than the gateway's.

    Attributes:
        url: Its origin, as if the gateway were at a name below the same one.
        strange_url: Its origin, as if the gateway were at a name that has nothing to do with it.
        policy: Its content security policy; none where empty.
        css: Its style sheet.
        script: Where it takes the loader from; from the gateway where empty.
        files: What it serves beside its pages: kind and content by path.
        reports: What browsers reported against its policy.
    """

    def __init__(self) -> None:
        """Start it."""
        self.gateway = ""
        self.policy = ""
        self.css = ""
        self.script = ""
        self.attributes = ""
        self.files: dict[str, tuple[str, bytes]] = {}
        self.reports: list[bytes] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        port = self._server.server_address[1]
        self.url, self.strange_url = f"http://127.0.0.1:{port}", f"http://localhost:{port}"

    def strict(self) -> None:
        """Set the policy that docs/widget.md recommends."""
        self.policy = (
            f"default-src 'none'; script-src {self.gateway}; frame-src {self.gateway}; style-src 'self'; "
            "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
            "report-uri /reports"
        )

    def page(self) -> bytes:
        """The page as it is now."""
        style = '<link rel="stylesheet" href="/site.css">' if self.css else ""
        script = self.script or f"{self.gateway}/signpost.js"
        return PAGE.format(style=style, gateway=self.gateway, script=script, attributes=self.attributes).encode()

    def reset(self) -> None:
        """Be a plain website again."""
        self.policy = self.css = self.script = self.attributes = ""
        self.reports.clear()
        self.files.clear()

    def close(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(site) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, body = "text/html", site.page()
                if self.path == "/site.css":
                    kind, body = "text/css", site.css.encode()
                if self.path in site.files:
                    kind, body = site.files[self.path]
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                if site.policy:
                    self.send_header("Content-Security-Policy", site.policy)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                site.reports.append(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        return Handler


class Gateway:
    """The gateway as a process of its own, which can be killed, hung and started again.

    Attributes:
        settings: Its settings.
        rasa: The played dialogue engine.
    """

    def __init__(self, folder: Path, *sites: str, **variables: str) -> None:
        """Make it ready to start.

        Args:
            folder: Where everything that it writes goes.
            *sites: Origins that may show the chat.
            **variables: Further environment variables.
        """
        plain = Settings.load({})
        self.rasa = FakeRasa(Library.load(plain.approved_dir), Script.load(plain.domain_file))
        self._variables = {
            "SIGNPOST_VAR_DIR": str(folder / "var"),
            "SIGNPOST_GATEWAY_PORT": str(free_port()),
            "SIGNPOST_RASA_PORT": str(self.rasa.port),
            "SIGNPOST_CHANNEL_SECRET": SECRET,
            "SIGNPOST_DEADLINE_SECONDS": "30",
            "SIGNPOST_ALLOWED_SITES": " ".join(sites),
            **variables,
        }
        self.settings = Settings.load(self._variables)
        self.settings.var_dir.mkdir(parents=True, exist_ok=True)
        upgrade(self.settings.database_url)
        self._log = (folder / "gateway.log").open("ab")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its origin."""
        return self.settings.gateway_url

    def start(self) -> None:
        """Start it unless it runs, and wait until it answers."""
        if self._process is not None:
            return
        environment = {**os.environ, **self._variables}
        command = [sys.executable, "-m", "bot.gateway"]
        self._process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=self._log)
        until(self._answers, START_SECONDS)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def hung(self) -> Iterator[None]:
        """It takes connections and does nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End it and all that belongs to it."""
        self.kill()
        self.rasa.close()
        self._log.close()

    @contextmanager
    def triage(self) -> Iterator[Triage]:
        """A way to its database, to look into it."""
        triage = Triage.connect(self.settings.database_url)
        try:
            yield triage
        finally:
            triage.close()

    def _answers(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/healthz", timeout=2, trust_env=False).status_code == 200
        return False
