"""Predictions whose images and classes are names, sorted into a dataset."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from engine.core.arrays import NOTHING, Boxes, Indices, Scores
from engine.core.dataset import DetectionDataset, Predictions
from engine.formats.parts.class_evidence import found_objects
from engine.formats.parts.class_matching import WHOLE, ClassMatch, match_classes
from engine.formats.parts.ids import Id, IdIndex
from engine.formats.parts.image_names import ImageNames
from engine.formats.predictions.prediction_rows import BoxesInFile, Sieve
from engine.formats.predictions.result_images import ResultImages

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
    boxes, confidence = np.asarray(box, np.float64).reshape(-1, 4), np.asarray(score, np.float64)
    named = [row for row, name in enumerate(class_) if name]

    def classes_in(places: Indices) -> ClassMatch:
        return match_classes(
            path,
            [class_[row] for row in named],
            dataset,
            synonyms=synonyms,
            seen=lambda: found_objects(dataset, places[named], confidence[named], boxes[named]),
        )

    def predictions_in(places: Indices) -> Predictions:
        index = {**classes_in(places).index, "": NOTHING}
        class_index = np.array([index[name] for name in class_], np.intp)
        usable = (places >= 0) & (class_index >= 0) & np.isfinite(confidence)
        return Predictions(places, class_index, confidence, boxes).where(usable)

    places, found_by = _places(image, dataset, predictions_in)
    classes = classes_in(places)
    index = {**classes.index, "": NOTHING}
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


def _places(
    names: Sequence[str],
    dataset: DetectionDataset,
    predictions_in: Callable[[Indices], Predictions],
) -> tuple[Indices, tuple[str, ...]]:
    """[N] the image of each name, and sentences on how numbers were found.

    Where all are whole numbers they may be ids of the ground truth, as in COCO results: if all
    are, or if not all are names. predictions_in are those that can be used, in these images.
    """
    places = ImageNames(dataset.images.name).find_all(names)
    whole = {name: WHOLE.fullmatch(name) for name in dict.fromkeys(names)}
    if not names or not all(whole.values()):
        return places, ()
    number = {name: int(found[1]) for name, found in whole.items() if found}
    ids: list[Id] = [number[name] for name in names]
    images = ResultImages.of(dataset)
    by_id = images.of_rows(ids, [None] * len(ids))
    by_name, every_id = bool((places >= 0).all()), bool((by_id != NOTHING).all())
    if by_name and (dataset.ids_are_ours or not every_id or np.array_equal(by_id, places)):
        return places, ()
    if (others := images.other_ids(predictions_in(by_id))) is not None:
        return IdIndex(others.ids).of(ids), (others.sentence,)
    if by_name:
        note = "images are numbers, which are ids and names of image files: taken for ids"
        return by_id, (note,)
    if (by_id == NOTHING).sum() > (places < 0).sum():
        return places, ()
    if dataset.ids_are_ours:
        return by_id, ()
    return by_id, ("images are numbers: they are the ids of the ground truth", *images.notes())
