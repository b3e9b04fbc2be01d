"""Measure the shipped detector on the shipped images with pycocotools.

Use: python -m demo_data.make.evaluate demo_data/detection
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

Boxes: TypeAlias = NDArray[np.float32]  # [N, 4] left, top, right, bottom, in pixels of the image
Answers: TypeAlias = tuple[Boxes, NDArray[np.intp], NDArray[np.float32]]  # boxes, labels, scores

LEAST_CONFIDENCE = 0.001
MOST_OVERLAP = 0.7  # of two answers of one class
MOST_CANDIDATES = 3000  # before repeats are removed; the rest would hardly make the 300
MOST_PER_IMAGE = 300
PADDING = 114


def main() -> None:
    """Print the figures of the README."""
    parser = argparse.ArgumentParser(description="Measure the demo detector.")
    parser.add_argument("folder", type=Path, help="folder with model.onnx, truth.json and images")
    folder = parser.parse_args().folder
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        folder / "model.onnx", options, providers=["CPUExecutionProvider"]
    )
    results = []
    for image in truth["images"]:
        with Image.open(folder / "images" / image["file_name"]) as opened:
            results += coco_results(image["id"], answers(session, opened.convert("RGB")))
    evaluation = measured(folder / "truth.json", results)
    evaluation.summarize()
    for category, precision in zip(truth["categories"], precisions_at_50(evaluation), strict=True):
        print(f"AP50 {category['name']:8} {precision:.3f}")


def answers(session: onnxruntime.InferenceSession, image: Image.Image) -> Answers:
    """What the detector finds in one image, the most confident first."""
    side = session.get_inputs()[0].shape[2]
    pixels, scale, left, top = letterboxed(image, side)
    cells = session.run(None, {"images": pixels})[0][0].T  # [cells, 4 + classes]

    centres, sizes, scores = cells[:, :2], cells[:, 2:4], cells[:, 4:]
    corners = np.concatenate([centres - sizes / 2, centres + sizes / 2], axis=1)
    boxes = (corners - [left, top, left, top]) / scale
    boxes = boxes.clip(0, [*image.size, *image.size]).astype(np.float32)
    cell, label = np.nonzero(scores >= LEAST_CONFIDENCE)
    order = np.argsort(-scores[cell, label], kind="stable")[:MOST_CANDIDATES]
    cell, label = cell[order], label[order]
    kept = without_repeats(boxes[cell], label)
    return boxes[cell][kept], label[kept], scores[cell, label][kept]


def letterboxed(image: Image.Image, side: int) -> tuple[NDArray[np.float32], float, int, int]:
    """The input [1, 3, side, side] from 0 to 1, its scale, and where the image begins in it."""
    scale = side / max(image.size)
    width, height = (round(length * scale) for length in image.size)
    left, top = (side - width) // 2, (side - height) // 2
    square = np.full((side, side, 3), PADDING, np.uint8)
    shrunk = image.resize((width, height), Image.Resampling.BILINEAR)
    square[top : top + height, left : left + width] = np.asarray(shrunk)
    return square.transpose(2, 0, 1)[None].astype(np.float32) / 255, scale, left, top


def without_repeats(boxes: Boxes, label: NDArray[np.intp]) -> list[int]:
    """The rows to keep of boxes, best first: none repeats a better one of its class."""
    kept: list[int] = []
    remaining = np.arange(len(boxes))
    while len(remaining) and len(kept) < MOST_PER_IMAGE:
        best, others = remaining[0], remaining[1:]
        kept.append(int(best))
        repeats = (overlaps(boxes[best], boxes[others]) > MOST_OVERLAP) & (
            label[others] == label[best]
        )
        remaining = others[~repeats]
    return kept


def overlaps(box: NDArray[np.float32], others: Boxes) -> NDArray[np.float32]:
    """Intersection over union of one box with each of the others, [N]."""
    corner = np.maximum(box[:2], others[:, :2])
    opposite = np.minimum(box[2:], others[:, 2:])
    intersection = (opposite - corner).clip(0).prod(axis=1)
    areas = (others[:, 2:] - others[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    return intersection / np.maximum(areas - intersection, 1e-9)


def coco_results(image_id: int, found: Answers) -> list[dict[str, Any]]:
    """The answers as entries of a COCO results file."""
    return [
        {
            "image_id": image_id,
            "category_id": int(label) + 1,
            "bbox": [*box[:2].tolist(), *(box[2:] - box[:2]).tolist()],
            "score": float(score),
        }
        for box, label, score in zip(*found, strict=True)
    ]


def measured(truth: Path, results: list[dict[str, Any]]) -> COCOeval:
    """The finished evaluation by pycocotools, without its chatter."""
    with contextlib.redirect_stdout(io.StringIO()):
        objects = COCO(str(truth))
        evaluation = COCOeval(objects, objects.loadRes(results), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
    return evaluation


def precisions_at_50(evaluation: COCOeval) -> list[float]:
    """Average precision of each class where an overlap of one half is enough."""
    by_recall = evaluation.eval["precision"][0, :, :, 0, -1]  # [recalls, classes]
    return [float(precision[precision >= 0].mean()) for precision in by_recall.T]


if __name__ == "__main__":
    main()
