"""A step of the confidence slider where two models are compared, both sides moving.

    python -m tests.benchmarks.compare_slider M [S]

Prints p50 and p95 of the CPU milliseconds of a step under each rule: objects, false alarms and
both matrices, at 60 confidences from .05 to .95 and from .2 to .8.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from engine.compare.objects import compared_objects
from engine.core.dataset import DetectionDataset, Images, Predictions
from engine.core.thresholds import MATCHINGS, Matching
from engine.detection.detection import Detection
from tests.benchmarks.coco_shaped import SIZES, make
from tests.benchmarks.comparisons import second_model

RANGES = ((0.05, 0.95), (0.2, 0.8))
STEPS = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="+", choices=tuple(SIZES))
    for size in parser.parse_args().sizes:
        made = make(SIZES[size])
        count = len(made.image_ids)
        names = tuple(map(str, made.image_ids.tolist()))
        dataset = DetectionDataset(
            Path("truth.json"),
            tuple(map(str, made.category_ids.tolist())),
            Images(names, (None,) * count, made.image_sizes),
            made.ground_truths,
        )
        pair = made.predictions, second_model(made).predictions
        print("| rule | range | p50 | p95 | first |\n|---|---|---|---|---|")
        for rule in MATCHINGS:
            for low, high in RANGES:
                first, p50, p95 = steps(dataset, pair, rule, low, high)
                print(f"| {size}, {rule} | {low} to {high} | {p50:.1f} | {p95:.1f} | {first:.0f} |")


def steps(
    dataset: DetectionDataset,
    pair: tuple[Predictions, Predictions],
    rule: Matching,
    low: float,
    high: float,
) -> tuple[float, float, float]:
    """Milliseconds of the first comparison, and p50 and p95 of the steps after it."""
    a, b = (Detection(dataset, each).at_iou(0.5, rule) for each in pair)
    a.complete()
    b.complete()
    taken = []
    for confidence in (a.optimum.confidence, *np.linspace(low, high, STEPS)):
        begun = time.process_time()
        compared_objects(a, confidence, b, confidence)
        _ = b.matrix(confidence).counts - a.matrix(confidence).counts
        taken.append(1000 * (time.process_time() - begun))
    return taken[0], *np.percentile(taken[1:], [50, 95])


if __name__ == "__main__":
    main()
