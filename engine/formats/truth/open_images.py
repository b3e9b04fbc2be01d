"""Open Images: a CSV of boxes in parts of their image, and one of the classes' names.

Source: https://storage.googleapis.com/openimages/web/download_v7.html
"""

import csv
from pathlib import Path
from typing import Final

from engine.core.dataset import DetectionDataset
from engine.core.errors import DataError
from engine.formats.parts.file_places import files_of
from engine.formats.parts.table_boxes import BoxColumns, read_rows, table_dataset
from engine.formats.parts.tables import header_of, is_table, open_table
from engine.formats.parts.text_files import read_text

LOOKS_LIKE = "Open Images CSV with ImageID, LabelName, XMin, XMax, YMin, YMax"
CALLED: Final = BoxColumns(
    image=("imageid",),
    class_=("labelname",),
    edges=(("xmin",), ("ymin",), ("xmax",), ("ymax",)),
    crowd=("isgroupof",),
)


def recognises(path: Path) -> bool:
    """Whether a table, or one in a folder, has these columns."""
    return _file(path) is not None


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth; groups of objects are crowds, classes are in the order of their names.

    Names are taken from a *class-descriptions*.csv beside the boxes. The size of each
    image is read from its file.
    """
    table = open_table(_file(path) or path)
    rows = read_rows(table, CALLED, LOOKS_LIKE)
    named = _descriptions(table.path.parent)
    return table_dataset(table, rows, images, parts=True, named=named, split=split)


def _file(path: Path) -> Path | None:
    files = [path] if is_table(path) else files_of(path, ".csv")
    for file in files:
        header = header_of(file)
        if header and not CALLED.lacking(header):
            return file
    return None


def _descriptions(folder: Path) -> dict[str, str]:
    """/m/011k07 as Tortoise."""
    files = files_of(folder, ".csv")
    file = next((file for file in files if "class-descriptions" in file.name.lower()), None)
    if file is None:
        return {}
    rows = csv.reader(read_text(file).splitlines())
    try:
        return {row[0].strip(): row[1].strip() for row in rows if len(row) > 1 and row[1].strip()}
    except csv.Error as error:
        raise DataError(file, f"cannot be read as CSV: {error}", line=rows.line_num) from None
