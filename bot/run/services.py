"""The services: what each of them is called, how it is started, and how one sees that it is ready."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.run.environment import service_environment, serving_environment
from bot.run.ports import Port
from bot.settings import ROOT, Settings

PROBE_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """One program that runs for as long as Signpost does.

    Attributes:
        name: Short name; its log is NAME.log.
        command: The program and its arguments.
        env: Environment variables to add.
        port: Where it listens.
        ready: The path that answers with 200 once it can do its work.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    port: Port
    ready: str

    @property
    def title(self) -> str:
        """What people call it."""
        return self.port.service

    def answers(self, path: str) -> bool:
        """See whether a path answers with 200.

        Args:
            path: The path.

        Returns:
            Whether it does, within a second.
        """
        connection = http.client.HTTPConnection(self.port.local_host, self.port.number, timeout=PROBE_SECONDS)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def write_endpoints(settings: Settings, original: Path = ROOT / "endpoints.yml") -> None:
    """Write the copy of endpoints.yml that the dialogue engine is started with: the action server's port is as set.

    Args:
        settings: The settings.
        original: The file that is copied.
    """
    endpoints = yaml.safe_load(original.read_text())
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{settings.actions_port}/webhook"
    (settings.var_dir / original.name).write_text(yaml.safe_dump(endpoints))


def signpost_services(settings: Settings, fingerprint: str) -> tuple[Service, ...]:
    """Return the services of Signpost in the order of their start.

    Args:
        settings: The settings, with a channel secret.
        fingerprint: What the model was trained from.

    Returns:
        The gateway first: it answers with the helpline and the safety screen while the others start.
    """
    python = sys.executable
    common = service_environment(settings)
    gateway = Port("gateway", settings.gateway_port, "SIGNPOST_GATEWAY_PORT", settings.host)
    actions = Port("action server", settings.actions_port, "SIGNPOST_ACTIONS_PORT")
    dialogue = Port("dialogue engine", settings.rasa_port, "SIGNPOST_RASA_PORT")
    rasa = (
        *(python, "-m", "rasa", "run", "--model", str(settings.model_file)),
        *("--endpoints", str(settings.var_dir / "endpoints.yml"), "--credentials", "credentials.yml"),
        *("--interface", dialogue.host, "--port", str(dialogue.number)),
    )
    return (
        Service("gateway", (python, "-m", "bot.gateway"), common, gateway, "/healthz"),
        Service("actions", (python, "-m", "actions"), common, actions, "/health"),
        Service("rasa", rasa, serving_environment(settings, fingerprint), dialogue, "/webhooks/signpost/ready"),
    )
