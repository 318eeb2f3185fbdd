"""Export a fine-tuned encoder to int8 ONNX, and hold it against its weights. See scripts/encoder/README.md.

The graph holds everything: word pieces in, a vector of length 1 and the head's logits out. Weights of matrix products
are int8 for each output channel, in seven bits, so that processors without VNNI instructions cannot overflow when they
add up pairs; the embeddings are int8 too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from fine_tune import ROOT, Net, Reader
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process

from bot.nlu.examples import read_examples
from bot.nlu.text import plain

TARGET = ROOT / "data" / "encoder" / "encoder.onnx"
REFERENCE = ROOT / "tests" / "nlu" / "encoder_reference.json"
SENTENCES = (
    "what's my outlook?",
    "can it be cured",
    "i don't want to be here any more",
    "my husband says he has a plan and a date",
    "i can't feel my legs since this morning",
    "i can't stop crying",
    "is letrozole safe with a glass of wine",
    "thank you, that's all",
    "are there any meet-ups",
    "what's the weather doing in leeds",
)
"""Of every kind; `make test` holds what the file says about them against what the weights said."""

SAMPLE = 40


class Exported(torch.nn.Module):
    """What the product runs: no dropout, vectors and logits."""

    def __init__(self, net: Net) -> None:
        """Wrap a net."""
        super().__init__()
        self.net = net

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return vectors and logits."""
        return self.net(input_ids, attention_mask)


def load(folder: Path) -> tuple[Net, list[str]]:
    """Read what fine_tune.py wrote.

    Args:
        folder: Where it wrote to.

    Returns:
        The net, and the intents that its head knows.
    """
    intents = (folder / "intents.txt").read_text(encoding="utf-8").split()
    net = Net(len(intents))
    net.load_state_dict(torch.load(folder / "net.pt", weights_only=True))
    return net.eval(), intents


def export(net: Net, intents: list[str], target: Path) -> None:
    """Write the int8 file.

    Args:
        net: The net.
        intents: What its head knows; kept as metadata of the file.
        target: Where to write.
    """
    with tempfile.TemporaryDirectory() as folder:
        full, ready = Path(folder) / "full.onnx", Path(folder) / "ready.onnx"
        ids = torch.ones(2, 9, dtype=torch.long)
        axes = {"input_ids": {0: "texts", 1: "pieces"}, "attention_mask": {0: "texts", 1: "pieces"}}
        torch.onnx.export(
            Exported(net).eval(),
            (ids, ids),
            str(full),
            input_names=["input_ids", "attention_mask"],
            output_names=["vector", "logits"],
            dynamic_axes=axes | {"vector": {0: "texts"}, "logits": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )
        quant_pre_process(str(full), str(ready), skip_symbolic_shape=True)
        quantize_dynamic(str(ready), str(target), per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    model = onnx.load(str(target))
    onnx.helper.set_model_props(model, {"intents": " ".join(intents)})
    onnx.save(model, str(target))


def write_reference(net: Net) -> None:
    """Write down what the weights say about a few sentences, for a test that has no PyTorch.

    Args:
        net: The net.
    """
    with torch.no_grad():
        said = [net(*Reader()([plain(sentence)])) for sentence in SENTENCES]
    rows = [
        {"text": text, "vector": vector[0].tolist(), "logits": logits[0].tolist()}
        for text, (vector, logits) in zip(SENTENCES, said, strict=True)
    ]
    rounded = json.loads(json.dumps(rows), parse_float=lambda number: round(float(number), 4))
    REFERENCE.write_text("[\n" + ",\n".join(map(json.dumps, rounded)) + "\n]\n", encoding="utf-8")


def parity(net: Net, target: Path) -> tuple[float, float]:
    """Hold the file against the net, on one example in forty.

    Args:
        net: The net.
        target: The file.

    Returns:
        The lowest cosine between their vectors, and the share of texts whose likeliest intent is the same.
    """
    texts = [plain(example.text) for example in read_examples(ROOT / "data" / "nlu")[::SAMPLE]]
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    read, cosines, same = Reader(), [], []
    for text in texts:
        ids, mask = read([text])
        with torch.no_grad():
            expected = [part.numpy()[0] for part in net(ids, mask)]
        vector, logits = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
        cosines.append(float(vector[0] @ expected[0]))
        same.append(logits[0].argmax() == expected[1].argmax())
    return min(cosines), float(np.mean(same))


def main() -> None:
    """Export, and print what a reviewer needs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what fine_tune.py wrote")
    parser.add_argument("--to", type=Path, default=TARGET)
    options = parser.parse_args()
    net, intents = load(options.folder)
    export(net, intents, options.to)
    write_reference(net)
    lowest, same = parity(net, options.to)
    digest = hashlib.sha256(options.to.read_bytes()).hexdigest()
    print(f"{options.to.name}: {options.to.stat().st_size / 1e6:.1f} MB, sha256 {digest}")
    print(f"lowest cosine with the weights {lowest:.4f}; same intent for {same:.2%} of the examples looked at")


if __name__ == "__main__":
    main()
