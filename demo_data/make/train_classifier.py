"""Train the classifier from nothing and write it as an ONNX file.

Use: python -m demo_data.make.train_classifier --model demo_data/classification/model.onnx

It renders its own crops first. The steps are counted, not timed, and every random draw is
seeded: the same command gives the same file with the same torch on the same kind of processor.
"""

from __future__ import annotations

import argparse
import io
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from demo_data.make.classifier import Classifier, export
from demo_data.make.crops import Crop, fitted
from demo_data.make.parts import CLASSES
from demo_data.make.render_crops import all_crops
from demo_data.make.train import learning_rate

SCENES = 1200
SCENES_SEED = 4
STEPS = 3500
THREADS = 1
BATCH_SIZE = 64
REPORT_EVERY = 100


def main() -> None:
    """Render, train and export as the command line asks."""
    parser = argparse.ArgumentParser(description="Train the demo classifier.")
    parser.add_argument("--model", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--scenes", type=int, default=SCENES, help="number of scenes to cut from")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()

    cut = all_crops(SCENES_SEED, asked.scenes, processes=2)
    print(f"{len(cut)} crops to learn from", flush=True)
    images, labels = tensors(cut)

    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(asked.seed)
    classifier = trained(images, labels, asked.steps)
    export(classifier, asked.model)
    print(f"{asked.model}: {asked.model.stat().st_size:,} bytes")


def tensors(cut: list[Crop]) -> tuple[Tensor, Tensor]:
    """What the classifier reads of the crops, [N, 3, INPUT_SIDE, INPUT_SIDE], and their labels."""
    pixels = np.stack([fitted(Image.open(io.BytesIO(crop.jpeg))) for crop in cut])
    images = torch.from_numpy(pixels).permute(0, 3, 1, 2) / 255
    return images, torch.tensor([crop.label for crop in cut])


def trained(images: Tensor, labels: Tensor, steps: int) -> Classifier:
    """A classifier that has learned from the images."""
    classifier = Classifier(len(CLASSES)).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(classifier.parameters(), weight_decay=0.05)
    started, losses = time.process_time(), []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, steps)
        members = torch.randint(len(images), (BATCH_SIZE,))
        logits = classifier(varied(images[members]).contiguous(memory_format=torch.channels_last))
        loss = nn.functional.cross_entropy(logits, labels[members])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        if (step + 1) % REPORT_EVERY == 0:
            mean, spent = sum(losses) / len(losses), time.process_time() - started
            print(f"{step + 1}/{steps} loss {mean:.3f} {spent:.0f} s of processor", flush=True)
            losses = []
    return classifier


def varied(images: Tensor) -> Tensor:
    """The images mirrored, turned by a quarter and tinted at random."""
    across, down, turned = torch.randint(2, (3,)).tolist()
    if across:
        images = images.flip(3)
    if down:
        images = images.flip(2)
    if turned:
        images = images.transpose(2, 3)
    tint = 0.75 + 0.5 * torch.rand(len(images), 3, 1, 1)
    return (images * tint).clamp(0, 1)


if __name__ == "__main__":
    main()
