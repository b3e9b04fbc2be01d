"""What two assessments have in common: images, and the classes of classifiers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from engine.classification.classification import Classification
from engine.core.arrays import NOTHING, Indices, Mask
from engine.core.dataset import (
    ClassificationDataset,
    DetectionDataset,
    Predictions,
    Probabilities,
    places,
)
from engine.core.errors import DataError
from engine.detection.detection import Detection
from engine.opening import LeftOut, Opened
from engine.util.words import listed, number

NamedOpening: TypeAlias = tuple[Opened, str]
"""An opening, and what its side is called."""


@dataclass(frozen=True, eq=False)
class Common:
    """Both assessments on the images of both; their dataset is one object."""

    a: Detection | Classification
    b: Detection | Classification
    left_out: LeftOut
    notices: tuple[str, ...]
    equal: bool  # whether both answer the very same


def common_detections(a: NamedOpening, b: NamedOpening) -> Common:
    """Of detectors. Raises DataError where no image or no class is common."""
    first, second = _detection(a[0]), _detection(b[0])
    read = a[0].read
    whole = read if isinstance(read, DetectionDataset) else first.dataset
    rows = [_there(opened, len(whole.images)) for opened in (a[0], b[0])]
    both = np.intersect1d(rows[0], rows[1], assume_unique=True)
    _refuse_no_image(both, a, b)
    one_for_both = next(
        (
            made.dataset
            for made, there in zip((first, second), rows, strict=True)
            if len(there) == len(both)
        ),
        None,
    )
    dataset = whole.only(both) if one_for_both is None else one_for_both
    made_a, made_b = (
        _restricted(made, dataset, np.searchsorted(there, both))
        for made, there in zip((first, second), rows, strict=True)
    )
    classes = tuple(dict.fromkeys((*a[0].left_out.classes, *b[0].left_out.classes)))
    found = made_a.predictions, made_b.predictions
    return Common(
        made_a,
        made_b,
        LeftOut(len(whole.images) - len(both), len(whole.images), classes),
        (
            *_left_out(whole.images.name, rows, both, (a[1], b[1]), "could not be run on"),
            *_classes_left_out(classes),
            *_of_one_alone(found, (a, b), dataset),
        ),
        _is_equal(*found),
    )


def common_classifications(a: NamedOpening, b: NamedOpening) -> Common:
    """Of classifiers: the images that both answered, and the classes of either.

    Raises DataError where no image is common.
    """
    first, second = _classification(a[0]), _classification(b[0])
    images = len(first.images)
    rows = [np.sort(made.probabilities.image) for made in (first, second)]
    both = np.intersect1d(rows[0], rows[1], assume_unique=True)
    _refuse_no_image(both, a, b)
    ours, theirs = first.dataset, second.dataset
    besides = tuple(name for name in theirs.classes if name not in set(ours.classes))
    dataset = replace(ours, classes=(*ours.classes, *besides)) if besides else ours
    if len(both) < images:
        dataset = dataset.only(both)
    place = {name: index for index, name in enumerate(dataset.classes)}
    made_a, made_b = (
        _rearranged(made, dataset, both, [place[name] for name in made.classes])
        for made in (first, second)
    )
    order = [np.argsort(made.probabilities.image) for made in (made_a, made_b)]
    equal = np.array_equal(
        made_a.probabilities.value[order[0]], made_b.probabilities.value[order[1]]
    )
    return Common(
        made_a,
        made_b,
        LeftOut(images - len(both), images),
        _left_out(ours.images.name, rows, both, (a[1], b[1]), "has no answer for"),
        equal,
    )


def _detection(opened: Opened) -> Detection:
    assert isinstance(opened.assessment, Detection)
    return opened.assessment


def _classification(opened: Opened) -> Classification:
    assert isinstance(opened.assessment, Classification)
    return opened.assessment


def _there(opened: Opened, every: int) -> Indices:
    """Rising rows of the images that an opening assesses, of so many that were read."""
    return np.arange(every) if opened.there is None else opened.there


def _restricted(made: Detection, dataset: DetectionDataset, kept: Indices) -> Detection:
    """A detection on some of its images, rows of these, as the dataset of both has them."""
    if made.dataset is dataset:
        return made
    if len(kept) == len(made.images):
        return replace(made, dataset=dataset)
    image = places(kept, len(made.images)).take(made.predictions.image)
    found = made.predictions.where(image != NOTHING)
    return replace(made, dataset=dataset, predictions=replace(found, image=image[image != NOTHING]))


def _rearranged(
    made: Classification, dataset: ClassificationDataset, kept: Indices, columns: list[int]
) -> Classification:
    """A classification on some of its images, with a column for each class of either side."""
    if made.dataset is dataset:
        return made
    image, value = made.probabilities.image, made.probabilities.value
    if len(kept) < len(image):
        there = np.flatnonzero(np.isin(image, kept))
        image, value = image[there], value.take(there, axis=0)
    if len(dataset.images) < len(made.images):
        image = places(kept, len(made.images)).take(image)
    if columns != list(range(len(dataset.classes))):
        wide = np.zeros((len(value), len(dataset.classes)), value.dtype)
        wide[:, columns] = value
        value = wide
    return Classification(dataset, Probabilities(image, value))


def _refuse_no_image(both: Indices, a: NamedOpening, b: NamedOpening) -> None:
    if not len(both):
        raise DataError(
            b[0].inputs.data, f"{a[1]} and {b[1]} have no image in common: nothing can be compared"
        )


def _of_one_alone(
    found: tuple[Predictions, Predictions],
    named: tuple[NamedOpening, NamedOpening],
    dataset: DetectionDataset,
) -> tuple[str, ...]:
    """What one side alone predicts. Raises DataError where no image or no class has both."""
    said = []
    names = named[0][1], named[1][1]
    images = [_shown(each.image, len(dataset.images)) for each in found]
    classes = [_shown(each.class_, len(dataset.classes)) for each in found]
    empty = [name for name, each in zip(names, found, strict=True) if not len(each)]
    if empty:
        return tuple(
            f"{name} has no prediction at all for these images." for name in dict.fromkeys(empty)
        )
    path = dataset.source
    from_files = all(opened.inputs.predictions is not None for opened, _ in named)
    if from_files and not (images[0] & images[1]).any():
        raise DataError(
            path,
            f"{names[0]} and {names[1]} have no image in common: no image has predictions of both. "
            "Give predictions that were made for the same images",
        )
    if not (classes[0] & classes[1]).any():
        of_each = [
            f"{name} has {listed([dataset.classes[c] for c in np.flatnonzero(shown).tolist()])}"
            for name, shown in zip(names, classes, strict=True)
        ]
        raise DataError(
            path,
            f"{names[0]} and {names[1]} have no class in common ({', '.join(of_each)}): "
            "were both made for these classes?",
        )
    for this, other in ((0, 1), (1, 0)):
        lacking = np.flatnonzero(~classes[this] & classes[other])
        if len(lacking):
            few = number(len(lacking), "class", "classes")
            listing = listed([dataset.classes[c] for c in lacking.tolist()])
            said.append(f"{names[this]} never predicts {few} that {names[other]} does: {listing}.")
        seen = int(images[this].sum()), int(images[other].sum())
        if from_files and 2 * seen[0] <= seen[1]:
            said.append(
                f"{names[this]} has predictions in {number(seen[0], 'image')}, {names[other]} in "
                f"{seen[1]:,}: an image without any counts as one where nothing was found."
            )
    return tuple(said)


def _shown(of: Indices, every: int) -> Mask:
    shown = np.zeros(every, np.bool_)
    shown[of] = True
    return shown


def _left_out(
    images: Sequence[str],
    rows: Sequence[Indices],
    both: Indices,
    names: tuple[str, str],
    why: str,
) -> tuple[str, ...]:
    """A sentence of the images that are left out on both sides."""
    if len(both) == len(images):
        return ()
    lacking = [
        f"{name} {why} {len(images) - len(there):,}"
        for name, there in zip(names, rows, strict=True)
        if len(there) < len(images)
    ]
    out = np.setdiff1d(np.arange(len(images)), both)
    listing = listed([images[image] for image in out.tolist()])
    return (
        f"{len(out):,} of {number(len(images), 'image')} left out on both sides "
        f"({' and '.join(lacking)}): {listing}.",
    )


def _classes_left_out(classes: Sequence[str]) -> tuple[str, ...]:
    if not classes:
        return ()
    few = number(len(classes), "class", "classes")
    return (f"{few} left out, which the ground truth lacks: {listed(classes)}.",)


def _is_equal(one: Predictions, other: Predictions) -> bool:
    """Whether two tables hold the same rows in the same order."""
    return (
        np.array_equal(one.image, other.image)
        and np.array_equal(one.class_, other.class_)
        and np.array_equal(one.confidence, other.confidence, equal_nan=True)
        and np.array_equal(one.box, other.box, equal_nan=True)
    )
