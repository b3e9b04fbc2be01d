"""RetinaNet's CSV, `path,x1,y1,x2,y2,class` without a header; `path,,,,,` has no objects.

Source: https://github.com/fizyr/keras-retinanet#csv-datasets
"""

import csv
from pathlib import Path
from typing import Final

from engine.core.dataset import DetectionDataset
from engine.core.errors import DataError
from engine.formats.parts.image_files import is_image_name
from engine.formats.parts.table_boxes import BoxColumns, read_rows, table_dataset
from engine.formats.parts.tables import TEXT, TableFile, is_table

LOOKS_LIKE = "RetinaNet CSV without a header, path,x1,y1,x2,y2,class"
COLUMNS: Final = ("path", "x1", "y1", "x2", "y2", "class")
CALLED: Final = BoxColumns(
    image=("path",), class_=("class",), edges=(("x1",), ("y1",), ("x2",), ("y2",))
)


def recognises(path: Path) -> bool:
    """Whether the first row of a CSV file, or of _annotations.csv in a folder, is a box."""
    file = _file(path)
    if file.suffix.lower() not in TEXT or not is_table(file):
        return False
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            return _is_box(next(csv.reader(text), []))
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


def read_dataset(path: Path, images: Path | None = None) -> DetectionDataset:
    """Ground truth with images in the order of the rows, classes in that of their names."""
    file = _file(path)
    if not recognises(file):
        raise DataError(file, f"expected {LOOKS_LIKE}")
    table = TableFile(file, COLUMNS, ",", ("VARCHAR",) * len(COLUMNS), headed=False)
    return table_dataset(table, read_rows(table, CALLED, LOOKS_LIKE), images)


def _file(path: Path) -> Path:
    inside = path / "_annotations.csv"
    return inside if path.is_dir() and inside.is_file() else path


def _is_box(row: list[str]) -> bool:
    """Whether a row names an image, and has four numbers and a class, or nothing else."""
    if len(row) != len(COLUMNS) or not is_image_name(row[0].strip()):
        return False
    if not any(cell.strip() for cell in row[1:]):
        return True
    try:
        [float(cell) for cell in row[1:5]]
    except ValueError:
        return False
    return bool(row[5].strip())
