"""TensorFlow's CSV of boxes, as its tutorials and Roboflow write it.

Columns: filename, width, height, class, xmin, ymin, xmax, ymax; pixels.
"""

from pathlib import Path
from typing import Final

from engine.core.dataset import DetectionDataset
from engine.formats.parts.table_boxes import BoxColumns, read_rows, table_dataset
from engine.formats.parts.tables import column_named, header_of, is_table, open_table

LOOKS_LIKE = "TensorFlow CSV with filename, width, height, class, xmin, ymin, xmax, ymax"
CALLED: Final = BoxColumns(
    image=("filename",),
    class_=("class",),
    edges=(("xmin",), ("ymin",), ("xmax",), ("ymax",)),
    size=(("width",), ("height",)),
)


def recognises(path: Path) -> bool:
    """Whether a table, or the _annotations.csv of a folder, has these columns."""
    header = header_of(_file(path))
    sized = all(column_named(header, names) for names in CALLED.size)
    return bool(header) and sized and not CALLED.lacking(header)


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth with images in the order of the rows, classes in that of their names."""
    table = open_table(_file(path))
    return table_dataset(table, read_rows(table, CALLED, LOOKS_LIKE), images, split=split)


def _file(path: Path) -> Path:
    inside = path / "_annotations.csv"
    return inside if not is_table(path) and inside.is_file() else path
