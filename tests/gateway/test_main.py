"""The gateway as a program: a process of its own, spoken to over the network."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from bot.triage.migrate import upgrade

pytestmark = pytest.mark.model


@pytest.fixture
def environment(tmp_path: Path, free_port: Callable[[], int]) -> dict[str, str]:
    return {
        **os.environ,
        "SIGNPOST_VAR_DIR": str(tmp_path),
        "SIGNPOST_GATEWAY_PORT": str(free_port()),
        "SIGNPOST_RASA_PORT": str(free_port()),
        "SIGNPOST_CHANNEL_SECRET": "only for tests",
    }


@pytest.fixture
def gateway(environment: dict[str, str], tmp_path: Path) -> Iterator[httpx.Client]:
    upgrade(f"sqlite:///{tmp_path}/signpost.db")
    with (tmp_path / "gateway.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "bot.gateway"], cwd=ROOT, env=environment, stderr=log)
    with httpx.Client(base_url=f"http://127.0.0.1:{environment['SIGNPOST_GATEWAY_PORT']}", timeout=30) as client:
        wait_for(client, process)
        yield client
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) in (0, -signal.SIGTERM)


def wait_for(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            client.get("/healthz")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the gateway stopped with {process.returncode}")


def test_without_rasa_it_serves_the_page_the_helpline_and_the_crisis_words(
    gateway: httpx.Client, tmp_path: Path
) -> None:
    assert "0808 800 6000" in gateway.get("/").text
    assert gateway.get("/readyz").status_code == 503
    token = gateway.post("/api/chat/sessions").json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    crisis = gateway.post("/api/chat/messages", json={"text": "I want to kill myself"}, headers=headers).json()
    assert crisis["route"] == "crisis"
    calm = gateway.post("/api/chat/messages", json={"text": "zzz a calm question zzz"}, headers=headers).json()
    assert calm["route"] == "unavailable"
    huge = gateway.post("/api/chat/messages", content=b"x" * 300_000, headers={"Content-Type": "application/json"})
    assert huge.status_code == 413
    log = (tmp_path / "gateway.log").read_text()
    assert "zzz" not in log
    assert "POST" not in log
    assert "server" not in gateway.get("/").headers


def test_a_setting_that_is_wrong_is_one_line_with_a_code(environment: dict[str, str]) -> None:
    environment["SIGNPOST_DEADLINE_SECONDS"] = "soon"
    done = subprocess.run(
        [sys.executable, "-m", "bot.gateway"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("[E001]")
    assert len(done.stderr.splitlines()) == 1


def test_it_imports_neither_rasa_nor_the_desk() -> None:
    code = "import sys, bot.gateway.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    foreign = ("rasa", "sanic", "tensorflow", "bot.dialogue", "bot.nlu", "bot.desk")
    assert [name for name in done.stdout.split() if name.startswith(foreign)] == []
