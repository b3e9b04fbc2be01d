"""A scorer and images that many tests share: none of them changes a thing."""

from pathlib import Path

import pytest

from engine.scoring.run.scorer import Scorer
from tests.engine.batch.making import gray_model, photos


@pytest.fixture(scope="session")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return gray_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """23 images, three of them broken."""
    return photos(tmp_path_factory.mktemp("batch") / "photos", 23)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder for outputs, apart from everything else."""
    place = tmp_path / "out"
    place.mkdir()
    return place
