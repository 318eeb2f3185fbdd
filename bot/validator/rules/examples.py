"""Training examples: each under one intent, enough of each, and none that is kept for measuring."""

from __future__ import annotations

from collections.abc import Iterator

from bot.blocks.checks.material import Problem
from bot.nlu.examples import read_examples
from bot.places import Place
from bot.settings import Settings
from bot.testing.training_data import check_training_data
from bot.validator.project import Project


def examples_are_right(project: Project) -> Iterator[Problem]:
    """Everything that `bot.testing.training_data` proves about examples, with the place of each finding."""
    first = {example.intent: Place(example.path, example.line) for example in reversed(read_examples(project.examples))}
    errors = check_training_data(
        Settings.load(),
        near=project.near,
        examples_dir=project.examples,
        kept_apart_dir=project.kept_apart,
        domain_file=project.domain,
    )
    for error in errors:
        values = error.values
        if "second_path" in values:
            yield Problem.from_error(error, Place(values["second_path"], values["second_line"]))
        else:
            yield Problem.from_error(error, first.get(values["intent"]) if "intent" in values else None)
