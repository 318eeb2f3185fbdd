"""The real dialogue engine refuses to start where the self-check fails."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.dialogue.self_check import EXIT_STATUS
from bot.errors import Code
from bot.run.fingerprint import FINGERPRINT_VARIABLE
from bot.settings import ROOT
from tests.model import SETTINGS

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.mark.parametrize(
    ("more", "code"),
    [([], Code.E402), (["--enable-api"], Code.E401)],
    ids=["a model of other data", "the HTTP API is on"],
)
def test_it_ends_with_a_coded_error_and_a_status_of_its_own(
    more: list[str], code: Code, tmp_path: Path, free_port: Callable[[], int]
) -> None:
    command = [sys.executable, "-m", "rasa", "run", "--model", str(SETTINGS.model_file), "--endpoints", "endpoints.yml"]
    command += ["--interface", "127.0.0.1", "--port", str(free_port()), "--credentials", "credentials.yml", *more]
    environment = {
        **os.environ,
        "SIGNPOST_VAR_DIR": str(tmp_path),
        "SIGNPOST_CHANNEL_SECRET": "only for tests",
        FINGERPRINT_VARIABLE: "0" * 64,
        "LOG_LEVEL": "WARNING",
        "PYTHONWARNINGS": "ignore",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == EXIT_STATUS, done.stderr[-2_000:]
    assert f"[{code.name}]" in done.stdout + done.stderr
