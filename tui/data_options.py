"""The options that say which data to read, for every verb that reads some."""

from pathlib import Path

import click

FILE = click.Path(path_type=Path)
STDOUT = Path("-")

DATA_FORMATS = (  # engine.formats.READERS has them; a test holds the two equal
    "coco",
    "yolo",
    "voc",
    "cvat",
    "labelme",
    "open-images",
    "tensorflow-csv",
    "box-table",
    "dataiku",
    "class-folders",
    "label-table",
)

DATA = click.option(
    "--data", type=FILE, required=True, help="Ground truth, a file or a folder in any format."
)
DATA_FORMAT = click.option(
    "--data-format",
    type=click.Choice(DATA_FORMATS),
    metavar="FORMAT",
    help=f"Read the ground truth as this format: {', '.join(DATA_FORMATS)}.",
)
IMAGES = click.option("--images", type=FILE, help="Folder of the images, if not beside the data.")
PREDICTIONS = click.option(
    "--predictions",
    type=FILE,
    help="Predictions to assess instead of a model: COCO results, YOLO text files, a table, "
    "probabilities as CSV, Parquet or NPZ.",
)
