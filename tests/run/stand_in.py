"""A small real program that stands in for a service; the tests start it with options that say how it behaves.

stand_in.py [--port N] [--ready-after SECONDS] [--exit STATUS] [--say LINE] [--grandchild] [--stubborn] [--noted FILE]
"""

from __future__ import annotations

import argparse
import http.server
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STARTED = time.monotonic()

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int)
parser.add_argument("--ready-after", type=float, default=0.0)
parser.add_argument("--exit", type=int)
parser.add_argument("--say", default="")
parser.add_argument("--grandchild", action="store_true")
parser.add_argument("--stubborn", action="store_true")
parser.add_argument("--noted", type=Path, help="a file that gets a line at start, and one when it is asked to stop")
options = parser.parse_args()


def note(text: str) -> None:
    """Append a line to the file of notes."""
    if options.noted:
        with options.noted.open("a") as file:
            file.write(f"{text} {os.getpid()}\n")


def asked_to_stop(number: int, frame: object) -> None:
    """Note it, and stop unless stubborn."""
    note("stop")
    if not options.stubborn:
        sys.exit(0)


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers every GET with 200 once ready."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200 if time.monotonic() - STARTED >= options.ready_after else 503)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing."""


signal.signal(signal.SIGTERM, asked_to_stop)
note("start")
if options.say:
    sys.stdout.write(options.say + "\n")
    sys.stdout.flush()
if options.grandchild:
    command = [sys.executable, __file__, "--stubborn", *(["--noted", str(options.noted)] if options.noted else [])]
    subprocess.Popen(command)
    time.sleep(0.3)
if options.exit is not None:
    sys.exit(options.exit)
if options.port:
    http.server.ThreadingHTTPServer(("127.0.0.1", options.port), Handler).serve_forever()
while True:
    time.sleep(0.1)
