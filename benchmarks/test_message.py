"""What one message costs on the way to its decision: screen, encoder, classifier and router, on one core.

Run by `make bench`. Beside the whole stand its parts, so that one sees where the time goes.
"""

from __future__ import annotations

import itertools
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.context import Context
from bot.nlu.encoder import Encoder
from bot.nlu.routing import Decider
from bot.nlu.scoring import Scorer
from bot.nlu.text import plain
from bot.safety.screen import Screen
from bot.settings import ROOT, Settings
from bot.testing.labelled import read

MESSAGES = [message.text for message in read(ROOT / "tests" / "eval" / "messages.dev.jsonl")[0]]
SETTINGS = Settings.load({})


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """The trained model, out of the archive that the dialogue engine loads."""
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(SETTINGS.model_file) as archive:
        parts = [part for part in archive.getmembers() if "Blended" in part.name and part.isfile()]
        for part in parts:
            content = archive.extractfile(part)
            assert content is not None
            (folder / Path(part.name).name).write_bytes(content.read())
    return Scorer.load(folder, Encoder.load())


@pytest.fixture
def messages() -> Iterator[str]:
    """The labelled messages over and over, so that each round takes the next one."""
    return itertools.cycle(MESSAGES)


def test_the_whole_decision(benchmark: Any, scorer: Scorer, messages: Iterator[str]) -> None:
    screen = Screen.load(SETTINGS.safety_dir)
    decider = Decider.load(SETTINGS.domain_file)

    def decide() -> None:
        text = next(messages)
        alerts = screen.check(text)
        decider.decide(text, scorer.score(text), alerts, Context())

    run(benchmark, decide)


def test_the_screen(benchmark: Any, messages: Iterator[str]) -> None:
    screen = Screen.load(SETTINGS.safety_dir)
    run(benchmark, lambda: screen.check(next(messages)))


def test_the_encoder(benchmark: Any, messages: Iterator[str]) -> None:
    encoder = Encoder.load()
    run(benchmark, lambda: encoder.encode([plain(next(messages))]))


def test_the_general_encoder_as_a_peer(benchmark: Any, messages: Iterator[str]) -> None:
    encoder = Encoder.general()
    run(benchmark, lambda: encoder.encode([plain(next(messages))]))


def run(benchmark: Any, step: Callable[[], Any]) -> None:
    """Measure one step over all messages, twice, after a round to warm up."""
    benchmark.pedantic(step, rounds=2 * len(MESSAGES), warmup_rounds=20)
