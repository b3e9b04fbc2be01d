"""Box tables, CSV or Parquet: one row a box, with image, class, x1, y1, x2, y2 in pixels."""

from pathlib import Path
from typing import Final

from engine.core.dataset import DetectionDataset, Predictions
from engine.core.errors import DataError
from engine.formats.parts.column_names import IMAGE
from engine.formats.parts.table_boxes import BoxColumns, read_rows, table_dataset
from engine.formats.parts.tables import column_named, header_of, open_table
from engine.formats.predictions.table_predictions import table_predictions

LOOKS_LIKE = "a box table, CSV or Parquet with the columns image, class, x1, y1, x2, y2"
PREDICTIONS_LOOK_LIKE = f"{LOOKS_LIKE} and score"
CALLED: Final = BoxColumns(
    image=IMAGE,
    class_=(
        *("class", "label", "category", "class_name", "name"),
        *("class_id", "label_id", "category_id"),
    ),
    edges=(("x1", "xmin"), ("y1", "ymin"), ("x2", "xmax"), ("y2", "ymax")),
    crowd=("iscrowd", "crowd", "is_crowd"),
    difficult=("difficult",),
    size=(("width", "image_width"), ("height", "image_height")),
    score=("score", "confidence", "conf"),
)


def recognises(path: Path) -> bool:
    """Whether a table has these columns, and no scores."""
    header = header_of(path)
    return bool(header) and not CALLED.lacking(header) and not column_named(header, CALLED.score)


def read_dataset(
    path: Path, images: Path | None = None, split: str | None = None
) -> DetectionDataset:
    """Ground truth with images in the order of the rows, classes in that of their names.

    A row with an image and nothing else is an image without objects. A column iscrowd or
    difficult marks what need not be found, width and height give the image's size.
    """
    table = open_table(path)
    if score := column_named(table.columns, CALLED.score):
        raise DataError(
            path,
            f"has a column {score}, as predictions do: give it with --predictions, "
            "and the ground truth with --data",
            line=table.first,
        )
    return table_dataset(table, read_rows(table, CALLED, LOOKS_LIKE), images, split=split)


def recognises_predictions(path: Path) -> bool:
    """Whether a table has these columns, with or without scores."""
    header = header_of(path)
    return bool(header) and not CALLED.lacking(header)


def read_predictions(
    path: Path, dataset: DetectionDataset, synonyms: bool = True
) -> tuple[Predictions, tuple[str, ...]]:
    """Predictions in the order of the rows, and what had to be left out, in words."""
    table = open_table(path)
    if column_named(table.columns, CALLED.score) is None:
        raise DataError(
            path,
            f"has no column score among {', '.join(table.columns)}; "
            f"expected {PREDICTIONS_LOOK_LIKE}",
            line=table.first,
        )
    rows = read_rows(table, CALLED, PREDICTIONS_LOOK_LIKE)
    return table_predictions(
        path, dataset, rows.image, rows.class_, rows.score, rows.boxes, synonyms=synonyms
    )
