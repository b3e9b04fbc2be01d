"""What metrics and curves of a classifier look like. `pytest --snapshot-update` takes new ones."""

import pytest

from tests.tui.tables.classifier_views import drawn
from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.curves.classifier_tab import ClassifierCurvesTab
from tui.metrics.classifier_tab import SAMPLES, ClassifierMetricsTab

SIZES = [
    pytest.param((80, 24), id="80x24"),
    pytest.param((120, 40), id="120x40", marks=pytest.mark.slow),
]


async def metrics(pilot):
    await settled(pilot)
    await pilot.press("2", "down")
    tab = pilot.app.screen.query_one(ClassifierMetricsTab)
    await until(pilot, lambda: tab.intervals is not None and tab.intervals[1].samples == SAMPLES)
    await until(pilot, lambda: tab.pane.explanation is not None)


async def curves(pilot):
    await settled(pilot)
    await pilot.press("3")
    tab = pilot.app.screen.query_one(ClassifierCurvesTab)
    await until(pilot, lambda: tab.shown is not None)
    await pilot.press("v", "v", "left")
    await pilot.pause(0.3)


async def glance(pilot):
    await settled(pilot)
    await pilot.press("3")
    tab = pilot.app.screen.query_one(ClassifierCurvesTab)
    await until(pilot, lambda: bool(tab.ranked))
    await pilot.press("o")
    await until(pilot, lambda: len(tab.glance.rates) == 8)
    await until(pilot, lambda: tab.glance.explanation is not None)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("before", [metrics, curves, glance])
def test_picture(snap_compare, before, size):
    app = app_of(drawn(200, 8))
    assert snap_compare(app, terminal_size=size, run_before=before)
