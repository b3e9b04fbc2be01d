"""Probabilities of a classifier from a file: CSV, Parquet or NPZ, a column for each class."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.core.dataset import ClassificationDataset
from engine.core.errors import DataError
from engine.formats.parts.column_names import BESIDE, BOXES, IMAGE, PREFIXES
from engine.formats.parts.tables import TableFile, column_named, header_of, is_table, open_table
from engine.formats.predictions.npz import SUFFIX, NpzFile
from engine.formats.predictions.probability_values import checked
from engine.util.blocks import FloatBlock
from engine.util.words import listed

LOOKS_LIKE = (
    "a probability table, CSV or Parquet with a column image and a column for each class, or "
    "an NPZ with image [N], classes [C] and probabilities or logits [N, C]"
)
IN_FULL: Final = 2**27  # bytes of CSV: smaller files are read as float64, all their digits
NPZ_IMAGE: Final = ("image", "images", *IMAGE[1:], "names", "filenames", "paths")
NPZ_CLASSES: Final = ("classes", "class_names", "labels", "names")
NPZ_VALUES: Final = ("probabilities", "probs", "proba", "scores", "predictions", "logits")


@dataclass(frozen=True, eq=False)
class ProbabilityFile:
    """The probabilities that a file holds, before images and classes are looked up."""

    path: Path
    images: Sequence[str]  # [N] as the file names them
    rows: Sequence[int]  # [N] the row of each in the file
    classes: tuple[str, ...] | None  # [M] distinct; None where the file names none
    value: FloatBlock  # [N, M]
    table: TableFile | None = None  # None for an NPZ
    warnings: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()

    def place(self, row: int) -> str:
        """Where one of the rows stands in the file, in words."""
        at = self.rows[row]
        return f"row {at + 1}" if self.table is None else self.table.place(at)


def recognises(path: Path, known: Sequence[str]) -> bool:
    """Whether these are probabilities of some of these classes, as far as names show it."""
    header = header_of(path)
    boxes = any(column.casefold() in BOXES for column in header)
    table = bool(header) and not boxes and column_named(header, IMAGE) is not None
    names = _without_prefix(header, known)
    return path.suffix.lower() == SUFFIX or (table and not set(known).isdisjoint(names))


def read_probabilities(
    path: Path, dataset: ClassificationDataset, *, logits: bool = False
) -> ProbabilityFile:
    """The rows of a file that can be used; the others are counted in the warnings.

    The classes of the dataset tell columns of classes from others. With logits, or from
    an array of that name in an NPZ, the numbers become probabilities. Raises DataError.
    """
    if not path.exists():
        raise DataError(path, "there is no such file of predictions")
    known = dataset.classes
    if path.suffix.lower() == SUFFIX:
        found, logits = _from_npz(path, known, logits)
    elif is_table(path):
        found = _from_table(path, dataset, logits)
    else:
        labels = f"the ground truth {dataset.source.name} has one class for each image"
        raise DataError(path, f"these are no probabilities, but {labels}; expected {LOOKS_LIKE}")
    images = found.images
    value, kept, notes = checked(path, found.value, lambda row: images[row], logits=logits)
    warnings = (*found.warnings, *(f"{path.name}: {note}" for note in notes))
    what = "softmax of logits" if logits else "as in the file"
    facts = (*found.facts, ("Probabilities", f"{what}, {value.dtype}"))
    found = replace(found, value=value, warnings=warnings, facts=facts)
    if kept.all():
        return found
    rows = np.flatnonzero(kept)
    return replace(
        found,
        images=[images[row] for row in rows.tolist()],
        rows=rows.tolist(),
        value=value.take(rows, axis=0),
    )


def _from_table(path: Path, dataset: ClassificationDataset, logits: bool) -> ProbabilityFile:
    table, known = open_table(path), dataset.classes
    if boxes := [c for c in table.columns if c.casefold() in BOXES and c not in known]:
        raise DataError(
            path,
            f"these are boxes (column {boxes[0]!r}), but the ground truth {dataset.source.name} "
            f"has one class for each image; expected {LOOKS_LIKE}",
            line=table.first,
        )
    image = column_named(table.columns, IMAGE)
    if image is None:
        raise DataError(
            path,
            f"has no column for the image among {listed(table.columns)}; expected {LOOKS_LIKE}",
            line=table.first,
        )
    columns, left = _class_columns([c for c in table.columns if c != image], known)
    if not columns:
        answers = column_named(table.columns, ("class_id",)) is not None
        way = "; `offdiag score` writes them with --all" if answers else ""
        raise DataError(
            path, f"has no column for any class; expected {LOOKS_LIKE}{way}", line=table.first
        )
    small = table.delimiter and path.stat().st_size <= IN_FULL
    single = not logits and not small and (table.delimiter or table.single_precision(columns))
    dtype = np.float32 if single else np.float64
    cells, value = table.read([image], columns, dtype)
    names = _without_prefix(columns, known)
    return ProbabilityFile(
        path=path,
        images=cells[image],
        rows=range(len(value)),
        classes=names,
        value=value,
        table=table,
        warnings=tuple(
            f"{path.name}: column {column!r} is no class of the dataset: left out"
            for column in left
            if column
        ),
        facts=(("Image names", f"from column {image!r}"),),
    )


def _class_columns(columns: Sequence[str], known: Sequence[str]) -> tuple[list[str], list[str]]:
    """Which columns are probabilities of a class, and which stand beside them."""
    classes = set(known)
    beside = [
        column
        for column in columns
        if column not in classes and (not column or column.casefold() in BESIDE)
    ]
    return [column for column in columns if column not in beside], beside


def _without_prefix(columns: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The classes that columns mean: prob_cat is the class cat, if columns are no classes.

    So prob_0, prob_1, ... are the numbers of the classes where there are as many.
    """
    classes, numbers = set(known), {str(index) for index in range(len(known))}
    if classes.isdisjoint(columns):
        for prefix in PREFIXES:
            bare = tuple(column.removeprefix(prefix) for column in columns)
            known_or_counted = not classes.isdisjoint(bare) or set(bare) == numbers
            if known_or_counted and len(set(bare)) == len(bare):
                return bare
    return tuple(columns)


