import numpy as np
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.strip import Strip

from engine.core.matrix import ConfusionMatrix
from tui.grids.grid import MatrixGrid
from tui.grids.paint.view import MatrixView
from tui.terminal import textual_patches as redraw

TEXTUALS_OWN = ChopsUpdate.render_segments  # kept at import: an app that ran has replaced it


@pytest.fixture
def patched(monkeypatch):
    monkeypatch.setattr(ChopsUpdate, "render_segments", TEXTUALS_OWN)
    redraw.apply()
    return TEXTUALS_OWN


CONSOLE = Console(force_terminal=True, color_system="truecolor")
LINE = Strip([Segment(f"{number:3} ", Style(bold=number % 2 == 0)) for number in range(30)])


def test_only_the_cells_that_changed_are_sent(patched):
    update = ChopsUpdate([{0: LINE}], [(0, 116, 120)], [[120]])
    sent = update.render_segments(CONSOLE)
    assert "29" in sent
    assert "28" not in sent
    assert sent.startswith("\x1b[1;117H")
    assert len(sent) < 30
    # Fails when Textual crops on both sides itself: then this patch can go.
    assert len(patched(update, CONSOLE)) > 200


def test_a_span_over_two_widgets_and_a_hole_sends_what_is_there(patched):
    left, right = Strip([Segment("aaaa")]), Strip([Segment("bbbb")])
    update = ChopsUpdate([{0: left, 4: None, 8: right}], [(0, 2, 10)], [[4, 8, 12]])
    assert update.render_segments(CONSOLE) == "\x1b[1;3Haa\x1b[1;9Hbb"


class CountingApp(App[None]):
    """Counts the bytes that a terminal would be sent."""

    sent = 0

    def compose(self):
        classes = 82
        counts = np.random.default_rng(0).integers(0, 900, (classes + 1, classes + 1))
        names = tuple(f"class {index}" for index in range(classes))
        yield MatrixGrid(MatrixView(names, ConfusionMatrix(counts), np.arange(classes)))

    def _display(self, screen, renderable):
        if isinstance(renderable, ChopsUpdate):
            self.sent += len(renderable.render_segments(CONSOLE))
        super()._display(screen, renderable)


async def test_a_cursor_move_at_the_right_edge_stays_below_one_kilobyte(patched):
    app = CountingApp()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("end", "left")
        await pilot.pause()
        for key, most in (("down", 400), ("left", 700)):
            app.sent = 0
            await pilot.press(key)
            await pilot.pause()
            assert 0 < app.sent < most
