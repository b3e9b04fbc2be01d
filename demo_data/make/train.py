"""Train the detector from nothing and write its weights.

Use: python -m demo_data.make.train --scenes /tmp/parts_train --weights /tmp/detector.pt

The steps are counted, not timed, and every random draw is seeded: the same
command gives the same weights with the same torch on the same kind of processor.
"""

from __future__ import annotations

import argparse
import copy
import math
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from demo_data.make.batches import INPUT_SIDE, TRAIN_HEIGHT, batch, loaded
from demo_data.make.loss import Truth, assigned, detection_loss
from demo_data.make.network import Detector, all_cells
from demo_data.make.parts import CLASSES

STEPS = 5000
THREADS = 2
BATCH_SIZE = 16
LEARNING_RATE = 2e-3
WARM_UP = 100  # steps
REPORT_EVERY = 50
SAVE_EVERY = 500


@dataclass(frozen=True, eq=False)
class Training:
    """All that changes while the detector learns."""

    network: Detector
    average: Detector  # of the weights over the last steps; this is the one to keep
    optimiser: torch.optim.Optimizer

    def state(self, step: int) -> dict[str, Any]:
        """All that is needed to go on after this step."""
        return {
            "step": step,
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
        }


def main() -> None:
    """Train as the command line asks; go on where an interrupted training stopped."""
    parser = argparse.ArgumentParser(description="Train the demo detector.")
    parser.add_argument("--scenes", type=Path, required=True, help="folder written by render")
    parser.add_argument("--weights", type=Path, required=True, help="file to write")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()

    torch.manual_seed(asked.seed)
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False

    training = untrained()
    scenes = loaded(asked.scenes)
    cells = all_cells(TRAIN_HEIGHT, INPUT_SIDE)
    started, losses = time.process_time(), []
    for step in range(resume(training, asked.weights), asked.steps):
        for group in training.optimiser.param_groups:
            group["lr"] = learning_rate(step, asked.steps)
        images, truth = batch(scenes, asked.seed, step, BATCH_SIZE)
        losses.append(learn(training, images, truth, cells))
        follow(training.average, training.network, step)
        done = step + 1
        if done % REPORT_EVERY == 0:
            scores, boxes = (sum(each) / len(losses) for each in zip(*losses, strict=True))
            spent = f"{time.process_time() - started:.0f} s of processor"
            print(f"{done}/{asked.steps} scores {scores:.3f} boxes {boxes:.3f} {spent}", flush=True)
            losses = []
        if done % SAVE_EVERY == 0 or done == asked.steps:
            torch.save(training.state(done), asked.weights)


def untrained() -> Training:
    """A detector that knows nothing yet."""
    network = Detector(len(CLASSES)).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE, weight_decay=0.02)
    return Training(network, copy.deepcopy(network).eval(), optimiser)


def learn(
    training: Training, images: Tensor, truth: Truth, cells: tuple[Tensor, Tensor]
) -> tuple[float, float]:
    """Make one step; how wrong the scores and the boxes were before it."""
    logits, boxes = training.network(images.contiguous(memory_format=torch.channels_last))
    targets = assigned(logits, boxes, truth, *cells)
    score_loss, box_loss = detection_loss(logits, boxes, targets)
    training.optimiser.zero_grad()
    (score_loss + box_loss).backward()
    nn.utils.clip_grad_norm_(training.network.parameters(), 10)
    training.optimiser.step()
    return score_loss.item(), box_loss.item()


def resume(training: Training, weights: Path) -> int:
    """Take up the state in the file, if there is one; the number of steps already made."""
    if not weights.exists():
        return 0
    state = torch.load(weights, weights_only=True)
    training.network.load_state_dict(state["network"])
    training.average.load_state_dict(state["average"])
    training.optimiser.load_state_dict(state["optimiser"])
    return int(state["step"])


def learning_rate(step: int, steps: int) -> float:
    """A short rise, then half a cosine down to a fiftieth."""
    rise = min(1.0, (step + 1) / WARM_UP)
    fall = 0.02 + 0.98 * (1 + math.cos(math.pi * step / steps)) / 2
    return LEARNING_RATE * rise * fall


@torch.no_grad()
def follow(average: Detector, network: Detector, step: int) -> None:
    """Move the average towards the network: fast at first, then over about 500 steps."""
    keep = 0.998 * (1 - math.exp(-(step + 1) / 200))
    followed = zip(average.state_dict().values(), network.state_dict().values(), strict=True)
    for kept, new in followed:
        if kept.dtype.is_floating_point:
            kept.lerp_(new, 1 - keep)
        else:
            kept.copy_(new)


if __name__ == "__main__":
    main()
