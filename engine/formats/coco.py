"""COCO: ground truth (`instances_*.json`) and results (`[{image_id, category_id, ...}]`)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from engine.arrays import NOTHING, Boxes, Indices, Mask
from engine.dataset import DetectionDataset, GroundTruths, Images, Predictions
from engine.errors import DataError
from engine.formats.image_files import find_images
from engine.formats.sniff import read_json
from engine.words import number

LOOKS_LIKE = "COCO ground truth, a JSON file with images, annotations and categories"
RESULTS_LOOK_LIKE = "COCO results, a JSON list of {image_id, category_id, bbox, score}"
KNOWN_FIELDS = {"id", "file_name", "width", "height", "license", "date_captured", "coco_url"}

Id = int | str
Row = TypeVar("Row", "_Image", "_Category")


class _Image(msgspec.Struct):
    id: Id
    file_name: str = ""
    width: float | None = None
    height: float | None = None


class _Category(msgspec.Struct):
    id: int
    name: str = ""


class _Annotation(msgspec.Struct):
    image_id: Id
    category_id: int
    bbox: list[float | None] | None = None
    area: float | None = None
    iscrowd: int | bool | None = None


class _Truth(msgspec.Struct):
    images: list[dict[str, object]]
    categories: list[_Category]
    annotations: list[_Annotation] = []


class _Result(msgspec.Struct):
    image_id: Id
    category_id: int
    bbox: list[float | None] | None = None
    score: float | None = None


def recognises(path: Path) -> bool:
    """Whether this may be COCO ground truth: any JSON file, which reading then judges."""
    return path.is_file() and path.suffix.lower() == ".json"


def read_dataset(path: Path, images: Path | None = None) -> DetectionDataset:
    """Ground truth with classes in the order of their category ids.

    Image files are looked for under images, else beside the file. Annotations that
    cannot be used are left out, counted, and told in the warnings.
    """
    if path.is_dir():
        raise DataError(path, f"this is a folder; expected {LOOKS_LIKE}")
    kind = _top_level(path)
    if kind == "list":
        raise DataError(
            path,
            f"this is a list, as results are; expected {LOOKS_LIKE}. "
            "Give results with --predictions and the ground truth with --data",
        )
    truth: _Truth = read_json(path, _Truth, LOOKS_LIKE)
    if not truth.categories:
        raise DataError(path, "it lists no categories, so there are no classes to tell apart")
    warnings: list[str] = []
    categories = sorted(_distinct(truth.categories, path, "category", warnings), key=lambda c: c.id)
    pictures = _distinct(_images(truth.images, path), path, "image", warnings)
    class_of: dict[Id, int] = {category.id: index for index, category in enumerate(categories)}
    image_of = {picture.id: index for index, picture in enumerate(pictures)}
    names = tuple(picture.file_name or str(picture.id) for picture in pictures)
    files = find_images(names, images if images is not None else path.parent)
    size = np.array([(p.width or 0, p.height or 0) for p in pictures], np.intp).reshape(-1, 2)
    return DetectionDataset(
        source=path,
        classes=tuple(category.name or f"category {category.id}" for category in categories),
        images=Images(
            names, files, np.array(size, np.intp).reshape(-1, 2), _tags(truth.images, pictures)
        ),
        ground_truths=_ground_truths(truth.annotations, image_of, class_of, warnings),
        image_ids=tuple(image_of),
        category_ids=tuple(category.id for category in categories),
        warnings=tuple(warnings),
    )


def read_predictions(path: Path, dataset: DetectionDataset) -> tuple[Predictions, tuple[str, ...]]:
    """Results in file order, and what had to be left out, in words.

    Left out are results for images or categories that the ground truth does not
    know, without a finite score, or without a usable box.
    """
    if _top_level(path) == "dict":
        raise DataError(
            path,
            f"this holds named fields, as ground truth does; expected {RESULTS_LOOK_LIKE}. "
            "Give ground truth with --data",
        )
    results: list[_Result] = read_json(path, list[_Result], RESULTS_LOOK_LIKE)
    image_of = {id_: index for index, id_ in enumerate(dataset.image_ids)}
    class_of: dict[Id, int] = {id_: index for index, id_ in enumerate(dataset.category_ids)}
    image = _look_up([row.image_id for row in results], image_of)
    class_ = _look_up([row.category_id for row in results], class_of)
    score = np.array([row.score for row in results], float)
    box, usable = _boxes([row.bbox for row in results])
    reasons = {
        "for images that the ground truth does not list": image == NOTHING,
        "of categories that the ground truth does not list": class_ == NOTHING,
        "whose score is not a number": ~np.isfinite(score),
        "without a box of four numbers": ~usable,
    }
    kept, warnings = np.ones(len(results), np.bool_), []
    for reason, bad in reasons.items():
        if count := int((bad & kept).sum()):
            warnings.append(f"{path.name}: {number(count, 'prediction')} {reason}: left out")
        kept &= ~bad
    outside = int(((score < 0) | (score > 1))[kept].sum())
    if outside:
        warnings.append(f"{path.name}: {number(outside, 'score')} outside 0 to 1")
    rows = Predictions(image, class_, score, box)
    return rows.where(np.flatnonzero(kept)), tuple(warnings)


def _ground_truths(
    annotations: Sequence[_Annotation],
    image_of: Mapping[Id, int],
    class_of: Mapping[Id, int],
    warnings: list[str],
) -> GroundTruths:
    image = _look_up([row.image_id for row in annotations], image_of)
    class_ = _look_up([row.category_id for row in annotations], class_of)
    box, usable = _boxes([row.bbox for row in annotations])
    area = np.array([row.area for row in annotations], float)
    area = np.where(np.isfinite(area), area, box[:, 2] * box[:, 3])
    crowd = np.array([bool(row.iscrowd) for row in annotations], np.bool_)
    reasons = {
        "of images that are not listed": image == NOTHING,
        "of categories that are not listed": class_ == NOTHING,
        "without a box of four numbers": ~usable,
    }
    kept = np.ones(len(annotations), np.bool_)
    for reason, bad in reasons.items():
        if count := int((bad & kept).sum()):
            warnings.append(f"{number(count, 'annotation')} {reason}: left out")
        kept &= ~bad
    rows = np.flatnonzero(kept)
    return GroundTruths(image[rows], class_[rows], box[rows], area[rows], crowd[rows])


def _boxes(rows: Sequence[list[float | None] | None]) -> tuple[Boxes, Mask]:
    """[N, 4] boxes, zero where unusable, and [N] whether each is four finite numbers."""
    empty: list[float | None] = [np.nan] * 4
    box = np.array([row if row and len(row) == 4 else empty for row in rows], float).reshape(-1, 4)
    usable = np.isfinite(box).all(axis=1) & (box[:, 2:] >= 0).all(axis=1)
    box[~usable] = 0
    return box, usable


def _look_up(ids: Sequence[Id], index_of: Mapping[Id, int]) -> Indices:
    return np.array([index_of.get(id_, NOTHING) for id_ in ids], np.intp)


def _images(rows: list[dict[str, object]], path: Path) -> list[_Image]:
    try:
        return msgspec.convert(rows, list[_Image])
    except msgspec.ValidationError as error:
        raise DataError(path, f"expected {LOOKS_LIKE}; images: {error}") from None


def _distinct(rows: list[Row], path: Path, what: str, warnings: list[str]) -> list[Row]:
    """The rows with the first of each id."""
    first = {row.id: row for row in reversed(rows)}
    if len(first) == len(rows):
        return rows
    worst, _ = Counter(row.id for row in rows).most_common(1)[0]
    warnings.append(f"{path.name}: {what} id {worst} stands more than once: the first is taken")
    return [row for row in rows if first[row.id] is row]


def _tags(
    rows: Sequence[Mapping[str, object]], pictures: Sequence[_Image]
) -> tuple[Mapping[str, str], ...]:
    """What else the file says of each image: its further fields of plain text or numbers."""
    tags = {
        row["id"]: {
            name: str(value)
            for name, value in row.items()
            if name not in KNOWN_FIELDS and isinstance(value, str | int | float)
        }
        for row in reversed(rows)
    }
    return tuple(tags[picture.id] for picture in pictures) if any(tags.values()) else ()


def _top_level(path: Path) -> str:
    """Whether a JSON file begins as a list or as named fields; "" for neither."""
    with path.open("rb") as file:
        head = file.read(200).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return {b"[": "list", b"{": "dict"}.get(head, "")
