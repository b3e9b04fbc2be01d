"""A frame says what Textual's own says, and draws less for it."""

import random

from rich.console import Console
from textual._compositor import Compositor, CompositorUpdate
from textual.app import App
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, Label, Static

from tui.terminal import textual_patches as redraw
from tui.terminal.textual_spans import render_spans

TEXTUALS_OWN = Compositor.render_partial_update  # kept at import: an app that ran replaced it
CONSOLE = Console(force_terminal=True, color_system="truecolor")


class Layered(App[None]):
    """Widgets beside, behind, inside and above each other, some of them scrolled."""

    CSS = """
    Screen { layers: below above; }
    #box { border: round red; width: 30; }
    #over { layer: above; offset: 12 3; width: 24; height: 5; background: blue 40%; }
    VerticalScroll { width: 20; height: 8; }
    Label { padding: 1; }
    """

    def compose(self):
        with Horizontal():
            with Vertical(id="box"):
                yield Label("one\ntwo\nthree")
                yield Input("typed")
            with VerticalScroll():
                yield Static("\n".join(f"line {number}" for number in range(30)))
            yield Static("right of all " * 9)
        yield Static("above", id="over")

    def on_mount(self):
        self.query_one(VerticalScroll).scroll_to(y=7, animate=False)


def sent(app: App, regions: list[Region], how) -> str:
    compositor = app.screen._compositor
    compositor._dirty_regions = set(regions)
    return redraw.changed_cells(how(compositor), CONSOLE)


async def test_whatever_changed_the_same_is_sent():
    app, draw = Layered(), random.Random(5)
    async with app.run_test(size=(70, 20)) as pilot:
        await pilot.pause()
        for _ in range(300):
            regions = []
            for _ in range(draw.randint(1, 6)):
                x, y = draw.randrange(70), draw.randrange(20)
                regions.append(Region(x, y, draw.randint(1, 70 - x), draw.randint(1, 20 - y)))
            assert sent(app, regions, render_spans) == sent(app, regions, TEXTUALS_OWN)


async def test_nothing_is_drawn_that_did_not_change(monkeypatch):
    app, lines = Layered(), []
    async with app.run_test(size=(70, 20)) as pilot:
        await pilot.pause()
        render = Widget.render_lines
        monkeypatch.setattr(
            Widget,
            "render_lines",
            lambda self, crop: lines.append(crop.height) or render(self, crop),
        )
        corners = [Region(1, 1, 4, 1), Region(60, 18, 4, 1)]
        sent(app, corners, render_spans)
        assert sum(lines) == 2  # and not the seventeen between
        lines.clear()
        sent(app, corners, TEXTUALS_OWN)
        # Fails when Textual draws no more than it needs: then this can go.
        assert sum(lines) > 60


async def test_no_change_is_no_frame():
    app = Layered()
    async with app.run_test(size=(70, 20)):
        app.screen._compositor._dirty_regions = set()
        assert render_spans(app.screen._compositor) is None


async def test_what_is_typed_is_drawn_so(monkeypatch):
    monkeypatch.setattr(Compositor, "render_partial_update", TEXTUALS_OWN)
    redraw.apply()
    assert Compositor.render_partial_update is render_spans
    frames = []

    class Typed(Layered):
        def _display(self, screen, renderable):
            if isinstance(renderable, CompositorUpdate):
                frames.append(renderable.render_segments(CONSOLE))
            super()._display(screen, renderable)

    app = Typed()
    async with app.run_test(size=(70, 20)) as pilot:
        app.query_one(Input).focus()
        await pilot.press("end", "x")
        await pilot.pause()
        assert any("typedx" in frame for frame in frames)
