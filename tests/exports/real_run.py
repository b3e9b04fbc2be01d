"""What one export and its framework's own answers leave in a folder, for the comparison.

Imported in the environments of the frameworks, so it needs nothing but NumPy.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

PHOTOS = sorted((Path(__file__).parents[3] / "shared/real/voc100/images").glob("*.jpg"))[:5]
CONFIDENCE = 0.25


@dataclass
class Boxes:
    """What a framework's own `predict` finds in one photo."""

    corners: list[list[float]]  # left, top, right, bottom in pixels of the photo
    scores: list[float]
    classes: list[int]


@dataclass
class Probabilities:
    """What a framework's own classifier says of one photo."""

    values: list[float]


@dataclass
class RealRun:
    """One export, and what its framework makes of the five photos."""

    framework: str
    variant: str
    versions: dict[str, str]
    answers: list[Boxes] | list[Probabilities]
    # Of outputs with thousands of rows: [axis of the rows, first column of scores, one past them].
    scored: dict[str, list[int]] = field(default_factory=dict)
    tolerance: float = 0.01  # of a score
    pixels: float = 0.5  # of a side of a box
    keep: bool = True  # a small graph of it, for the tests
    spare: float = 0.01  # share of boxes that only one has, where two scores or overlaps tie

    def leave(self, work: Path) -> None:
        """Write it beside its model: WORK/framework/variant/run.json."""
        folder = folder_of(work, self.framework, self.variant)
        (folder / "run.json").write_text(json.dumps(asdict(self)))


def folder_of(work: Path, framework: str, variant: str) -> Path:
    """Where the model of a variant is to lie, as model.onnx."""
    folder = work / framework / variant.replace(" ", "_").replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def boxes(corners, scores, classes, size) -> Boxes:
    """Arrays [N, 4], [N], [N] -> those above the confidence, cut at the photo's edges."""
    corners, scores, classes = (np.asarray(part, np.float64) for part in (corners, scores, classes))
    kept = scores >= CONFIDENCE
    width, height = size
    inside = corners.reshape(-1, 4)[kept].clip(0, [width, height, width, height])
    return Boxes(inside.tolist(), scores[kept].tolist(), classes[kept].astype(int).tolist())
