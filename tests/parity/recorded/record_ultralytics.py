"""Ask Ultralytics itself for the matrix of each recorded case, and keep its answer.

It needs gigabytes of torch, so it has an environment of its own and no test runs it:

    python3.11 -m venv ENV
    ENV/bin/pip install torch numpy opencv-python-headless matplotlib pillow pyyaml requests psutil
    ENV/bin/pip install --no-deps ultralytics==8.4.183    # then again with 8.4.190
    ENV/bin/python tests/parity/recorded/record_ultralytics.py

The answer of the version that is installed joins the others in ultralytics.json. Its
matrix has the prediction in the rows; what is kept has the ground truth there.
"""

import importlib.machinery
import importlib.metadata
import json
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

RECORDED = Path(__file__).with_name("ultralytics.json")
CASES, IMAGES, CLASSES, SEED = 16, 4, 4, 20
CONFIDENCES = (0.0, 0.125, 0.25, 0.5)  # exact in float32 too: some predictions lie on them
IOUS = (0.3, 0.45, 0.5, 0.75)


def main() -> None:
    """Add the installed version's matrices to the recorded cases."""
    version = importlib.metadata.version("ultralytics")
    cases = json.loads(RECORDED.read_text()) if RECORDED.exists() else drawn()
    for case in cases:
        case["matrix"][version] = matrix_of(case)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    RECORDED.write_text(f"[\n{lines}\n]\n")


def drawn() -> list[dict[str, Any]]:
    """Crowded scenes, in which many predictions want the same ground truth."""
    rng = np.random.default_rng(SEED)
    return [
        {
            "iou": IOUS[number % len(IOUS)],
            "confidence": CONFIDENCES[number // len(IOUS) % len(CONFIDENCES)],
            "images": IMAGES,
            "classes": CLASSES,
            **scene(rng),
            "matrix": {},
        }
        for number in range(CASES)
    ]


def scene(rng: np.random.Generator) -> dict[str, list[list[float]]]:
    """Rows image, class, left, top, width, height; the confidence comes before the box."""
    truths, predictions = [], []
    for image in range(IMAGES):
        t = int(rng.integers(0, 9))
        box = np.hstack([rng.uniform(0, 40, (t, 2)), rng.uniform(15, 45, (t, 2))])
        class_ = rng.integers(0, CLASSES, t)
        truths += [[image, int(c), *b] for c, b in zip(class_, box.round(1).tolist(), strict=True)]
        of = rng.integers(0, t, 3 * t) if t else np.zeros(0, int)
        near = box[of] * rng.uniform(0.85, 1.15, (3 * t, 4))
        far = np.hstack([rng.uniform(0, 80, (3, 2)), rng.uniform(10, 30, (3, 2))])
        boxes = np.vstack([near, far])
        guess = np.append(class_[of], rng.integers(0, CLASSES, 3))
        wrong = rng.random(len(guess)) < 0.3
        guess[wrong] = rng.integers(0, CLASSES, wrong.sum())
        # Distinct within an image but for the thresholds: both versions sort ties as it happens.
        score = rng.permutation(999)[: len(guess)] / 1000 + 0.0005
        score[0] = rng.choice(CONFIDENCES[1:])
        rows = zip(guess.tolist(), score.round(4).tolist(), boxes.round(1).tolist(), strict=True)
        predictions += [[image, c, s, *b] for c, s, b in rows]
    return {"ground_truths": truths, "predictions": predictions}


def matrix_of(case: dict[str, Any]) -> list[list[int]]:
    """Rows ground truth, columns prediction, as the installed version counts."""
    import torch

    metrics = ultralytics_metrics()
    counted = metrics.ConfusionMatrix(names={c: str(c) for c in range(case["classes"])})
    truths = np.array(case["ground_truths"], float).reshape(-1, 6)
    found = np.array(case["predictions"], float).reshape(-1, 7)
    for image in range(case["images"]):
        t, p = truths[truths[:, 0] == image], found[found[:, 0] == image]
        p = p[np.argsort(-p[:, 2], kind="stable")]  # as non-maximum suppression hands them over
        detections = {
            "cls": torch.tensor(p[:, 1]),
            "conf": torch.tensor(p[:, 2], dtype=torch.float32),
            "bboxes": corners(torch.tensor(p[:, 3:], dtype=torch.float32)),
        }
        batch = {
            "cls": torch.tensor(t[:, 1]),
            "bboxes": corners(torch.tensor(t[:, 2:], dtype=torch.float32)),
        }
        counted.process_batch(detections, batch, conf=case["confidence"], iou_thres=case["iou"])
    matrix: list[list[int]] = counted.matrix.T.astype(int).tolist()
    return matrix


def corners(boxes: Any) -> Any:
    """From left, top, width, height to left, top, right, bottom."""
    boxes[:, 2:] += boxes[:, :2]
    return boxes


def ultralytics_metrics() -> Any:
    """ultralytics.utils.metrics, where torchvision may be missing: boxes do not need it."""
    try:
        importlib.metadata.version("torchvision")
    except importlib.metadata.PackageNotFoundError:
        stand_in = types.ModuleType("torchvision")
        stand_in.__spec__ = importlib.machinery.ModuleSpec("torchvision", None)
        sys.modules["torchvision"] = stand_in
        asked = importlib.metadata.version
        importlib.metadata.version = lambda name: "0.0" if name == "torchvision" else asked(name)
    from ultralytics.utils import metrics

    return metrics


if __name__ == "__main__":
    main()
