"""Ask supervision itself for the matrix of each recorded case, and keep its answer.

It has an environment of its own and no test runs it:

    python3.11 -m venv ENV
    ENV/bin/pip install supervision==0.31.2
    ENV/bin/python tests/parity/recorded/record_supervision.py

The answer joins those of the other tools in ultralytics.json, whose scenes it is asked about.
"""

import importlib.metadata
import json
from pathlib import Path
from typing import Any

import numpy as np

RECORDED = Path(__file__).with_name("ultralytics.json")


def main() -> None:
    """Add the installed version's matrices to the recorded cases."""
    version = f"supervision {importlib.metadata.version('supervision')}"
    cases = json.loads(RECORDED.read_text())
    for case in cases:
        case["matrix"][version] = matrix_of(case)
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    RECORDED.write_text(f"[\n{lines}\n]\n")


def matrix_of(case: dict[str, Any]) -> list[list[int]]:
    """Rows ground truth, columns prediction, as the installed version counts."""
    from supervision.metrics.detection import ConfusionMatrix

    truths = np.array(case["ground_truths"], float).reshape(-1, 6)
    found = np.array(case["predictions"], float).reshape(-1, 7)
    counted = ConfusionMatrix.from_tensors(
        predictions=[
            np.column_stack([corners(p[:, 3:]), p[:, 1], p[:, 2]])
            for p in (found[found[:, 0] == image] for image in range(case["images"]))
        ],
        targets=[
            np.column_stack([corners(t[:, 2:]), t[:, 1]])
            for t in (truths[truths[:, 0] == image] for image in range(case["images"]))
        ],
        classes=[str(class_) for class_ in range(case["classes"])],
        conf_threshold=case["confidence"],
        iou_threshold=case["iou"],
    )
    matrix: list[list[int]] = counted.matrix.astype(int).tolist()
    return matrix


def corners(boxes: np.ndarray) -> np.ndarray:
    """From left, top, width, height to left, top, right, bottom."""
    return np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])


if __name__ == "__main__":
    main()
