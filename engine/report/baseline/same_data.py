"""Whether a baseline is of the data and the rules of a report; if not, what differs, in words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.errors import DataError
from engine.report.baseline.kept import Baseline, ClassificationBaseline, DetectionBaseline
from engine.util.words import iou_threshold, listed, number

ANEW: Final = "or make the baseline anew with --write-baseline"


def refuse_other(kept: Baseline, now: Baseline, path: Path) -> None:
    """DataError where the two cannot be compared: other data, another task, rule or IoU.

    now is what the report would keep.
    """
    match kept, now:
        case DetectionBaseline(), DetectionBaseline():
            _refuse_other_rules(kept, now, path)
            truth = _other_boxes(kept, now)
        case ClassificationBaseline(), ClassificationBaseline():
            truth = _other_labels(kept, now)
        case _:
            was, is_ = (
                "a detector" if isinstance(each, DetectionBaseline) else "a classifier"
                for each in (kept, now)
            )
            raise DataError(path, f"is of {was}, and this report is of {is_}: name another one")
    if kept.origin.ground_truth != now.origin.ground_truth:
        differ = [
            *_others(kept.origin.classes, now.origin.classes, "class", "classes"),
            *_others(kept.origin.images, now.origin.images, "image", "images"),
        ]
        raise DataError(
            path,
            f"is of other data ({'; '.join(differ) or truth}): give --data what it was made on "
            f"({kept.origin.data}), {ANEW}",
        )
    if isinstance(kept, ClassificationBaseline) and isinstance(now, ClassificationBaseline):
        _refuse_other_answers(kept, now, path)


def _refuse_other_rules(kept: DetectionBaseline, now: DetectionBaseline, path: Path) -> None:
    was, is_ = kept.point, now.point
    if was.iou != is_.iou:
        raise DataError(
            path,
            f"was made at IoU {iou_threshold(was.iou, is_.iou)}, and this report is at IoU "
            f"{iou_threshold(is_.iou, was.iou)}: give --iou {was.iou}, {ANEW}",
        )
    if was.matching != is_.matching:
        raise DataError(
            path,
            f"was made with matching {was.matching}, and this report is with {is_.matching}: give "
            f"--matching {was.matching}, {ANEW}",
        )
    if kept.strict_coco != now.strict_coco:
        made, way = ("with", "give it") if kept.strict_coco else ("without", "leave it away")
        raise DataError(path, f"was made {made} --strict-coco: {way} here too, {ANEW}")


def _refuse_other_answers(
    kept: ClassificationBaseline, now: ClassificationBaseline, path: Path
) -> None:
    """Images without a prediction count nowhere, so they must be the same ones."""
    images = now.origin.images
    for one, other, has in (
        (kept.there, now.there, "has answers for {}, and these predictions have none: {}"),
        (now.there, kept.there, "has no answer for {}, and these predictions have: {}"),
    ):
        alone = [images[image] for image in np.flatnonzero(one & ~other).tolist()]
        if alone:
            said = has.format(number(len(alone), "image"), listed(alone))
            raise DataError(path, f"{said}. Predict the same images, {ANEW}")


def _others(was: Sequence[str], is_: Sequence[str], noun: str, plural: str) -> Iterator[str]:
    """What is new and what is gone."""
    before, after = Counter(was), Counter(is_)
    for word, left in (("new", after - before), ("gone", before - after)):
        if names := list(left.elements()):
            yield f"{number(len(names), noun, plural)} {word}: {listed(names)}"


def _other_boxes(kept: DetectionBaseline, now: DetectionBaseline) -> str:
    """Where the numbers of boxes differ, if images and classes do not."""
    counts = (
        Counter(
            dict(
                zip(
                    zip(of.image.tolist(), of.class_.tolist(), strict=True),
                    of.ground_truths.tolist(),
                    strict=True,
                )
            )
        )
        for of in (kept.counts, now.counts)
    )
    before, after = counts
    images = {image for image, _ in ((before - after) + (after - before))}
    return _in_images(images, now, "the number of boxes") or "boxes or sizes of images changed"


def _other_labels(kept: ClassificationBaseline, now: ClassificationBaseline) -> str:
    if kept.there.shape != now.there.shape or (kept.there != now.there).any():
        return "labels changed"
    places = np.flatnonzero(now.there)
    images = set(places[kept.given.truth != now.given.truth].tolist())
    return _in_images(images, now, "the label") or "labels changed"


def _in_images(images: set[int], now: Baseline, what: str) -> str:
    names = [now.origin.images[i] for i in sorted(images) if i < len(now.origin.images)]
    verb = f"{what} is another in {number(len(names), 'image')}"
    return f"{verb}: {listed(names)}" if names else ""
