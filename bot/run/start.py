"""`python -m bot run`: check everything, train if needed, then serve until somebody asks to stop."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path

from bot.run.console import Console
from bot.run.disk import check_disk, private_folder
from bot.run.fingerprint import trained_fingerprint
from bot.run.logs import RotatingLog
from bot.run.packages import check_packages
from bot.run.ports import check_ports
from bot.run.processes import Guard
from bot.run.services import signpost_services, write_endpoints
from bot.run.stop import StopSignal
from bot.run.supervisor import Supervisor
from bot.run.training import train, why_train
from bot.settings import ROOT, Settings

READY = "/readyz"


def run(settings: Settings) -> int:
    """Start Signpost and keep it running.

    Args:
        settings: The settings.

    Returns:
        The exit code: 0 when asked to stop, 1 when Signpost cannot run.

    Raises:
        SignpostError: Something is not in order; its text says what, and what to do.
    """
    console = prepare(settings)
    settings = replace(settings, channel_secret=settings.channel_secret or secrets.token_hex(32))
    check_ports(service.port for service in signpost_services(settings, ""))
    if not check_approved_text(settings, console):
        return 1
    migrate(settings)
    with Guard() as guard, StopSignal() as stop:
        if not train_if_needed(settings, console, guard, stop):
            return 0
        write_endpoints(settings)
        services = signpost_services(settings, trained_fingerprint(settings.model_file))
        supervisor = Supervisor(services, logs_folder(settings), console, guard, stop)
        gateway = services[0].port
        return supervisor.run(f"http://{gateway.local_host}:{gateway.number}", READY)


def run_training(settings: Settings, *, force: bool) -> int:
    """Train the model.

    Args:
        settings: The settings.
        force: Whether to train even if nothing changed.

    Returns:
        The exit code: 0 when there is a right model, 130 when asked to stop.

    Raises:
        SignpostError: Something is not in order; its text says what, and what to do.
    """
    console = prepare(settings)
    with Guard() as guard, StopSignal() as stop:
        return 0 if train_if_needed(settings, console, guard, stop, force=force) else 130


def prepare(settings: Settings) -> Console:
    """Check packages, folders and disk.

    Args:
        settings: The settings.

    Returns:
        The console, which keeps its lines in the folder of logs.

    Raises:
        SignpostError: E003, E004 or E008.
    """
    requirements = ROOT / "requirements"
    check_packages(requirements / "runtime.txt", requirements / "runtime.in", Path(sys.prefix) / "runtime.txt")
    os.umask(0o077)
    private_folder(settings.var_dir)
    private_folder(logs_folder(settings))
    private_folder(settings.model_dir)
    check_disk(settings.var_dir, "SIGNPOST_VAR_DIR")
    check_disk(settings.model_dir, "SIGNPOST_MODEL_DIR")
    return Console(RotatingLog(logs_folder(settings) / "run.log"))


def logs_folder(settings: Settings) -> Path:
    """Return the folder of logs.

    Args:
        settings: The settings.

    Returns:
        The folder.
    """
    return settings.var_dir / "logs"


def check_approved_text(settings: Settings, console: Console) -> bool:
    """Check the approved text and show what was found.

    Args:
        settings: The settings.
        console: Where it is shown.

    Returns:
        Whether there is no error. Warnings are only counted here; `python -m bot check` shows them.
    """
    from bot.blocks.check import run_checks

    report = run_checks(settings)
    errors = [problem for problem in report.problems if problem.severity == "error"]
    warnings = len(report.problems) - len(errors)
    for problem in errors:
        console.error(problem.message)
    if warnings and not errors:
        counted = (
            "1 warning; `make check` shows it" if warnings == 1 else f"{warnings} warnings; `make check` shows them"
        )
        console.line(f"The approved text is in order, with {counted}.")
    return not errors


def migrate(settings: Settings) -> None:
    """Bring the database up to date.

    Args:
        settings: The settings.

    Raises:
        SignpostError: E600, the database cannot be reached.
    """
    from bot.triage.migrate import upgrade

    upgrade(settings.database_url)


def train_if_needed(
    settings: Settings, console: Console, guard: Guard, stop: StopSignal, *, force: bool = False
) -> bool:
    """Train the model where it is missing or was trained from something else.

    Args:
        settings: The settings.
        console: Where progress is shown.
        guard: Who ends the training if we are killed.
        stop: The wish to stop.
        force: Whether to train in any case.

    Returns:
        Whether there is a right model; False where somebody asked to stop.

    Raises:
        SignpostError: E007, training failed; E200 to E202, a safety pattern is wrong.
    """
    reason = "as you asked" if force else why_train(settings.model_file)
    if reason is None:
        return True
    from bot.safety.screen import Screen

    Screen.load(settings.safety_dir)  # a slip in a pattern shows now, not after minutes of training
    console.line(f"Training the model: {reason}. This takes some minutes.")
    return train(settings, console, guard, stop)
