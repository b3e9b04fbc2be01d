"""Dataiku's object detection tables: an image path, and a JSON list of boxes in a cell.

Source: https://doc.dataiku.com/dss/latest/machine-learning/computer-vision/inputs.html:
`[{"bbox": [x, y, width, height], "category": "cat"}]`, pixels from the top left. Scored
tables say the same with a confidence.
"""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import DetectionDataset, Images, Predictions
from engine.core.errors import DataError
from engine.formats.parts.boxes import fours
from engine.formats.parts.column_names import IMAGE
from engine.formats.parts.gathering import Oddities, drawn_boxes, in_order, made_dataset
from engine.formats.parts.image_files import find_images, is_image_name
from engine.formats.parts.tables import (
    TEXT,
    TableFile,
    column_named,
    is_table,
    open_table,
    rows_of_part,
)
from engine.formats.predictions.table_predictions import table_predictions
from engine.util.parsed import NO_JSON
from engine.util.words import number

LOOKS_LIKE = 'a Dataiku export, CSV with an image path and a list of {"bbox", "category"}'
PREDICTIONS_LOOK_LIKE = f"{LOOKS_LIKE[:-1]}, " + '"confidence"}'
PATHS: Final = (*IMAGE, "images", "item_path")
LOOKED_AT: Final = 50  # rows: one of the first must have a box
XYWH: Final = "a bbox is [left, top, width, height], not two corners"


class _Box(msgspec.Struct):
    bbox: list[float | None] | None
    category: str | int | float | None = None
    confidence: float | None = None
    score: float | None = None
    probability: float | None = None

    @property
    def name(self) -> str:
        """The category, as text."""
        return "" if self.category is None else str(self.category).strip()

    @property
    def certainty(self) -> float:
        """Whatever the table calls it; NaN if it does not say."""
        said = (self.confidence, self.score, self.probability)
        return next((value for value in said if value is not None), np.nan)


DECODER: Final = msgspec.json.Decoder(list[_Box])


def recognises(path: Path) -> bool:
    """Whether a cell of the first rows of a CSV file is a list of boxes."""
    if not (is_table(path) and path.suffix.lower() in TEXT):
        return False
    try:
        table = open_table(path)
        return _boxes_column(table) is not None
    except DataError:
        return False


recognises_predictions = recognises


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth with images in the order of the rows, classes in that of their names.

    An empty list is an image without objects; an empty cell one that nobody labelled,
    which is left out.
    """
    odd = Oddities()
    chosen, told = rows_of_part(open_table(path), split)
    names, cells, found = _rows(path, LOOKS_LIKE, odd, chosen)
    classes = in_order((), (box.name for _, box in found if box.name))
    if not classes:
        raise DataError(path, "none of its boxes has a category")
    labelled = tuple(dict.fromkeys(n for n, cell in zip(names, cells, strict=True) if cell and n))
    index = {name: place for place, name in enumerate(labelled)}
    class_index = {name: place for place, name in enumerate(classes)}
    kept = [(row, box) for row, box in found if box.name and names[row]]
    if without := len(found) - len(kept):
        odd.add("without a category or an image", count=without)
    drawn = drawn_boxes(
        [index[names[row]] for row, _ in kept],
        [class_index[box.name] for _, box in kept],
        fours([box.bbox for _, box in kept]),
    )
    size = np.zeros((len(labelled), 2), np.intp)
    pictures = Images(labelled, find_images(labelled, images or path.parent), size)
    skipped = len(names) - sum(map(bool, cells))
    notes = (f"{number(skipped, 'row')} without a list of boxes: left out",) if skipped else ()
    made = made_dataset(path, classes, pictures, drawn, notes, odd)
    return replace(made, warnings=(*told, *made.warnings))


def read_predictions(
    path: Path, dataset: DetectionDataset, synonyms: bool = True
) -> tuple[Predictions, tuple[str, ...]]:
    """Predictions in file order, and what had to be left out, in words."""
    names, _, found = _rows(path, PREDICTIONS_LOOK_LIKE, Oddities())
    score = np.array([box.certainty for _, box in found], np.float64)
    if len(found) and np.isnan(score).all():
        raise DataError(path, f"its boxes have no confidence; expected {PREDICTIONS_LOOK_LIKE}")
    image = [names[row] for row, _ in found]
    class_ = [box.name for _, box in found]
    boxes = fours([box.bbox for _, box in found])
    return table_predictions(path, dataset, image, class_, score, boxes, XYWH, synonyms)


def _rows(
    path: Path, looks_like: str, odd: Oddities, chosen: Indices | None = None
) -> tuple[list[str], list[str], list[tuple[int, _Box]]]:
    """The image and the cell of each chosen row, and every box with its place among these."""
    table = open_table(path)
    column = _boxes_column(table)
    if column is None:
        raise DataError(path, f"no column holds lists of boxes; expected {looks_like}")
    image = _image_column(table, column)
    cells, _ = table.read([image, column])
    rows = range(len(cells[image])) if chosen is None else chosen.tolist()
    names = [cells[image][row].lstrip("/") for row in rows]
    lists = [cells[column][row] for row in rows]
    found: list[tuple[int, _Box]] = []
    seen: set[str] = set()
    for row, (name, cell) in enumerate(zip(names, lists, strict=True)):
        try:
            boxes = DECODER.decode(cell) if cell else []
        except NO_JSON as error:
            raise table.error(
                rows[row], f"column {column!r} is no list of boxes: {error}"
            ) from None
        if name in seen:
            odd.add("of images that an earlier row has", name, len(boxes))
            continue
        seen.add(name)
        found += [(row, box) for box in boxes]
    return names, lists, found


def _first_rows(table: TableFile) -> list[list[str]]:
    with table.path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.reader(file, delimiter=table.delimiter)
        try:
            return [row for _, row in zip(range(LOOKED_AT + 1), rows, strict=False)][1:]
        except csv.Error:
            return []


def _boxes_column(table: TableFile) -> str | None:
    """The first column in which a cell is a list of boxes."""
    for row in _first_rows(table) if table.delimiter else []:
        for name, cell in zip(table.columns, row, strict=False):
            if cell.startswith("[{") or cell.startswith("[ {"):
                try:
                    DECODER.decode(cell)
                except NO_JSON:
                    continue
                return name
    return None


def _image_column(table: TableFile, other_than: str) -> str:
    """The column called so, else the first whose cells are names of image files."""
    columns = [name for name in table.columns if name != other_than]
    if called := column_named(columns, PATHS):
        return called
    for row in _first_rows(table):
        for name, cell in zip(table.columns, row, strict=False):
            if name != other_than and is_image_name(cell.rpartition("/")[2]):
                return name
    raise DataError(table.path, "no column holds the paths of images", line=table.first)
