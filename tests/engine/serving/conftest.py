"""A model whose answers follow from the gray of an image, and a server of it."""

from collections.abc import Iterator

import pytest

from engine.scoring.run.scorer import Scorer
from tests.engine.batch.making import gray_model
from tests.engine.serving.making import Running, serving


@pytest.fixture(scope="session")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return gray_model(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def server(scorer: Scorer) -> Iterator[Running]:
    with serving(scorer) as running:
        yield running
