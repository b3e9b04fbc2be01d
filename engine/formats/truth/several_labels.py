"""Labels of which an image may have several: found in every form, and refused in one sentence."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from engine.core.errors import DataError
from engine.formats.parts.column_names import BOXES, CLASS, IMAGE
from engine.formats.parts.image_files import is_image_name
from engine.formats.parts.tables import TableFile, column_named, header_of, open_table
from engine.util.words import number

NOT_ASSESSED: Final = (
    "an image has one class here, and multi-label data is not assessed: keep one class for each "
    "image, or ask for one class at a time, as that class and the rest"
)
CLASSES: Final = (
    *("labels", "classes", "categories", "tags", "targets", "class_names", "label_names"),
    *("class_ids", "label_ids", "category_ids", "finding labels", "finding_labels", "attributes"),
)
"""Columns and keys whose name says that there may be several; in lower case."""
SEPARATORS: Final = "|;, "
NEVER_IN_A_NAME: Final = "|"
MOSTLY: Final = 0.5  # share of the joined labels whose parts must be labels too
BIGGEST: Final = 50_000_000  # bytes of a JSON file that is looked through


def refuse_joined(
    table: TableFile, images: Sequence[str], cells: Sequence[str], plural: bool = False
) -> None:
    """Raise DataError where cells of a column hold several classes: a|b, a;b, a,b, a b, ["a", "b"].

    A name may have a space or a comma in it: those count where the parts are labels too. plural
    is whether the name of the column says that there may be several.
    """
    distinct = list(dict.fromkeys(cell for cell in cells if cell))
    joined = {cell for cell in distinct if _listed(cell) > 1}
    for separator in SEPARATORS:
        joined = joined or _joined(distinct, separator, plural)
    if not joined:
        return
    rows = [row for row, cell in enumerate(cells) if cell in joined]
    raise DataError(
        table.path,
        f"{number(len(rows), 'row')} of {len(cells):,} with several classes, as {images[rows[0]]} "
        f"with {cells[rows[0]]!r} ({table.place(rows[0])}): {NOT_ASSESSED}",
    )


def refuse_table(path: Path) -> None:
    """Raise DataError for a table with a column of several classes, which no reader takes."""
    header = header_of(path)
    image, classes = column_named(header, IMAGE), column_named(header, CLASSES)
    if classes is None or any(column.casefold() in BOXES for column in header):
        return
    table = open_table(path)
    image = image or header[0]
    cells, _ = table.read([image, classes])
    refuse_joined(table, cells[image], cells[classes], plural=True)


def refuse_json(path: Path) -> None:
    """Raise DataError for JSON that lists the classes of each image."""
    rows = _rows_of_classes(_json(path))
    several = [(image, classes) for image, classes in rows if len(classes) > 1]
    if several:
        image, classes = several[0]
        raise DataError(
            path,
            f"{number(len(several), 'image')} of {len(rows):,} with several classes, as {image} "
            f"with {' and '.join(map(str, classes[:2]))}: {NOT_ASSESSED}",
        )


def refuse_whole_images(path: Path) -> None:
    """Raise DataError for COCO's form without a box: its annotations label whole images."""
    found = _json(path)
    rows = found.get("annotations") if isinstance(found, dict) else None
    rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    if not rows or any(row.get("bbox") or row.get("segmentation") for row in rows):
        return
    pairs = {(str(row.get("image_id")), str(row.get("category_id"))) for row in rows}
    of_image = Counter(image for image, _ in pairs)
    several = [image for image, count in of_image.items() if count > 1]
    if not several:
        raise DataError(
            path,
            "its annotations have no bbox, so they label whole images, which is read from a table: "
            "write it as CSV with the columns image and class",
        )
    raise DataError(
        path,
        f"its annotations have no bbox, so they label whole images, and "
        f"{number(len(several), 'image')} of {len(of_image):,} have several classes, as that of id "
        f"{several[0]}: {NOT_ASSESSED}",
    )


def _joined(distinct: Sequence[str], separator: str, plural: bool) -> set[str]:
    """The labels that are several, where the separator is evidence of that."""
    parts = {label: [part.strip() for part in label.split(separator)] for label in distinct}
    joined = {label for label, several in parts.items() if len([p for p in several if p]) > 1}
    if not joined or separator == NEVER_IN_A_NAME:
        return joined
    times = Counter(part for label in distinct for part in set(parts[label]))
    alone = set(distinct) - joined

    def known(part: str) -> bool:
        again = times[part] > 1 and (plural or separator != " ")
        return part in alone or again or (part.isdecimal() and separator != ",")

    fitting = [label for label in joined if all(map(known, filter(None, parts[label])))]
    least = 1.0 if separator == " " and not plural else MOSTLY
    return joined if len(fitting) >= least * len(joined) and fitting else set()


def _listed(cell: str) -> int:
    """How many classes a cell lists as JSON or Python does; 0 for other cells."""
    if not (cell.startswith("[") and cell.endswith("]")):
        return 0
    inside = cell[1:-1].strip()
    return len([part for part in inside.split(",") if part.strip()])


def _json(path: Path) -> Any:
    """What the file holds, JSON Lines as a list; None where it is neither or too large."""
    try:
        if path.stat().st_size > BIGGEST:
            return None
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            return [json.loads(line) for line in text.splitlines() if line.strip()]
        return json.loads(text)
    except (OSError, ValueError, RecursionError):
        return None


def _rows_of_classes(found: Any) -> list[tuple[str, list[Any]]]:
    """Each image and its classes, of a list of rows, or of classes by the name of the image."""
    if isinstance(found, Mapping):
        inner = found.get("labels")
        if isinstance(inner, Mapping):
            return [(str(name), _classes(classes)) for name, classes in inner.items()]
        if any(is_image_name(str(name)) for name in found):
            return [(str(name), _classes(classes)) for name, classes in found.items()]
        lists = [value for value in found.values() if isinstance(value, list)]
        found = lists[0] if len(lists) == 1 else []
    rows = []
    for row in found if isinstance(found, list) else []:
        if not isinstance(row, Mapping):
            return []
        keys = {str(key).casefold(): key for key in row}
        image = next((keys[name] for name in IMAGE if name in keys), None)
        classes = next((keys[name] for name in (*CLASSES, *CLASS) if name in keys), None)
        if image is not None and classes is not None:
            rows.append((str(row[image]), _classes(row[classes])))
    return rows


def _classes(value: Any) -> list[Any]:
    """The distinct classes that a value names; of classes with a mark each, those with one."""
    if isinstance(value, Mapping):
        return [name for name, mark in value.items() if mark is True or mark == 1]
    if not isinstance(value, list):
        return [value]
    if not all(isinstance(each, str | int) for each in value):
        return []
    if len(value) > 2 and set(value) <= {0, 1}:  # a mark for each class
        return [index for index, mark in enumerate(value) if mark]
    return list(dict.fromkeys(value))
