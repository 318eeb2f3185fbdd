"""Training: only when something changed, in a process of its own, with its progress shown."""

from __future__ import annotations

import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import Code, SignpostError
from bot.run.console import Console
from bot.run.environment import training_environment
from bot.run.fingerprint import ModelRecord, combine, digests, file_digest, record_file
from bot.run.logs import RotatingLog
from bot.run.processes import Child, Guard
from bot.run.stop import StopSignal
from bot.settings import ROOT, Settings

POLL_SECONDS = 0.2
_STAGE = re.compile(r"Starting to train component '(\w+)'")


def why_train(model_file: Path, root: Path = ROOT) -> str | None:
    """Say why the model must be trained.

    Args:
        model_file: The model.
        root: The project's folder.

    Returns:
        The reason as part of a sentence, or None where the model is right.
    """
    record = ModelRecord.read(record_file(model_file))
    if record is None or not model_file.exists():
        return "there is no model yet"
    if file_digest(model_file) != record.model_sha256:
        return "the model file is not the one that was trained here"
    inputs = digests(root)
    changed = sorted(
        path for path in inputs.keys() | record.inputs.keys() if inputs.get(path) != record.inputs.get(path)
    )
    if not changed:
        return None
    others = len(changed) - 1
    return f"{changed[0]} changed" if not others else f"{changed[0]} and {others} more changed"


def rasa_train(out: Path) -> tuple[str, ...]:
    """Return the command that trains.

    Args:
        out: The folder that the model goes to.

    Returns:
        The command. It is told to force: Rasa's own cache does not see a change in our components' code.
    """
    return (
        *(sys.executable, "-m", "rasa", "train", "--force", "--config", "config.yml", "--domain", "domain.yml"),
        *("--data", "data/nlu", "data/stories", "--fixed-model-name", "signpost", "--out", str(out)),
    )


def train(
    settings: Settings,
    console: Console,
    guard: Guard,
    stop: StopSignal,
    command: Callable[[Path], Sequence[str]] = rasa_train,
    root: Path = ROOT,
) -> bool:
    """Train the model; the one before stays until the new one is whole.

    Args:
        settings: The settings.
        console: Where progress is shown.
        guard: Who ends the training if we are killed.
        stop: The wish to stop.
        command: Makes the command from the folder that the model goes to.
        root: The project's folder.

    Returns:
        Whether a model was made; False where somebody asked to stop.

    Raises:
        SignpostError: E007, training failed.
    """
    inputs = digests(root)
    out = settings.model_dir / "new"
    shutil.rmtree(out, ignore_errors=True)
    log = RotatingLog(settings.var_dir / "logs" / "train.log")
    stage = "reading and encoding the examples"

    def note(line: str) -> None:
        nonlocal stage
        if match := _STAGE.search(line):
            stage = f"training {match[1]}"

    child = Child(command(out), training_environment(settings), log, guard, on_line=note)
    started = time.monotonic()
    while (status := child.poll()) is None:
        if stop:
            child.send(signal.SIGKILL if stop.at_once else signal.SIGTERM)
        else:
            console.progress(stage, time.monotonic() - started)
        time.sleep(POLL_SECONDS)
    made = out / settings.model_file.name
    if stop:
        shutil.rmtree(out, ignore_errors=True)
        return False
    if status != 0 or not made.exists():
        for line in child.last_lines:
            console.error(line)
        raise SignpostError(Code.E007, status=status, log=log.path)
    # The record last: a model without its record is trained again.
    record_file(settings.model_file).unlink(missing_ok=True)
    made.replace(settings.model_file)
    ModelRecord(combine(inputs), file_digest(settings.model_file), inputs).write(record_file(settings.model_file))
    shutil.rmtree(out, ignore_errors=True)
    console.line(f"Trained in {time.monotonic() - started:.0f} s.")
    return True
