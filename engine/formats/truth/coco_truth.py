"""COCO ground truth, `instances_*.json`: images, categories and annotations."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import numpy as np

from engine.core.dataset import DetectionDataset, GroundTruths, Images
from engine.core.errors import DataError
from engine.formats.parts.boxes_in_parts import BOXES_ARE_PARTS, are_parts
from engine.formats.parts.column_cache import ColumnCache
from engine.formats.parts.ids import Id, IdIndex, plain, refuse_fused
from engine.formats.parts.image_files import find_images
from engine.formats.parts.image_names import repeated_names
from engine.formats.parts.image_sizes import LONGEST
from engine.formats.parts.sniff import convert_json, decode_json, lenient_json, read_content
from engine.formats.parts.truth_cache import (
    entry_of,
    find_annotations,
    keep_annotations,
    kept_annotations,
)
from engine.formats.truth.coco_annotations import Annotation, read_annotations
from engine.formats.truth.several_labels import refuse_whole_images
from engine.util.progress import OnBytes, unwatched

LOOKS_LIKE = "COCO ground truth, a JSON file with images, annotations and categories"


class _Image(msgspec.Struct, gc=False):
    id: Id
    file_name: str | None = None
    width: float | None = None
    height: float | None = None
    coco_url: Any = None


class _PlainImage(_Image, forbid_unknown_fields=True, gc=False):
    """An image with no fields but COCO's own, which are no tags."""

    license: Any = None
    date_captured: Any = None
    flickr_url: Any = None


LVIS: Final = dict.fromkeys(("neg_category_ids", "not_exhaustive_category_ids"))
"""Fields of an image in which LVIS tells for which categories it is labelled."""
KNOWN_FIELDS: Final = {field.name for field in msgspec.structs.fields(_PlainImage)}


class _Category(msgspec.Struct):
    id: int | float
    name: str = ""
    supercategory: str | None = None


Row = TypeVar("Row", _Image, _Category)


class _Outline(msgspec.Struct):
    """The file with its long lists still as text."""

    images: msgspec.Raw
    categories: list[_Category]
    annotations: msgspec.Raw = msgspec.Raw(b"[]")


class _Whole(msgspec.Struct):
    images: list[dict[str, object]]
    categories: list[_Category]
    annotations: list[Annotation] = []


def read_truth(
    path: Path,
    images: Path | None = None,
    seen: OnBytes = unwatched,
    cache: ColumnCache | None = None,
) -> DetectionDataset:
    """Ground truth with classes in the order of their category ids.

    Image files are looked for under images, else beside the file. Annotations that
    cannot be used are left out, counted, and told in the warnings. A cache makes the
    second reading of a big file fast.
    """
    content = read_content(path, LOOKS_LIKE)
    entry = entry_of(cache, content) if cache else None
    kept = find_annotations(cache, entry) if cache and entry else None
    truth, pictures, fields = _outline(path, kept.text.encode() if kept else content)
    seen(len(content) - len(memoryview(truth.annotations)) if isinstance(truth, _Outline) else 0)
    if not truth.categories:
        raise DataError(path, "it lists no categories, so there are no classes to tell apart")
    refuse_fused(path, (row.id for rows in (truth.categories, pictures) for row in rows))
    warnings: list[str] = []
    categories = _distinct(truth.categories, path, "category", warnings)
    categories = sorted(categories, key=lambda category: category.id)
    pictures = _distinct(pictures, path, "image", warnings)
    image_ids = tuple(plain(picture.id) for picture in pictures)
    category_ids = tuple(_whole_number(category.id, path) for category in categories)
    found = kept_annotations(kept, len(image_ids), len(category_ids)) if kept else None
    if kept and not found:
        return read_truth(path, images, seen)
    if found is None:
        found = read_annotations(
            path, truth.annotations, IdIndex(image_ids), IdIndex(category_ids), LOOKS_LIKE, seen
        )
        if cache and entry and isinstance(truth, _Outline):
            outline = msgspec.json.encode(_Outline(truth.images, truth.categories)).decode()
            keep_annotations(cache, entry, outline, found)
    ground_truths, notes = found
    if not len(ground_truths):
        refuse_whole_images(path)
    if are_parts(ground_truths.box):
        raise DataError(path, BOXES_ARE_PARTS)
    if (parent := _empty_parent(categories, ground_truths)) is not None:
        shown = categories.pop(parent).name
        of_parent = category_ids[parent]
        category_ids = (*category_ids[:parent], *category_ids[parent + 1 :])
        class_ = ground_truths.class_ - (ground_truths.class_ > parent)
        ground_truths = replace(ground_truths, class_=class_)
        warnings.append(
            f"{path.name}: category {of_parent} ({shown}) is only the heading of the others and "
            "has no box: it is no class, and classes are counted without it"
        )
    warnings += _same_names(path, categories)
    names = tuple(
        picture.file_name or _last_of_url(picture) or str(id_)
        for picture, id_ in zip(pictures, image_ids, strict=True)
    )
    files = find_images(names, images if images is not None else path.parent)
    size = np.array([(p.width or 0, p.height or 0) for p in pictures], float).reshape(-1, 2)
    size[~((size > 0) & (size <= LONGEST))] = 0  # nor are NaN and infinity
    return DetectionDataset(
        source=path,
        classes=tuple(
            category.name or f"category {id_}"
            for category, id_ in zip(categories, category_ids, strict=True)
        ),
        images=Images(names, files, size.astype(np.intp), _tags(fields, pictures)),
        ground_truths=ground_truths,
        image_ids=image_ids,
        category_ids=category_ids,
        warnings=(*warnings, *notes, *repeated_names(names)),
        federated=any(LVIS.keys() & row.keys() for row in fields),
    )


