from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate

from engine.core.intervals import Interval
from engine.detection.intervals import Intervals
from tests.tui.tables.test_painters import view_of
from tests.tui.tables.test_table import SIZE, TableApp, many, table_of
from tui.tables.pane import MetricsPane
from tui.terminal import textual_patches as redraw

CONSOLE = Console(force_terminal=True, color_system="truecolor")


@pytest.fixture(autouse=True)
def patched(monkeypatch):
    monkeypatch.setattr(ChopsUpdate, "render_segments", ChopsUpdate.render_segments)
    redraw.apply()


class CountingApp(TableApp):
    """Counts the bytes that a terminal would be sent."""

    sent = 0

    def _display(self, screen, renderable):
        if isinstance(renderable, ChopsUpdate):
            self.sent += len(renderable.render_segments(CONSOLE))
        super()._display(screen, renderable)


async def test_a_cursor_move_sends_only_the_cells_that_change():
    async with CountingApp(many(365)).run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("down", "down")
        await pilot.pause()
        for key in ("down", "right", "up", "left"):
            pilot.app.sent = 0
            await pilot.press(key)
            await pilot.pause()
            assert 0 < pilot.app.sent < 1500


async def test_new_numbers_send_only_the_cells_that_change():
    view = many(80)
    async with CountingApp(view).run_test(size=SIZE) as pilot:
        await pilot.pause()
        pilot.app.query_one(MetricsPane).view = view_of(
            view.classes,
            *(
                getattr(view.metrics, name)[:-1]
                for name in ("true_positives", "false_positives", "not_detected")
            ),
            precision=np.where(np.arange(81) == 4, 0.123, view.metrics.precision),
        )
        await pilot.pause()
        pilot.app.sent = 0
        table_of(pilot).view = view
        await pilot.pause()
        assert 0 < pilot.app.sent < 150


async def test_intervals_come_and_go_without_moving_a_row():
    view, found = many(80), Interval(0.601, 0.623)
    async with CountingApp(view).run_test(size=SIZE) as pilot:
        await pilot.pause()
        table = table_of(pilot)
        pilot.app.sent = 0
        table.view = replace(view, resampled=Intervals(*[found] * 7, 50))
        await pilot.pause()
        assert "~.601\N{EN DASH}.623" in table.render_line(table.scene.layout.all_y + 1).text
        assert 0 < pilot.app.sent < 700
        rule = table.scene.layout.rule_y
        table.view = view
        await pilot.pause()
        assert table.scene.layout.rule_y == rule
        assert "95" not in table.render_line(rule - 1).text
