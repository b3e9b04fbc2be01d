"""What a classifier's screens look like. `pytest --snapshot-update` takes new pictures."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.classification.classification import Classification
from tests.opening import opened, opener_of
from tests.pictures.test_pictures import after
from tests.tui.classifying import sorter
from tui.app import OffdiagApp
from tui.assess.assess import AssessScreen
from tui.image.probabilities import ProbabilityScreen

pytestmark = pytest.mark.slow

MATRIX = (("right_curly_bracket", AssessScreen), ("n", AssessScreen))
FEED = (("a", AssessScreen), ("o", AssessScreen))
DETAIL = (("n", AssessScreen), ("enter", AssessScreen), ("enter", ProbabilityScreen))


def with_pictures(folder: Path) -> Classification:
    """The seven images as files: a ramp of colour each."""
    made = sorter()
    images = made.images
    ramp = np.linspace(0, 255, 48, dtype=np.uint8)
    for number, name in enumerate(images.name):
        red, green = np.meshgrid(ramp, ramp)
        blue = np.full_like(red, 36 * number)
        Image.fromarray(np.dstack((red, green, blue))).save(folder / name, quality=100)
    found = replace(images, path=tuple(folder / name for name in images.name))
    return Classification(replace(made.dataset, images=found), made.probabilities)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("steps", [MATRIX, FEED, DETAIL], ids=["matrix", "feed", "detail"])
def test_picture_of_a_classifier(snap_compare, tmp_path, steps, size):
    app = OffdiagApp(opener_of(opened(with_pictures(tmp_path))))
    assert snap_compare(app, terminal_size=size, run_before=after(*steps))
