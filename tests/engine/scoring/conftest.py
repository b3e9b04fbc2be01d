"""A store and a dataset that live as long as one test."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from engine.core.dataset import Images
from engine.scoring.run.scorer import Scorer, open_scorer
from engine.scoring.run.store import Store
from tests.engine.scoring.making import (
    ANSWER,
    constant_answer_model,
    images_of,
    ultralytics_metadata,
)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache" / "predictions.sqlite")


@pytest.fixture
def photos(tmp_path: Path) -> Callable[..., Images]:
    """Makes a dataset of plain JPEGs of these sizes (width, height)."""

    def make(*sizes: tuple[int, int], gray: int = 200) -> Images:
        folder = tmp_path / "photos"
        folder.mkdir(exist_ok=True)
        paths = []
        for index, size in enumerate(sizes):
            paths.append(folder / f"{index}.jpg")
            Image.new("RGB", size, (gray, gray, gray)).save(paths[-1])
        return images_of(paths, sizes)

    return make


@pytest.fixture
def scorer(tmp_path: Path) -> Scorer:
    """A real scorer; tests put a function in the place of its model where they need one."""
    path = tmp_path / "m.onnx"
    return open_scorer(
        constant_answer_model(path, ANSWER, batch=1, metadata=ultralytics_metadata())
    )
