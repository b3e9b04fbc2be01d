"""Probabilities from a file or from a model, put beside the images and classes of a dataset."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from engine.classification.classification import Classification
from engine.core.arrays import NOTHING, Indices
from engine.core.dataset import ClassificationDataset, Probabilities
from engine.core.errors import DataError
from engine.core.similar_names import found_names, order_in_words
from engine.formats.parts.class_evidence import plainly
from engine.formats.parts.class_matching import WHOLE
from engine.formats.parts.image_names import SEVERAL, ImageNames, images_of_numbers
from engine.formats.predictions.probability_files import ProbabilityFile
from engine.util.blocks import FloatBlock, blocks, in_turns
from engine.util.words import be, listed, number

NEARLY_ONE: Final = 0.999


@dataclass(frozen=True, eq=False)
class JoinedClassification:
    """An assessment, and what was left out or looks wrong, in words."""

    assessment: Classification
    warnings: tuple[str, ...]


def from_file(
    dataset: ClassificationDataset, file: ProbabilityFile, synonyms: bool = True
) -> JoinedClassification:
    """The rows of a file for the images that the dataset has.

    Of several rows for one image the first counts. Raises DataError when more than half of
    the rows are for images that the dataset does not have, or no column is one of its classes.
    """
    image, notes = _images(dataset.images.name, file.images)
    known = image >= 0
    _refuse_other_images(dataset, file, image)
    for bad, why in (
        (image == NOTHING, "that the dataset does not have"),
        (image == SEVERAL, "whose name several images of the dataset share: write its path"),
    ):
        if bad.any():
            names = list(dict.fromkeys(file.images[row] for row in np.flatnonzero(bad).tolist()))
            count = number(int(bad.sum()), "prediction")
            notes.append(f"{count} for an image {why} ({listed(names)}): left out")
    rows = np.flatnonzero(known)
    _, first = np.unique(image[rows], return_index=True)
    if len(first) < len(rows):
        again = np.setdiff1d(np.arange(len(rows)), first)
        row = int(rows[again[0]])
        earlier = int(np.flatnonzero(image == image[row])[0])
        notes.append(
            f"{number(len(again), 'prediction')} for an image that has one already: "
            f"{file.images[row]!r} is in {file.place(earlier)} and {file.place(row)}; "
            "the first counts"
        )
        rows = rows[np.sort(first)]
    warnings = [f"{file.path.name}: {note}" for note in notes]
    value = file.value if len(rows) == len(image) else file.value.take(rows, axis=0)
    found = Probabilities(image[rows], value)
    columns = _columns(dataset, file, found, synonyms)
    warnings = [*(f"{file.path.name}: {note}" for note in columns.notes), *warnings]
    way_out = "Name its columns as the classes are named"
    _refuse_other_classes(dataset, file.path, columns.names, columns.place, way_out)
    classified = _classified(dataset, found, columns.names, columns.place, file.path.name, warnings)
    made = classified.assessment
    if not made.unanswered:
        return classified
    without = listed([made.images.name[image] for image in made.unanswered_images.tolist()])
    told = (
        f"{made.unanswered:,} of {number(len(made.images), 'image')} without a prediction "
        f"({without}): they count nowhere"
    )
    return JoinedClassification(made, (*classified.warnings, told))


@dataclass(frozen=True, eq=False)
class _Columns:
    """What the columns of a file are."""

    names: tuple[str, ...]  # [M]
    place: Indices  # [M] class of the dataset, or NOTHING
    notes: tuple[str, ...] = ()


def _columns(
    dataset: ClassificationDataset, file: ProbabilityFile, found: Probabilities, synonyms: bool
) -> _Columns:
    """The columns by name; where these are the numbers of the classes, perhaps by those.

    Numbers are names where the dataset has some of them for names, unless the labels plainly
    show that they count its classes from 0 or from 1. Raises DataError for a name of two classes.
    """
    classes = dataset.classes
    order = order_in_words(classes)
    unnamed = f"names no classes: taken in the dataset's order{f', {order}' if order else ''}"
    if file.classes is None:
        return _Columns(classes, np.arange(len(classes)), (unnamed,))
    named = found_names(file.classes, classes, synonyms)
    if named.ambiguous:
        raise DataError(file.path, f"two classes are called {named.ambiguous[0]!r}: rename one")
    by_name = _Columns(file.classes, named.place, (named.sentence,) if named.sentence else ())
    first = next((n for n in (0, 1) if set(file.classes) == _counted(len(classes), n)), None)
    if first is None:
        return by_name
    index = np.array([int(name) - first for name in file.classes], np.intp)
    if (named.place == NOTHING).all():
        note = unnamed if first == 0 else f"{unnamed}, counted from 1"
        return _Columns(file.classes, index, (note,))
    if np.array_equal(named.place, index):
        return by_name
    top, label = found.value.argmax(axis=1), dataset.label[found.image]
    as_names, as_indices = (int((place[top] == label).sum()) for place in (named.place, index))
    counted = "as indices from 0" if first == 0 else "as numbers from 1"
    ways = (("as names", as_names, named.place), (counted, as_indices, index))
    taken, left = ways[::-1] if plainly(as_indices, as_names) else ways
    note = (
        f"its columns are numbers, read {taken[0]} and not {left[0]}: {taken[1]:,} of "
        f"{number(len(top), 'image')} {be(taken[1])} right so, {left[1]:,} otherwise"
    )
    return _Columns(file.classes, taken[2], (note, *by_name.notes))


def _counted(classes: int, first: int) -> set[str]:
    return {str(index) for index in range(first, first + classes)}


def from_model(
    dataset: ClassificationDataset,
    found: Probabilities,
    classes: Sequence[str] | None,
    places: Indices,
    model: Path,
) -> JoinedClassification:
    """What a model says of the images: found has a column for each of the model's classes.

    classes is None where nobody names these; places are where they lie in the dataset.
    """
    way_out = "Name the outputs, in their order, in labels.txt beside the model or in its card"
    _refuse_other_classes(dataset, model, classes, places, way_out)
    names = classes or [str(index) for index in range(len(places))]
    return _classified(dataset, found, tuple(names), places, model.name, [])


def _classified(
    dataset: ClassificationDataset,
    found: Probabilities,
    classes: tuple[str, ...],
    places: Indices,
    answers: str,
    warnings: list[str],
) -> JoinedClassification:
    column = np.full(len(dataset.classes), NOTHING)
    besides = []
    for index, place in enumerate(places.tolist()):
        if place != NOTHING and (
            column[place] == NOTHING or classes[index] == dataset.classes[place]
        ):
            if column[place] != NOTHING:
                besides.append(int(column[place]))
            column[place] = index
        else:
            besides.append(index)
    besides.sort(key=lambda index: classes[index])
    lacking = [dataset.classes[place] for place in np.flatnonzero(column == NOTHING)]
    if lacking:
        few = f"{number(len(lacking), 'class', 'classes')} of the dataset"
        warnings.append(
            f"{answers} has no output for {few} ({listed(lacking)}): the probability is 0"
        )
    if besides:
        few = number(len(besides), "class", "classes")
        names = listed([classes[index] for index in besides])
        warnings.append(
            f"{answers} knows {few} that no image has ({names}): after those of the dataset"
        )
    column = np.concatenate([column, np.array(besides, np.intp)])
    whole = replace(dataset, classes=(*dataset.classes, *(classes[index] for index in besides)))
    made = Classification(whole, Probabilities(found.image, _arranged(found.value, column)))
    never = (made.images_of_class > 0) & (np.bincount(made.top.class_, minlength=len(column)) == 0)
    if never.any():
        few = number(int(never.sum()), "class", "classes")
        names = listed([made.classes[place] for place in np.flatnonzero(never).tolist()])
        warnings.append(f"{answers} never gives {few} the highest probability: {names}")
    if told := _fused(made, answers):
        warnings.append(told)
    return JoinedClassification(made, tuple(warnings))


def _fused(made: Classification, answers: str) -> str:
    """What rounding has made equal among the most confident answers, if anything."""
    confidence = made.top.confidence
    count = int(np.count_nonzero(confidence == 1))
    nearly = ((confidence > NEARLY_ONE) & (confidence < 1)).any()  # else they are plain answers
    if count < 2 or not nearly:
        return ""
    kind = made.probabilities.value.dtype
    way_out = (
        ""
        if kind == np.float64
        else ". Logits keep it (--logits, or a model without softmax at its end)"
    )
    return (
        f"{answers} gives {count:,} images a probability of exactly 1 in {kind}, which tells them "
        f"no more apart: their order in curves is lost{way_out}"
    )


def _arranged(value: FloatBlock, column: Indices) -> FloatBlock:
    """[N, C] of these columns, 0 for NOTHING; the given table may be overwritten."""
    width = value.shape[1]
    if np.array_equal(column, np.arange(width)):
        return value
    lacking = column == NOTHING
    into = value if len(column) == width and value.flags.writeable else None
    result: FloatBlock = np.empty((len(value), len(column)), value.dtype) if into is None else into

    def of_rows(rows: slice) -> None:
        block = value[rows].take(column, axis=1, mode="wrap")
        block[:, lacking] = 0
        result[rows] = block

    in_turns(of_rows, blocks(len(value), max(width, len(column))))
    return result


def _images(known: Sequence[str], names: Sequence[str]) -> tuple[Indices, list[str]]:
    """[N] the image of each name, NOTHING or SEVERAL, and a sentence where names are numbers.

    Tools that know no names number images by these: 12 is 0012.jpg.
    """
    place = {name: index for index, name in enumerate(known)}
    try:  # nearly always all names are the very same, which is looked up ten times faster
        return np.array([place[name] for name in names], np.intp), []
    except KeyError:
        found = ImageNames(known).find_all(names)
    whole = [WHOLE.fullmatch(name) for name in names]
    if not all(whole) or (found != NOTHING).all():
        return found, []
    in_names = images_of_numbers(known)
    counted = [in_names.get(int(each[1]), NOTHING) for each in whole if each]
    by_number = np.array(counted, np.intp)
    if (by_number == NOTHING).sum() >= (found == NOTHING).sum():
        return found, []
    first = int(np.flatnonzero(by_number != NOTHING)[0])
    said = f"images are the numbers in the names of files: {names[first]} is "
    return by_number, [said + known[by_number[first]]]


def _refuse_other_images(
    dataset: ClassificationDataset, file: ProbabilityFile, image: Indices
) -> None:
    if not len(image):
        raise DataError(file.path, "holds no prediction: it has no row with probabilities")
    unknown = np.flatnonzero(image < 0)
    shared = np.flatnonzero(image == SEVERAL)
    if 2 * len(shared) > len(image):
        why = ImageNames(dataset.images.name).why_several(file.images[int(shared[0])])
        raise DataError(
            file.path,
            f"{len(shared):,} of {number(len(image), 'prediction')} {be(len(shared))} for names "
            f"that several images have: {why}",
        )
    if 2 * len(unknown) > len(image):
        seen = listed([file.images[row] for row in unknown[:3].tolist()])
        known = listed(dataset.images.name[:3], 3)
        raise DataError(
            file.path,
            f"{len(unknown):,} of {number(len(image), 'prediction')} {be(len(unknown))} for images "
            f"that the dataset does not have: {'it says' if len(unknown) == 1 else 'they say'} "
            f"{seen}, where {dataset.source.name} has {known}. "
            "Were they made for another dataset, or another part of it?",
        )


def _refuse_other_classes(
    dataset: ClassificationDataset,
    path: Path,
    classes: Sequence[str] | None,
    places: Indices,
    way_out: str,
) -> None:
    if (places != NOTHING).any():
        return
    outputs = number(len(places), "class", "classes")
    said = f"{outputs} ({listed(classes)})" if classes else f"{outputs} and names none of them"
    labels = f"{number(len(dataset.classes), 'class', 'classes')} ({listed(dataset.classes)})"
    raise DataError(
        path, f"has {said}, where {dataset.source.name} has {labels}: none is the same. {way_out}"
    )
