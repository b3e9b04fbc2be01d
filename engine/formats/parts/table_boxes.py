"""Tables with one row a box, whatever their columns are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Self

import numpy as np

from engine.core.arrays import Boxes, Indices, Mask, Scores
from engine.core.dataset import DetectionDataset, Images
from engine.core.errors import DataError
from engine.formats.parts.gathering import Oddities, drawn_boxes, in_order, made_dataset
from engine.formats.parts.image_files import find_images_or_stems
from engine.formats.parts.image_sizes import refuse_unknown_sizes, with_sizes
from engine.formats.parts.tables import TableFile, column_named, filled_column, rows_of_part

TRUE: Final = 1.0


@dataclass(frozen=True)
class BoxColumns:
    """The names, in small letters, that columns may have; () for none of the kind."""

    image: tuple[str, ...]
    class_: tuple[str, ...]
    edges: tuple[tuple[str, ...], ...]  # left, top, right, bottom
    crowd: tuple[str, ...] = ()
    difficult: tuple[str, ...] = ()
    size: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # width and height of the image
    score: tuple[str, ...] = ()

    def lacking(self, columns: Sequence[str]) -> list[str]:
        """What no column is called."""
        needed = (self.image, self.class_, *self.edges)
        return [names[0] for names in needed if column_named(columns, names) is None]


@dataclass(frozen=True, eq=False)
class BoxRows:
    """The rows of such a table, empty cells as "" and NaN."""

    image: list[str]  # [N]
    class_: list[str]  # [N]
    edges: Boxes  # [N, 4] left, top, right, bottom
    crowd: Mask  # [N]
    difficult: Mask  # [N]
    size: Boxes  # [N, 2] NaN where no column says it
    score: Scores  # [N] NaN where no column says it

    def only(self, rows: Indices) -> Self:
        """These rows alone, in this order."""
        return type(self)(
            [self.image[row] for row in rows.tolist()],
            [self.class_[row] for row in rows.tolist()],
            self.edges.take(rows, axis=0),
            self.crowd.take(rows),
            self.difficult.take(rows),
            self.size.take(rows, axis=0),
            self.score.take(rows),
        )

    @property
    def nothing(self) -> Mask:
        """[N] rows that only name an image, which is one without objects."""
        no_class = np.array([not name for name in self.class_], np.bool_)
        return no_class & np.isnan(self.edges).all(axis=1)

    @property
    def boxes(self) -> Boxes:
        """[N, 4] left, top, width, height."""
        return np.hstack([self.edges[:, :2], self.edges[:, 2:] - self.edges[:, :2]])


def read_rows(table: TableFile, called: BoxColumns, looks_like: str) -> BoxRows:
    """All rows. Raises DataError that names a missing column, or the line of a bad cell."""
    if lacking := called.lacking(table.columns):
        raise DataError(
            table.path,
            f"has no column {' and no column '.join(lacking)} among {', '.join(table.columns)}; "
            f"expected {looks_like}",
            line=table.first,
        )
    image, class_ = (filled_column(table, names) for names in (called.image, called.class_))
    optional = (called.crowd, called.difficult, *called.size, called.score)
    columns = [column_named(table.columns, names) for names in (*called.edges, *optional)]
    wanted = [column for column in columns if column is not None]
    text, numbers = _numbers(table, [str(image), str(class_)], wanted)
    missing = np.full(len(numbers), np.nan)
    found = [missing if c is None else numbers[:, wanted.index(c)] for c in columns]
    return BoxRows(
        text[str(image)],
        text[str(class_)],
        np.stack(found[:4], axis=1),
        found[4] == TRUE,
        found[5] == TRUE,
        np.stack(found[6:8], axis=1),
        found[8],
    )


def _numbers(
    table: TableFile, text: list[str], numbers: list[str]
) -> tuple[dict[str, list[str]], Boxes]:
    """As table.read; numbers within quotation marks may have a decimal comma."""
    try:
        return table.read(text, numbers)
    except DataError:
        if table.delimiter != ",":
            raise
        cells, _ = table.read([*text, *numbers])
        columns = []
        for name in numbers:
            words = [word.replace(",", ".") or "nan" for word in cells[name]]
            try:
                columns.append(np.array(words, np.float64))
            except ValueError:
                break
        else:
            return cells, np.stack(columns, axis=1)
        raise


def table_dataset(
    table: TableFile,
    rows: BoxRows,
    images: Path | None,
    *,
    parts: bool = False,
    named: Mapping[str, str] | None = None,
    split: str | None = None,
) -> DetectionDataset:
    """The dataset of a table; parts: its edges are from 0 to 1, named: what classes mean.

    split is the part of the dataset that a person named, as chosen_part has it.
    """
    chosen, notes = rows_of_part(table, split)
    rows = rows if chosen is None else rows.only(chosen)
    class_names = [named.get(name, name) for name in rows.class_] if named else rows.class_
    odd = Oddities()
    bad = _without_names(rows, odd, table, chosen)
    names = tuple(dict.fromkeys(name for name in rows.image if name))
    index = {name: place for place, name in enumerate(names)}
    image = np.array([index.get(name, 0) for name in rows.image], np.intp)
    classes = in_order((), (name for name in class_names if name))
    if not classes:
        raise DataError(table.path, "no row of the table has a class" if names else "has no rows")
    class_index = {name: place for place, name in enumerate(classes)}
    class_ = np.array([class_index.get(name, 0) for name in class_names], np.intp)
    pictures = Images(names, _files(names, images or table.path.parent), _sizes(rows, image, names))
    box = rows.boxes
    kept = np.flatnonzero(~(bad | rows.nothing))
    if parts:
        needed = np.unique(image.take(kept))
        pictures, unknown = with_sizes(pictures, needed)
        refuse_unknown_sizes(table.path, names, unknown, len(needed))
        unsized = np.isin(image, list(unknown)) & ~bad
        odd.add_where("of an image of unknown size", unsized, rows.image)
        kept = kept[~unsized[kept]]
        box = box * np.tile(pictures.size.take(image, axis=0), 2)
    drawn = drawn_boxes(
        image.take(kept),
        class_.take(kept),
        box.take(kept, axis=0),
        (rows.crowd | rows.difficult).take(kept),
        rows.difficult.take(kept),
    )
    made = made_dataset(table.path, classes, pictures, drawn, (), odd)
    return replace(made, warnings=(*notes, *made.warnings))


def _without_names(rows: BoxRows, odd: Oddities, table: TableFile, chosen: Indices | None) -> Mask:
    """[N] rows without an image, or with a box and no class; they are counted.

    chosen are the rows of the table that they are.
    """
    no_image = np.array([not name for name in rows.image], np.bool_)
    no_class = np.array([not name for name in rows.class_], np.bool_) & ~rows.nothing & ~no_image
    for reason, bad in (("without an image", no_image), ("without a class", no_class)):
        if bad.any():
            first = int(bad.argmax())
            place = table.place(first if chosen is None else int(chosen[first]))
            odd.add(reason, place, int(bad.sum()))
    return no_image | no_class


def _sizes(rows: BoxRows, image: Indices, names: Sequence[str]) -> Indices:
    """[I, 2] what the first row of each image says, 0 where it says nothing."""
    size = np.zeros((len(names), 2), np.intp)
    said = np.nan_to_num(rows.size, nan=0.0, posinf=0.0, neginf=0.0).clip(0, 2**31)
    size[image[::-1]] = said[::-1].astype(np.intp)
    return size


def _files(names: Sequence[str], folder: Path) -> tuple[Path | None, ...]:
    """By name, else without regard to a suffix that the table or the file lacks."""
    last = [name.replace("\\", "/").rpartition("/")[2] for name in names]
    return find_images_or_stems(names, last, folder)
