"""Ask tidecv itself for the error types of each recorded case, and keep its answer.

It needs OpenCV, matplotlib and pandas, so it has an environment of its own and no test
runs it:

    python3.11 -m venv ENV
    ENV/bin/pip install tidecv==1.0.1
    PYTHONPATH=. ENV/bin/python tests/parity/recorded/record_tidecv.py

Scenes are kept with their answers in tidecv.json; what is shaped like COCO is made again
from its seed.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from tidecv import TIDE
from tidecv.data import Data
from tidecv.errors import main_errors as kinds

from tests.benchmarks.coco_shaped import SIZES, make

RECORDED = Path(__file__).with_name("tidecv.json")
CASES, IMAGES, CLASSES, SEED = 24, 4, 4, 22
IOUS = (0.1, 0.3, 0.5, 0.75, 0.9, 1.0)
SHAPED_IOUS = (0.5, 0.75)
TYPES = (
    kinds.ClassError,
    kinds.BoxError,
    kinds.OtherError,
    kinds.DuplicateError,
    kinds.BackgroundError,
    kinds.MissedError,
)


def main() -> None:
    """Ask for all cases anew."""
    rng = np.random.default_rng(SEED)
    cases = [
        {"iou": IOUS[number % len(IOUS)], "images": IMAGES, "classes": CLASSES}
        | scene(rng, crowded=number % 8 == 7)
        for number in range(CASES)
    ]
    for case in cases:
        case["answer"] = answer(
            case["images"], case["ground_truths"], case["predictions"], case["iou"]
        )
    made, images = make(SIZES["XS"]), SIZES["XS"].images
    truths, found = made.ground_truths, made.predictions
    rows = zip(truths.image, truths.class_, truths.crowd, truths.box, strict=True)
    shaped_truths = [[int(i), int(c), int(crowd), *box.tolist()] for i, c, crowd, box in rows]
    columns = zip(found.image, found.class_, found.confidence, found.box, strict=True)
    shaped_found = [[int(i), int(c), float(s), *box.tolist()] for i, c, s, box in columns]
    for iou in SHAPED_IOUS:
        said = answer(images, shaped_truths, shaped_found, iou)
        cases.append({"iou": iou, "shaped": "XS", "answer": said})
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    RECORDED.write_text(f"[\n{lines}\n]\n")


def scene(rng: np.random.Generator, *, crowded: bool) -> dict[str, list[list[float]]]:
    """Rows image, class, crowd, box and image, class, confidence, box; many of them alike."""
    truths, predictions = [], []
    for image in range(IMAGES):
        t = int(rng.integers(0, 9))
        box = np.ceil(np.hstack([rng.uniform(0, 40, (t, 2)), rng.uniform(15, 45, (t, 2))]) / 5) * 5
        class_ = rng.integers(0, CLASSES, t)
        crowd = rng.random(t) < 0.15
        rows = zip(class_.tolist(), crowd.tolist(), box.tolist(), strict=True)
        truths += [[image, c, int(on), *b] for c, on, b in rows]
        # Of these one image has more predictions than the limit.
        n = 40 * t if crowded and not image else int(rng.integers(0, 3)) * t
        of = rng.integers(0, t, n) if t else np.zeros(0, int)
        near = box[of] + rng.integers(-2, 3, (n, 4)) * 2.5
        far = np.hstack([rng.uniform(0, 80, (3, 2)), rng.uniform(10, 30, (3, 2))]).round(1)
        boxes = np.vstack([near, far])
        guess = np.append(class_[of], rng.integers(0, CLASSES, 3))
        wrong = rng.random(len(guess)) < 0.3
        guess[wrong] = rng.integers(0, CLASSES, wrong.sum())
        score = rng.uniform(0, 1, len(guess)).round(2)  # so that ties occur
        rows = zip(guess.tolist(), score.tolist(), boxes.tolist(), strict=True)
        predictions += [[image, c, s, *b] for c, s, b in rows]
    return {"ground_truths": truths, "predictions": predictions}


def answer(
    images: int, truths: list[list[float]], predictions: list[list[float]], iou: float
) -> dict[str, Any]:
    """tidecv's counts, and its average precisions, which go from 0 to 100."""
    gt, found = Data("truth"), Data("predictions")
    for image in range(images):
        gt.add_image(image, str(image))
    for image, class_, crowd, *box in truths:
        (gt.add_ignore_region if crowd else gt.add_ground_truth)(image, class_, box)
    for image, class_, score, *box in predictions:
        found.add_detection(image, class_, score, box)
    run = TIDE(pos_threshold=iou).evaluate(gt, found, mode=TIDE.BOX)
    main, special = run.fix_main_errors(), run.fix_special_errors()
    return {
        "AP": run.ap,
        "counts": [len(run.error_dict[kind]) for kind in TYPES],
        "dAP": [main[kind] for kind in TYPES],
        "FalsePos": special[kinds.FalsePositiveError],
        "FalseNeg": special[kinds.FalseNegativeError],
    }


if __name__ == "__main__":
    main()
