"""What all tests share: an environment without the developer's own settings, and settings that touch nothing real."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.run.environment import QUIET
from bot.settings import Settings

for name in [name for name in os.environ if name.startswith("SIGNPOST_") or name == "DATABASE_URL"]:
    del os.environ[name]
os.environ.update(QUIET)


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Gives ports of 127.0.0.1 that nobody listens on."""

    def find() -> int:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    return find


@pytest.fixture
def settings(tmp_path: Path, free_port: Callable[[], int]) -> Settings:
    """Settings of an installation of its own, below the test's folder."""
    return Settings.load(
        {
            "SIGNPOST_VAR_DIR": str(tmp_path / "var"),
            "SIGNPOST_MODEL_DIR": str(tmp_path / "models"),
            "SIGNPOST_GATEWAY_PORT": str(free_port()),
            "SIGNPOST_RASA_PORT": str(free_port()),
            "SIGNPOST_ACTIONS_PORT": str(free_port()),
            "SIGNPOST_CHANNEL_SECRET": "only for tests",
        }
    )
