"""Runs the supervisor in a process of its own, over stand-ins: supervise.py FOLDER PORT PORT. A test kills it."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.run.console import Console
from bot.run.ports import Port
from bot.run.processes import Guard
from bot.run.services import Service
from bot.run.stop import StopSignal
from bot.run.supervisor import Supervisor
from tests.run.conftest import stand_in


def service(name: str, port: str, *options: object) -> Service:
    """Make a service of a stand-in."""
    return Service(name, stand_in("--port", port, *options), {}, Port(name, int(port), "SIGNPOST_X_PORT"), "/ready")


def main(folder: Path, first: str, second: str) -> int:
    """Run until stopped."""
    noted = ("--noted", folder / "notes", "--grandchild")
    services = (service("gateway", first, *noted), service("engine", second, *noted))
    with Guard() as guard, StopSignal() as stop:
        return Supervisor(services, folder, Console(), guard, stop).run("http://x", "/readyz")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