def _from_npz(path: Path, known: Sequence[str], logits: bool) -> tuple[ProbabilityFile, bool]:
    """What the file holds, and whether it is logits."""
    file = NpzFile(path)
    image, values = (column_named(file.names, names) for names in (NPZ_IMAGE, NPZ_VALUES))
    has = f"has {f'the arrays {listed(file.names)}' if file.names else 'no arrays'}; expected"
    if image is None:
        raise DataError(path, f"{has} image [N], the name of each")
    if values is None:
        raise DataError(path, f"{has} probabilities or logits [N, C]")
    value: NDArray[Any] = file.array(values)
    if value.ndim != 2 or value.dtype.kind not in "fiu":
        raise DataError(
            path, f"{values!r} is {value.dtype} {list(value.shape)}, where numbers [N, C] belong"
        )
    value = np.ascontiguousarray(value, value.dtype if value.dtype.kind == "f" else np.float64)
    images = file.texts(image)
    named = column_named([name for name in file.names if name != image], NPZ_CLASSES)
    classes = tuple(file.texts(named)) if named is not None else None
    columns = classes if classes is not None else known
    if value.shape != (len(images), len(columns)) or not columns:
        whose = f"{named!r} [{len(columns)}]" if named else f"the dataset's {len(columns)} classes"
        raise DataError(
            path,
            f"{values!r} is {list(value.shape)}, which does not fit {image!r} [{len(images)}] and "
            f"{whose}",
        )
    if classes is not None and len(set(classes)) < len(classes):
        twice = next(name for name in classes if classes.count(name) > 1)
        raise DataError(path, f"{named!r} has {twice!r} twice: each class has one column")
    found = ProbabilityFile(
        path=path,
        images=images,
        rows=range(len(images)),
        classes=classes,
        value=value,
        facts=(("Image names", f"from array {image!r}"),),
    )
    return found, logits or values.startswith("logit")
