"""The main flow with more classes than fit, for both kinds of task, by keys."""

import numpy as np
import pytest

from engine.core.outcomes import Selection
from tests.making import detection
from tests.making_classes import classification
from tests.opening import opened, opener_of
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, cell, words
from tui.app import OffdiagApp
from tui.matrix.pane import MatrixPane
from tui.pictures.feed import Feed

CLASSES = 100
NAMES = tuple(f"kind {index}" for index in range(CLASSES))


def detector():
    """Each class but the last once in its own image; 60 is taken for 7 in three more."""
    boxes = [(image, image, (0, 0, 10, 10)) for image in range(CLASSES - 1)]
    found = [(image, class_, 0.9, box) for image, class_, box in boxes]
    for image in range(CLASSES, CLASSES + 3):
        boxes.append((image, 60, (0, 0, 10, 10)))
        found.append((image, 7, 0.95, (0, 0, 10, 10)))
    return detection(boxes, found, images=CLASSES + 3, classes=NAMES)


def classifier():
    """The same of images as a whole."""
    label = np.array([*range(CLASSES - 1), 60, 60, 60])
    said = np.array([*range(CLASSES - 1), 7, 7, 7])
    value = np.full((len(label), CLASSES), 0.001)
    value[np.arange(len(label)), said] = 1 - 0.001 * (CLASSES - 1)
    return classification(label.tolist(), value.tolist(), classes=NAMES)


@pytest.mark.slow
@pytest.mark.parametrize("made", [detector, classifier])
async def test_from_afar_to_a_class_to_its_images_and_back_to_the_same_cell(made):
    app = OffdiagApp(opener_of(opened(made())))
    async with app.run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        pane = screen.query_one(MatrixPane)
        assert cell(screen) == Selection(60, 7)
        assert words(screen, "#matrix-title").startswith("1 class without ground truth")
        await pilot.press("z")
        await until(pilot, lambda: pane.overview.has_focus)
        await pilot.press("2")
        await settled(pilot)
        await pilot.press("1")
        await until(pilot, lambda: pane.overview.has_focus)
        assert "all kind 60 → kind 7" in words(screen, "#cell-words")
        await pilot.press("z")
        await until(pilot, lambda: pane.grid.has_focus)
        assert pane.grid.view.shown.tolist() == [60, 7]
        await pilot.press("enter")
        await settled(pilot)
        feed = screen.query_one(Feed)
        assert feed.has_focus
        assert feed.view.total == 3
        await pilot.press("escape")
        await settled(pilot)
        assert pane.look == "neighbourhood"
        assert pane.grid.has_focus
        assert cell(screen) == Selection(60, 7)
        await pilot.press("escape")
        await settled(pilot)
        assert pane.look == "cells"
        assert cell(screen) == Selection(60, 7)
        assert screen.current == "matrix"
