"""Predictions whose images and classes are names, sorted into a dataset."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.core.arrays import NOTHING, Boxes, Indices, Scores
from engine.core.dataset import DetectionDataset, Predictions
from engine.formats.parts.class_evidence import found_objects
from engine.formats.parts.class_matching import match_classes
from engine.formats.parts.ids import IdIndex
from engine.formats.parts.image_names import ImageNames
from engine.formats.predictions.prediction_rows import BoxesInFile, Sieve

CORNERS = "a box is x1, y1, x2, y2, its left, top, right and bottom edge"


def table_predictions(
    path: Path,
    dataset: DetectionDataset,
    image: Sequence[str],
    class_: Sequence[str],
    score: Scores,
    box: Boxes,
    hint: str = CORNERS,
    synonyms: bool = True,
) -> tuple[Predictions, tuple[str, ...]]:
    """The predictions that can be used, in order, and what to say of the others.

    Rows that name only an image, without a class and a score, say that nothing was found.
    Raises DataError when more than half are for images that the dataset does not list.
    """
    said = np.array([bool(name) for name in class_], np.bool_) | np.isfinite(score)
    rows = np.flatnonzero(said).tolist()
    if len(rows) < len(said):
        image, class_ = [image[row] for row in rows], [class_[row] for row in rows]
        score, box = score.take(rows), box.take(rows, axis=0)
    places, found_by = _places(image, dataset)
    boxes, confidence = np.asarray(box, np.float64).reshape(-1, 4), np.asarray(score, np.float64)
    named = [row for row, name in enumerate(class_) if name]
    classes = match_classes(
        path,
        [class_[row] for row in named],
        dataset,
        synonyms=synonyms,
        seen=lambda: found_objects(dataset, places[named], confidence[named], boxes[named]),
    )
    index = {**classes.index, "": -1}
    sieve = Sieve.of(dataset, hint, called="image")
    found = BoxesInFile(
        image,
        places,
        class_,
        np.array([index[name] for name in class_], np.intp),
        confidence,
        boxes,
    )
    kept = sieve.kept(found)
    sieve.refuse(path, dataset, dataset.images.name)
    every = (*classes.evidence, *sieve.notes(kept, dataset), *found_by, *classes.notes)
    return kept, tuple(f"{path.name}: {note}" for note in every)


def _places(names: Sequence[str], dataset: DetectionDataset) -> tuple[Indices, tuple[str, ...]]:
    """[N] the image of each name, and a sentence where the names are ids of the ground truth.

    They are where all of them are whole numbers and ids.
    """
    places = ImageNames(dataset.images.name).find_all(names)
    distinct = dict.fromkeys(names)
    if dataset.ids_are_ours or not all(n.isascii() and n.isdecimal() for n in distinct):
        return places, ()
    ids = IdIndex(dataset.image_ids)
    place = dict(zip(distinct, ids.of([int(name) for name in distinct]).tolist(), strict=True))
    by_id = np.array([place[name] for name in names], np.intp)
    if (by_id == NOTHING).any() or np.array_equal(by_id, places):
        return places, ()
    if (places >= 0).all():
        return by_id, ("images are numbers, which are ids and names of image files: taken for ids",)
    return by_id, ("images are numbers: they are the ids of the ground truth",)
