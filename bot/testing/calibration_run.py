"""The work behind `python -m bot calibrate`: score, pick, and say what it means."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.blocks.library import Library
from bot.blocks.script import Script
from bot.nlu.context import ASK
from bot.nlu.details import Details
from bot.nlu.encoder import Encoder
from bot.nlu.examples import read_examples
from bot.nlu.routing import Decider
from bot.nlu.scoring import Scorer
from bot.nlu.text import plain
from bot.nlu.thresholds import THRESHOLDS_FILE, Thresholds
from bot.safety.screen import Screen
from bot.settings import Settings
from bot.testing.calibrate import GRID, Choice, Costs, calibrate, thresholds_of, write
from bot.testing.evaluate import row
from bot.testing.labelled import read
from bot.testing.measures import measure
from bot.testing.training_data import EXAMPLES_DIR
from bot.testing.unseen import Unseen, outcomes, unseen_examples


def calibrate_files(files: Sequence[Path], *, keep: bool) -> int:
    """Pick the thresholds and print what they mean.

    Args:
        files: Labelled messages, as JSON Lines; their dialogues are left out.
        keep: Whether to leave the thresholds as they are, and only say what would be picked.

    Returns:
        Exit status 0.

    Raises:
        SignpostError: A file of the data is not of the right form.
    """
    settings, encoder = Settings.load(), Encoder.load()
    script, library = Script.load(settings.domain_file), Library.load(settings.approved_dir)
    screen, before, details = Screen.load(settings.safety_dir), Thresholds.load(), Details.load()
    examples = read_examples(EXAMPLES_DIR)
    texts = [example.text for example in examples]
    encoded = encoder.encode([plain(text) for text in texts])
    unseen = unseen_examples(examples, encoded.opinions, encoder.intents, screen)
    scorer = Scorer.fit(texts, encoded, [example.intent for example in examples], encoder)
    messages = [message for path in files for message in read(path)[0]]
    labelled = [Unseen(message, scorer.score(message.text), screen.check(message.text)) for message in messages]
    sets = [one for one in (unseen, labelled) if one]
    choices = calibrate(sets, Decider(script, before, details), before, Costs.load())
    sys.stdout.write(_table(choices, before))
    served = {"before": before} if keep else {"before": before, "now": thresholds_of(choices, before)}
    for name, thresholds in served.items():
        sys.stdout.write(f"\nUnseen examples with the thresholds {name}, {len(unseen)} of them:\n")
        measured = measure(outcomes(unseen, Decider(script, thresholds, details), script, library))
        sys.stdout.writelines(f"{row(title, share)}\n" for title, share in measured)
    if not keep:
        write(THRESHOLDS_FILE, before, choices)
    return 0


def _table(choices: Sequence[Choice], before: Thresholds) -> str:
    shown = slice(1, None, 3)
    heads = " ".join(f"{threshold:5.2f}" for threshold in GRID[shown])
    lines = [
        "Cost at each threshold, the cheapest as 1:",
        f"{'threshold':18} {'before':>6} {'now':>5} {'messages':>8}  {heads}",
    ]
    for choice in choices:
        earlier = before.for_answer(choice.name) if choice.name.startswith(ASK) else getattr(before, choice.name)
        least = min(choice.curve, default=0.0) or 1.0
        curve = " ".join(f"{cost / least:5.2f}" for cost in choice.curve[shown])
        lines.append(f"{choice.name:18} {earlier:6.2f} {choice.value:5.2f} {choice.cases:8}  {curve}")
    return "\n".join(lines) + "\n"
