"""Tables and folders of a few images, sound and not."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np

from engine.core.arrays import Indices
from engine.core.dataset import ClassificationDataset, Images

LABELS = "image,class\na.jpg,cat\nb.jpg,dog\nc.jpg,cat\n"
TABLE = "image,cat,dog\na.jpg,.75,.25\nb.jpg,.5,.5\nc.jpg,0,1\n"
PROBABILITIES = [[0.75, 0.25], [0.5, 0.5], [0, 1]]
NAMES = ("a.jpg", "b.jpg", "c.jpg")


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def parquet(path: Path, select: str) -> Path:
    """A Parquet file of the rows of a query."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def npz(path: Path, **arrays: object) -> Path:
    np.savez(path, **arrays)
    return path


def labelled(
    names: Sequence[str] = NAMES,
    classes: Sequence[str] = ("cat", "dog"),
    label: Iterable[int] = (0, 1, 0),
) -> ClassificationDataset:
    """Images without files, and the class of each."""
    images = Images(tuple(names), (None,) * len(names), np.zeros((len(names), 2), np.intp))
    labels: Indices = np.array(list(label), np.intp)
    return ClassificationDataset(Path("labels.csv"), tuple(classes), images, labels)
