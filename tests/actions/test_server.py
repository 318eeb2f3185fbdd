"""The action server, really started: for this machine only, and never a word of the request in an answer or the log."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.routes import Level, Route
from bot.settings import ROOT
from bot.triage.service import Triage
from tests.triage.databases import NOON, decide

PRIVATE = "my-private-words"


@dataclass(frozen=True)
class Server:
    port: int
    log: Path
    environment: dict[str, str]

    def post(self, content: bytes | str, **options: Any) -> httpx.Response:
        return httpx.post(f"http://127.0.0.1:{self.port}/webhook", content=content, timeout=30, **options)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> str:
    path = tmp_path_factory.mktemp("actions") / "signpost.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def server(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    log = tmp_path_factory.mktemp("log") / "actions.log"
    environment = {**os.environ, "DATABASE_URL": database, "SIGNPOST_ACTIONS_PORT": str(port)}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "actions"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            wait(process, port, log)
            yield Server(port, log, environment)
        finally:
            process.terminate()
            process.wait(30)


def wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health").json() == {"status": "ok"}:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(log.read_text())


def call(conversation: str, **changes: Any) -> str:
    """A call as Rasa makes it."""
    message = {
        "text": PRIVATE,
        "metadata": {"message_id": "m"},
        "decision": decide(Route.CRISIS).to_dict(),
    }
    tracker = {"sender_id": conversation, "latest_message": message, "slots": {}, "events": [{"text": PRIVATE}]}
    body = {"next_action": "action_open_case", "sender_id": conversation, "tracker": tracker, "version": "3.6.21"}
    return json.dumps({**body, **changes})


def test_a_call_of_rasa_opens_the_case(server: Server, database: str) -> None:
    triage = Triage.connect(database)
    new = triage.start_conversation(NOON)
    answer = server.post(call(new.id))
    assert (answer.status_code, answer.json()) == (200, {"events": [], "responses": []})
    assert [case.level for case in triage.cases(new.id)] == [Level.IMMEDIATE]
    triage.close()


def test_it_listens_on_the_loopback_address_only(server: Server) -> None:
    addresses = {line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]}
    listening = {address for address in addresses if address.endswith(f":{server.port:04X}")}
    assert "0100007F" in {address.split(":")[0] for address in listening}
    assert "00000000" not in {address.split(":")[0] for address in listening}


BROKEN = {
    "not JSON": "{" + PRIVATE,
    "not UTF-8": b'{"x": "\xff\xfe' + PRIVATE.encode() + b'"}',
    "a list": json.dumps([PRIVATE]),
    "null": "null",
    "no tracker": json.dumps({"next_action": "action_open_case", "text": PRIVATE}),
    "no action": call("c", next_action=None),
    "an unknown action": call("c", next_action=PRIVATE),
    "a tracker that is text": call("c", tracker=PRIVATE),
    "a sender that is no text": call("c", tracker={"sender_id": 7, "latest_message": {"text": PRIVATE}}),
    "a message that is text": call("c", tracker={"sender_id": "c", "latest_message": PRIVATE}),
    "metadata that is text": call(
        "c",
        tracker={
            "sender_id": "c",
            "latest_message": {"metadata": PRIVATE, "decision": decide(Route.CRISIS).to_dict()},
        },
    ),
    "nested a hundred thousand deep": "[" * 100_000 + PRIVATE,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_call_gets_a_code_and_none_of_its_words_back(server: Server, content: bytes | str) -> None:
    answer = server.post(content)
    assert answer.status_code >= 400
    assert answer.json()["error"]["code"] in {"E606", "E511"}
    assert PRIVATE not in answer.text


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/webhook", 405), ("GET", f"/{PRIVATE}", 404)])
def test_other_addresses_and_methods_get_a_code(server: Server, method: str, path: str, status: int) -> None:
    answer = httpx.request(method, f"http://127.0.0.1:{server.port}{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "E606")
    assert PRIVATE not in answer.text


def test_what_is_not_even_http_is_not_echoed(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(f"{PRIVATE} nonsense\r\n{PRIVATE}\r\n\r\n".encode())
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert PRIVATE.encode() not in answer


def test_no_other_site_s_page_is_allowed_to_call_it(server: Server) -> None:
    answer = server.post(call("c"), headers={"Origin": "https://example.org"})
    assert "access-control-allow-origin" not in answer.headers


def test_a_second_server_on_the_same_port_says_so_in_one_line(server: Server) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "actions"], cwd=ROOT, env=server.environment, capture_output=True, text=True
    )
    assert second.returncode == 1
    assert second.stderr.startswith("[E002]")
    assert second.stderr.count("\n") == 1


def test_a_wrong_setting_is_told_in_one_line(server: Server) -> None:
    environment = {**server.environment, "SIGNPOST_ACTIONS_PORT": "many"}
    result = subprocess.run(
        [sys.executable, "-m", "actions"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert result.returncode == 1
    assert result.stderr.startswith("[E001]")


def test_the_log_holds_codes_and_nothing_that_a_visitor_wrote(server: Server) -> None:
    server.post(call("c", next_action=PRIVATE))
    log = server.log.read_text()
    assert "E606" in log
    assert PRIVATE not in log
    assert "Traceback" not in log
