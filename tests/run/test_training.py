"""Training: only when something changed, and the model before stays until the new one is whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.errors import Code, SignpostError
from bot.run.console import Console
from bot.run.fingerprint import record_file, trained_fingerprint
from bot.run.processes import Guard
from bot.run.training import rasa_train, train, why_train
from bot.settings import Settings
from tests.run.conftest import Screen, Wish

Command = Callable[[Path], Sequence[str]]


def writes(content: str, then: str = "") -> Command:
    """A stand-in for `rasa train` that makes a model of this content."""

    def command(out: Path) -> Sequence[str]:
        code = (
            "import pathlib, sys, time; out = pathlib.Path(sys.argv[1]); out.mkdir()\n"
            "print(\"INFO Starting to train component 'Router'.\", flush=True)\n"
            f"(out / 'signpost.tar.gz').write_text({content!r})\n{then}"
        )
        return (sys.executable, "-c", code, str(out))

    return command


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with two inputs."""
    root = tmp_path / "project"
    (root / "data" / "nlu").mkdir(parents=True)
    (root / "config.yml").write_text("pipeline: []")
    (root / "data" / "nlu" / "greet.yml").write_text("hello")
    return root


@pytest.fixture
def run(settings: Settings, console: Console, guard: Guard, wish: Wish, root: Path) -> Callable[[Command], bool]:
    """Trains with a stand-in."""
    settings.model_dir.mkdir(parents=True)
    (settings.var_dir / "logs").mkdir(parents=True)

    def run(command: Command) -> bool:
        return train(settings, console, guard, wish, command, root)

    return run


Run = Callable[[Command], bool]


def test_a_trained_model_needs_no_training(run: Run, settings: Settings, root: Path) -> None:
    assert why_train(settings.model_file, root) == "there is no model yet"
    assert run(writes("model"))
    assert settings.model_file.read_text() == "model"
    assert why_train(settings.model_file, root) is None
    assert trained_fingerprint(settings.model_file)


def test_the_reason_names_what_changed(run: Run, settings: Settings, root: Path) -> None:
    run(writes("model"))
    (root / "data" / "nlu" / "greet.yml").write_text("hello there")
    assert why_train(settings.model_file, root) == "data/nlu/greet.yml changed"
    (root / "config.yml").unlink()
    assert why_train(settings.model_file, root) == "config.yml and 1 more changed"


def test_a_model_from_elsewhere_is_not_trusted(run: Run, settings: Settings, root: Path) -> None:
    run(writes("model"))
    settings.model_file.write_text("from elsewhere")
    assert why_train(settings.model_file, root) == "the model file is not the one that was trained here"


def test_the_stage_is_shown(run: Run, screen: Screen) -> None:
    run(writes("model", "time.sleep(1)"))
    assert any(line.startswith("  training Router (") for line in screen.lines)
    assert screen.lines[-1].startswith("Trained in ")


def test_a_failed_training_shows_the_end_of_its_output_and_keeps_the_model(
    run: Run, settings: Settings, screen: Screen
) -> None:
    run(writes("good"))
    before = record_file(settings.model_file).read_text()
    with pytest.raises(SignpostError) as caught:
        run(writes("bad", "sys.exit('no such intent')"))
    assert str(caught.value) == Code.E007.text(status=1, log=settings.var_dir / "logs" / "train.log")
    assert screen.lines[-1] == "no such intent"
    assert settings.model_file.read_text() == "good"
    assert record_file(settings.model_file).read_text() == before


def test_a_training_that_makes_no_model_has_failed(run: Run) -> None:
    with pytest.raises(SignpostError, match="E007"):
        run(lambda out: (sys.executable, "-c", "pass"))


def test_asked_to_stop_it_stops_and_keeps_the_model(run: Run, settings: Settings, wish: Wish) -> None:
    run(writes("good"))
    wish.utter()
    assert not run(writes("half", "time.sleep(60)"))
    assert settings.model_file.read_text() == "good"
    assert not (settings.model_dir / "new").exists()


def test_rasa_reads_only_the_folders_of_training_data(tmp_path: Path) -> None:
    command = rasa_train(tmp_path)
    start = command.index("--data") + 1
    assert command[start : start + 2] == ("data/nlu", "data/stories"), "data/ also holds approved text and patterns"
