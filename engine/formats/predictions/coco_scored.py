"""Predictions as whole COCO files: images and categories of their own, annotations with scores."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from engine.core.arrays import NOTHING
from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.class_evidence import found_objects
from engine.formats.parts.class_matching import match_classes, said_twice
from engine.formats.parts.ids import Id, examples, refuse_fused
from engine.formats.parts.image_names import SEVERAL, ImageNames
from engine.formats.parts.segmentations import boxes_or_outlines
from engine.formats.parts.sniff import read_json
from engine.formats.predictions.coco_results import ResultRow
from engine.formats.predictions.prediction_rows import BoxesInFile, Sieve
from engine.util.words import number

LOOKS_LIKE = "a COCO file whose annotations have scores"


class _Image(msgspec.Struct):
    id: Id
    file_name: str


class _Category(msgspec.Struct):
    id: Id
    name: str


class _File(msgspec.Struct):
    images: list[_Image]
    categories: list[_Category]
    annotations: list[ResultRow]


def has_scores(path: Path) -> bool:
    """Whether the word score stands in a file, as it does in predictions."""
    end = b""
    with path.open("rb") as file:
        while part := file.read(2**20):
            if b'"score"' in end + part:
                return True
            end = part[-len(b'"score"') :]
    return False


def read_scored(
    path: Path, dataset: DetectionDataset, synonyms: bool = True
) -> tuple[Predictions, tuple[str, ...]]:
    """Predictions in file order; the file's images and categories are matched by name."""
    found: _File = read_json(path, _File, LOOKS_LIKE)
    _refuse_repeated(path, "image", found.images)
    _refuse_repeated(path, "category", found.categories)
    image_of = _places(found.images, dataset)
    file_name = {image.id: image.file_name for image in found.images}
    name = {category.id: category.name for category in found.categories}
    rows = found.annotations
    refuse_fused(path, (id_ for row in rows for id_ in (row.image_id, row.category_id)))
    used = [name.get(row.category_id, f"category {row.category_id}") for row in rows]
    image = np.array([image_of.get(row.image_id, NOTHING) for row in rows], np.intp)
    score = np.array([row.score for row in rows], float)
    box, outlines = boxes_or_outlines([r.bbox for r in rows], [r.segmentation for r in rows])
    by_id = _named_twice(path, found.categories, dataset)
    named = [row for row, each in enumerate(rows) if each.category_id not in by_id]
    matched = match_classes(
        path,
        [used[row] for row in named],
        dataset,
        synonyms=synonyms,
        seen=lambda: found_objects(dataset, image[named], score[named], box[named]),
    )
    class_ = np.array([by_id.get(row.category_id, NOTHING) for row in rows], np.intp)
    class_[named] = matched.of([used[row] for row in named])
    sieve = Sieve.of(dataset, called="file_name")
    kept = sieve.kept(
        BoxesInFile(
            [file_name.get(row.image_id, str(row.image_id)) for row in rows],
            image,
            used,
            class_,
            score,
            box,
        )
    )
    sieve.refuse(path, dataset, dataset.images.name)
    notes = [*matched.evidence, *sieve.notes(kept, dataset), *matched.notes]
    if outlines:
        notes.append(
            f"{number(outlines, 'prediction')} without a bbox: the box around the segmentation "
            "is taken"
        )
    return kept, tuple(notes)


def _refuse_repeated(path: Path, what: str, rows: Sequence[_Image] | Sequence[_Category]) -> None:
    counts = Counter(row.id for row in rows)
    if again := [id_ for id_, count in counts.items() if count > 1]:
        raise DataError(
            path, f"{what} id {examples(again)} stands more than once: give each its own"
        )


def _named_twice(
    path: Path, categories: Sequence[_Category], dataset: DetectionDataset
) -> dict[Id, int]:
    """The class of each category whose name several classes have: that of its id.

    Raises DataError where the ids are others than in the ground truth.
    """
    counts = Counter(dataset.classes)
    of_id: dict[Id, int] = {id_: at for at, id_ in enumerate(dataset.category_ids)}
    found: dict[Id, int] = {}
    for category in categories:
        if counts[category.name] < 2:
            continue
        place = NOTHING if dataset.ids_are_ours else of_id.get(category.id, NOTHING)
        if place == NOTHING or dataset.classes[place] != category.name:
            way_out = "or give its categories the ids that they have there"
            raise DataError(path, said_twice(dataset, category.name, way_out))
        found[category.id] = place
    return found


def _places(images: Sequence[_Image], dataset: DetectionDataset) -> dict[Id, int]:
    """The image of each id of the file, by name; of images of one name by their id as well."""
    places = ImageNames(dataset.images.name).find_all([image.file_name for image in images])
    of_id: dict[Id, int] = {id_: index for index, id_ in enumerate(dataset.image_ids)}
    found: dict[Id, int] = {}
    for image, place in zip(images, places.tolist(), strict=True):
        same = of_id.get(image.id, NOTHING) if place == SEVERAL else NOTHING
        named = same != NOTHING and dataset.images.name[same] == image.file_name
        found[image.id] = same if named else place
    return found