def _outline(
    path: Path, content: bytes
) -> tuple[_Outline | _Whole, list[_Image], list[dict[str, object]]]:
    """The file, its images, and what else it says of each, if it says more than COCO does."""
    try:
        truth: _Outline = decode_json(path, content, _Outline, LOOKS_LIKE)
    except msgspec.DecodeError:  # NaN and Infinity are no JSON, but found in files
        found = lenient_json(path, content, LOOKS_LIKE)
        whole: _Whole = convert_json(path, found, _Whole, LOOKS_LIKE)
        rows = whole.images
        return whole, convert_json(path, rows, list[_Image], LOOKS_LIKE, "images"), rows
    text = truth.images
    try:
        return truth, list(msgspec.json.decode(text, type=list[_PlainImage])), []
    except msgspec.ValidationError:  # a field of its own, or something wrong
        rows = decode_json(path, text, list[dict[str, object]], LOOKS_LIKE, "images")
        return truth, convert_json(path, rows, list[_Image], LOOKS_LIKE, "images"), rows


def _empty_parent(categories: Sequence[_Category], found: GroundTruths) -> int | None:
    """Where the category stands that is nothing but the heading of all others.

    Roboflow writes one, with the id 0 and without a box, before the classes proper.
    """
    heading, *others = categories
    is_parent = others and all(other.supercategory == heading.name for other in others)
    first = heading.id == 0 and heading.supercategory in (None, "", "none")
    return 0 if is_parent and first and not (found.class_ == 0).any() else None


def _same_names(path: Path, categories: Sequence[_Category]) -> Iterator[str]:
    """Names that several categories have, told apart by their ids alone."""
    counts = Counter(category.name for category in categories if category.name)
    for name, count in counts.items():
        if count > 1:
            ids = ", ".join(str(plain(each.id)) for each in categories if each.name == name)
            many = {2: "two", 3: "three"}.get(count, str(count))
            said = f"{many} categories are called {name} ({ids})"
            yield f"{path.name}: {said}: their ids tell them apart"


def _last_of_url(picture: _Image) -> str:
    """Split and name, val2017/000000000139.jpg: LVIS names its images by nothing else."""
    url = picture.coco_url
    return "/".join(url.split("/")[-2:]) if isinstance(url, str) and "/" in url else ""


def _whole_number(id_: float, path: Path) -> int:
    if not float(id_).is_integer():  # nor are NaN and infinity
        raise DataError(path, f"category id {id_} is not a whole number")
    return int(id_)


def _distinct(rows: list[Row], path: Path, what: str, warnings: list[str]) -> list[Row]:
    """The rows with the first of each id."""
    first = {row.id: row for row in reversed(rows)}
    if len(first) == len(rows):
        return rows
    worst, _ = Counter(row.id for row in rows).most_common(1)[0]
    warnings.append(
        f"{path.name}: {what} id {plain(worst)} stands more than once: the first is taken"
    )
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
