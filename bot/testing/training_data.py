"""The training data held against the domain and against the messages that are kept for measuring."""

from __future__ import annotations

from pathlib import Path

from bot.blocks.script import Script
from bot.errors import SignpostError
from bot.nlu.examples import check_examples, read_examples
from bot.settings import ROOT, Settings
from bot.testing.labelled import read

EXAMPLES_DIR = ROOT / "data" / "nlu"
KEPT_APART_DIR = ROOT / "tests" / "eval"


def check_training_data(
    settings: Settings,
    *,
    near: bool = False,
    examples_dir: Path = EXAMPLES_DIR,
    kept_apart_dir: Path = KEPT_APART_DIR,
    domain_file: Path | None = None,
) -> list[SignpostError]:
    """Check the training examples.

    Args:
        settings: The settings, for the domain.
        near: Whether to look for nearly equal examples of two intents too, which takes half a minute.
        examples_dir: Folder of the examples.
        kept_apart_dir: Folder of the labelled messages and dialogues; it may be missing, as in an installation.
        domain_file: The domain; that of the settings where it is left out.

    Returns:
        What is wrong with them: E301, E302, E304, E305 and, when looked for, E307.

    Raises:
        SignpostError: E300 or E700, a file is not of the right form.
    """
    examples = read_examples(examples_dir)
    intents = Script.load(domain_file or settings.domain_file).intents
    problems = check_examples(examples, intents, kept_apart(kept_apart_dir))
    if near:
        # The encoder takes a second to import, and the other checks do without it.
        from bot.nlu.near_duplicates import near_duplicates

        problems += [pair.error() for pair in near_duplicates(examples)]
    return problems


def kept_apart(folder: Path) -> list[str]:
    """Read every message that is only for measuring.

    Args:
        folder: Folder of JSON Lines files; it may be missing.

    Returns:
        The texts of all messages and of all turns.

    Raises:
        SignpostError: E700, a line is not of the right form.
    """
    texts: list[str] = []
    for path in sorted(folder.glob("*.jsonl")):
        messages, dialogues = read(path)
        texts += [message.text for message in (*messages, *(turn for dialogue in dialogues for turn in dialogue.turns))]
    return texts
