"""Label tables, CSV or Parquet: a row for each image, with its name and its class."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from engine.core.dataset import ClassificationDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.column_names import BOXES, CLASS, IMAGE
from engine.formats.parts.image_files import find_images, find_images_by_stem, is_image_name
from engine.formats.parts.tables import (
    TableFile,
    column_named,
    filled_column,
    header_of,
    open_table,
    rows_of_part,
)
from engine.formats.truth.several_labels import NOT_ASSESSED, refuse_joined
from engine.util.parsed import whole_number
from engine.util.words import be, number

LOOKS_LIKE = "a label table, CSV or Parquet with the columns image and class"

SLIPS: Final = 0.1  # share of the images
WHOLE: Final = re.compile(r"[0-9]+(\.0)?")


def recognises(path: Path) -> bool:
    """Whether a table has a column of images and one of classes, and none of boxes."""
    header = header_of(path)
    if any(column.casefold() in BOXES for column in header):
        return False
    return None not in (column_named(header, IMAGE), column_named(header, CLASS))


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> ClassificationDataset:
    """The class of each image, images in the order of the rows, classes in that of their names.

    Classes that are all whole numbers are in the order of numbers. Rows without an image or
    a class, repeated rows, and images given two classes are left out and told.
    """
    table = open_table(path)
    image_column, class_column = (filled_column(table, names) for names in (IMAGE, CLASS))
    if image_column is None or class_column is None:
        raise DataError(
            path,
            f"has no column for the {'class' if image_column else 'image'} among "
            f"{', '.join(table.columns)}; expected {LOOKS_LIKE}",
            line=table.first,
        )
    cells, _ = table.read([image_column, class_column])
    of_row, given = cells[image_column], _whole(cells[class_column])
    refuse_joined(table, of_row, given)
    chosen, notes = rows_of_part(table, split)
    some = range(len(given)) if chosen is None else chosen.tolist()
    rows, warnings = _usable(table, of_row, given, some)
    if not rows:
        raise DataError(path, f"has no row with an image and a class; expected {LOOKS_LIKE}")
    names = tuple(of_row[row] for row in rows)
    classes, how = in_order({given[row] for row in rows})
    place = {name: index for index, name in enumerate(classes)}
    return ClassificationDataset(
        source=path,
        classes=classes,
        images=Images(
            names, _files(names, images or path.parent), np.zeros((len(names), 2), np.intp)
        ),
        label=np.array([place[given[row]] for row in rows], np.intp),
        warnings=(*notes, *warnings),
        facts=(
            ("Labels", f"image from column {image_column!r}, class from {class_column!r}"),
            ("Class order", how),
        ),
    )


def _whole(labels: Sequence[str]) -> Sequence[str]:
    """1 for 1.0, as pandas writes a column that had a gap, where all labels are whole numbers."""
    if all(WHOLE.fullmatch(label) for label in set(labels) if label):
        return [label.removesuffix(".0") for label in labels]
    return labels


def in_order(names: set[str]) -> tuple[tuple[str, ...], str]:
    """Classes in order, and in words which: 2 comes before 10, and numbers before words."""
    value = {name: number for name in names if (number := whole_number(name)) is not None}
    numbers = sorted(value, key=lambda name: (value[name], name))
    words = sorted(names.difference(numbers))
    how = "by number, then by name" if words and numbers else "by number" if numbers else "by name"
    return (*numbers, *words), how


def _usable(
    table: TableFile, of_row: Sequence[str], given: Sequence[str], some: Sequence[int]
) -> tuple[list[int], tuple[str, ...]]:
    """The first row of each image that has one class, and what is wrong with the others.

    Only some of the rows count.
    """
    first: dict[str, int] = {}
    blank: list[int] = []
    again: list[tuple[int, int]] = []
    torn: dict[str, tuple[int, int]] = {}
    for row in some:
        name, class_ = of_row[row], given[row]
        if not name or not class_:
            blank.append(row)
        elif (other := first.setdefault(name, row)) != row:
            if given[other] == class_:
                again.append((other, row))
            else:
                torn.setdefault(name, (other, row))
    # A slip of the pen tears few images; more than one in ten are meant so.
    if len(torn) > 1 and len(torn) > SLIPS * len(first):
        one, other = next(iter(torn.values()))
        raise DataError(
            table.path,
            f"{len(torn):,} of {number(len(first), 'image')} {be(len(torn))} in two classes: "
            f"{_both(table, of_row, one, other, given)}; {NOT_ASSESSED}",
        )
    notes = []
    if blank:
        verb = "has" if len(blank) == 1 else "have"
        notes.append(
            f"{number(len(blank), 'row')} {verb} no image or no class "
            f"({table.place(blank[0])}): left out"
        )
    if again:
        one, other = again[0]
        notes.append(
            f"{number(len(again), 'row')} repeated: {_both(table, of_row, one, other)}; "
            "each image counts once"
        )
    if torn:
        one, other = next(iter(torn.values()))
        notes.append(
            f"{number(len(torn), 'image')} in two classes: "
            f"{_both(table, of_row, one, other, given)}; left out, correct the table"
        )
    rows = [row for name, row in first.items() if name not in torn]
    return rows, tuple(f"{table.path.name}: {note}" for note in notes)


def _both(
    table: TableFile, of_row: Sequence[str], one: int, other: int, given: Sequence[str] = ()
) -> str:
    """An image and its two rows: 'a.jpg' is 'cat' in line 2 and 'dog' in line 9."""
    first = f"{given[one]!r} in {table.place(one)}" if given else f"in {table.place(one)}"
    then = f"{given[other]!r} in {table.place(other)}" if given else f"in {table.place(other)}"
    return f"{of_row[one]!r} is {first} and {then}"


def _files(names: Sequence[str], folder: Path) -> tuple[Path | None, ...]:
    """The image files, also of names without a suffix."""
    if any(is_image_name(name) for name in names):
        return find_images(names, folder)
    return find_images_by_stem([name.rpartition("/")[2] for name in names], folder)
