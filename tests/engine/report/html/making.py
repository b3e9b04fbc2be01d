"""Facts for pages, with and without images on the disk."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from engine.classification.classification import Classification
from engine.compare.comparison import compared
from engine.compare.numbers import compared_numbers
from engine.compare.points import side_point
from engine.compare.sides import Side, Sides
from engine.core.goals import GOALS
from engine.detection.detection import Detection
from engine.opening import Inputs, LeftOut, Opened
from engine.report.comparison import ComparisonFacts
from engine.report.making import ReportMaking
from engine.report.reporting import reported
from tests.making_classes import classification
from tests.opening import confused, opened

COMMAND = "offdiag report parts.onnx --data truth.json --format html"
MAKING = ReportMaking(COMMAND, "1.0", 24)
HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(2)'>",
    "a|b & `c` *d* [e](http://evil.example)",
    "two\nlines\x1b[31m\u202e{{ 7 * 7 }}",
)


def with_images(made: Detection | Classification, folder: Path) -> Detection | Classification:
    """Every image is there, 100 x 100 pixels, in a colour of its own."""
    paths = []
    for place, name in enumerate(made.images.name):
        path = folder / name
        Image.new("RGB", (100, 100), (60 * place % 256, 80, 200)).save(path, "PNG")
        paths.append(path)
    images = replace(made.images, path=tuple(paths))
    return replace(made, dataset=replace(made.dataset, images=images))


def renamed(made: Detection | Classification, names: tuple[str, ...], images: str = ""):
    """With other names of classes, and of images if any are given."""
    dataset = replace(made.dataset, classes=names)
    if images:
        every = tuple(f"{images}{place}" for place in range(len(made.images)))
        dataset = replace(dataset, images=replace(dataset.images, name=every))
    return replace(made, dataset=dataset)


def answers() -> Classification:
    """Bolts taken for nuts and the other way round."""
    value = [[0.9, 0.1, 0], [0.2, 0.8, 0], [0.6, 0.4, 0], [0.3, 0.7, 0], [0, 0.1, 0.9]]
    return classification([0, 0, 1, 1, 2], value)


def page(made: Detection | Classification, making: ReportMaking = MAKING, **changes) -> str:
    """As `offdiag report --format html` writes it."""
    intervals = changes.pop("intervals", False)
    report = reported(opened(made, **changes), 0.5, None, with_intervals=intervals)
    return report.html(making)


def sides(a: Detection | Classification, b: Detection | Classification) -> ComparisonFacts:
    """Two assessments of one dataset as compare has them."""

    def side(name: str, made: Detection | Classification) -> Side:
        inputs = Inputs(data=Path("truth.json"), predictions=Path(f"{name}.json"))
        return Side(name, Opened(inputs, made, name, (), (), ()), made)

    one, other = side("old.onnx", a), side("new.onnx", b)
    together = Sides(one, other, LeftOut(), (), ("a warning",), False)
    at_a, at_b = (side_point(each, 0.5, "class-first", GOALS[0], None) for each in (one, other))
    comparison = compared(together, at_a, at_b)
    points = (one.judged(at_a.point), at_a.point, other.judged(at_b.point), at_b.point)
    *_, numbers = compared_numbers(*points, samples=40, exchanges=200)
    return ComparisonFacts(comparison, numbers)


def two_detectors(folder: Path | None = None) -> tuple[Detection, Detection]:
    """B finds a nut that A misses, and takes a gear for nothing."""
    a = confused()
    if folder is not None:
        a = with_images(a, folder)
    found = a.predictions
    kept = np.flatnonzero(found.confidence != 0.95)
    truths = a.dataset.ground_truths
    nut = np.flatnonzero(truths.class_ == 1)[:1]
    changed = replace(
        found.where(kept),
        image=np.append(found.image[kept], truths.image[nut]),
        class_=np.append(found.class_[kept], truths.class_[nut]),
        confidence=np.append(found.confidence[kept], 0.93),
        box=np.concatenate((found.box[kept], truths.box[nut])),
    )
    return a, replace(a, predictions=changed)
