"""Collect what encoders said about the examples that they were trained without. See scripts/encoder/README.md."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from fine_tune import ROOT

from bot.nlu.examples import read_examples
from bot.nlu.held_out import HELD_OUT_FILE, HeldOut


def main() -> None:
    """Write the table, and print how often the likeliest intent was right."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", type=Path, nargs="+", help="folders that fine_tune.py wrote with --hold-out")
    parser.add_argument("--to", type=Path, default=HELD_OUT_FILE)
    options = parser.parse_args()
    texts = [example.text for example in read_examples(ROOT / "data" / "nlu")]
    intents = (options.parts[0] / "intents.txt").read_text(encoding="utf-8").split()
    opinions = np.full((len(texts), len(intents)), np.nan, dtype=np.float32)
    right: list[bool] = []
    for part in options.parts:
        with np.load(part / "held_out.npz") as said:
            opinions[said["rows"]] = said["logits"]
            right += (said["logits"].argmax(1) == said["truth"]).tolist()
    missing = int(np.isnan(opinions).any(axis=1).sum())
    if missing:
        raise SystemExit(f"{missing} examples were held out by no part. Give all parts, made from these examples.")
    HeldOut.write(options.to, intents, texts, opinions)
    print(f"{options.to.name}: {len(texts)} examples; the head alone is right on {np.mean(right):.2%} of them, unseen")


if __name__ == "__main__":
    main()
