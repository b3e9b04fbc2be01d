"""One-hot tables: a row for each image, a column for each class, 1 for that of the image.

Roboflow exports `_classes.csv` so.
"""

from pathlib import Path

import numpy as np

from engine.core.dataset import ClassificationDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.column_names import BESIDE, BOXES, IMAGE, PART_IF_TRUE, SPLIT
from engine.formats.parts.image_files import find_images
from engine.formats.parts.tables import TableFile, column_named, header_of, open_table, rows_of_part
from engine.formats.truth.several_labels import NOT_ASSESSED
from engine.util.words import number

LOOKS_LIKE = "a one-hot table, CSV or Parquet with the column image and a column of 0 and 1 a class"


def recognises(path: Path) -> bool:
    """Whether a table has a column of images, and all others hold nothing but 0 and 1.

    Or -1 and 1, as lists of attributes do.
    """
    header = header_of(path)
    image = column_named(header, IMAGE)
    others = [column for column in header if column != image and not _tells_part(column)]
    odd = any(column.casefold() in (*BOXES, *BESIDE) for column in others)
    if image is None or odd or len(others) < 2:
        return False
    try:
        _, marks = open_table(path).read([], others)
    except DataError:
        return False
    return bool(len(marks) and any(np.isin(marks, (no, 1)).all() for no in (0, -1)))


def _tells_part(column: str) -> bool:
    return column.casefold() in (*SPLIT, *PART_IF_TRUE)


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> ClassificationDataset:
    """The class of each image, classes in the order of the columns.

    Raises DataError where images have several classes, which are not supported.
    """
    table = open_table(path)
    image = column_named(table.columns, IMAGE)
    classes = tuple(c for c in table.columns if c != image and not _tells_part(c))
    if image is None or not classes:
        raise DataError(path, f"expected {LOOKS_LIKE}", line=table.first)
    cells, marks = table.read([image], classes)
    chosen, told = rows_of_part(table, split)
    some = np.arange(len(marks)) if chosen is None else chosen
    marks, names = marks.take(some, axis=0), [cells[image][row] for row in some.tolist()]
    count = (marks == 1).sum(axis=1)
    if (several := np.flatnonzero(count > 1)).size:
        _refuse_several(table, names, classes, marks == 1, several, some)
    rows = np.flatnonzero((count == 1) & np.array([bool(name) for name in names], np.bool_))
    if len(set(names)) < len(names):
        raise DataError(path, "an image stands in several rows: keep one of each", line=table.first)
    if not len(rows):
        raise DataError(path, f"has no row with an image and a class; expected {LOOKS_LIKE}")
    left_out = len(names) - len(rows)
    notes = (
        (f"{path.name}: {number(left_out, 'row')} without an image or a class: left out",)
        if left_out
        else ()
    )
    kept = tuple(names[row] for row in rows.tolist())
    return ClassificationDataset(
        source=path,
        classes=classes,
        images=Images(
            kept, find_images(kept, images or path.parent), np.zeros((len(kept), 2), np.intp)
        ),
        label=marks.take(rows, axis=0).argmax(axis=1),
        warnings=(*told, *notes),
        facts=(
            ("Labels", f"image from column {image!r}, class from the column with a 1"),
            ("Class order", "by column"),
        ),
    )


def _refuse_several(
    table: TableFile,
    names: list[str],
    classes: tuple[str, ...],
    marks: np.ndarray,
    several: np.ndarray,
    places: np.ndarray,
) -> None:
    """places [N] are the rows of the table that names and marks are of."""
    row = int(several[0])
    place = table.place(int(places[row]))
    both = " and ".join(np.array(classes)[marks[row]].tolist()[:2])
    raise DataError(
        table.path,
        f"{number(len(several), 'image')} of {len(names):,} with several classes, as {names[row]} "
        f"with {both} ({place}): {NOT_ASSESSED}",
    )
