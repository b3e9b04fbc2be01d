"""The curves where the terminal shows pictures: dots while keys come, pixels after a rest."""

import pytest
from rich.console import Console
from textual.screen import ModalScreen

from tests.opening import confused, opened, opener_of
from tests.tui.curves.test_detector_plots import named, view
from tests.tui.curves.test_pane import WIDE, CurvesApp, in_sight
from tests.tui.showing import KITTY, SIXEL
from tests.tui.waiting import settled, until
from tui.app import OffdiagApp
from tui.curves.plot_view import PlotView
from tui.pictures.picture import SETTLE
from tui.terminal.capabilities import Graphics
from tui.terminal.kitty import PLACEHOLDER
from tui.terminal.textual_private import visible_widgets
from tui.terminal.uplink import Uplink

ITERM = Graphics("iterm", 10, 20)
BEGINS = {"kitty": "\x1b_Ga=t", "sixel": "\x1bP", "iterm": "\x1b]1337;File="}


class PixelCurves(CurvesApp):
    """Keeps what is written beside the frames."""

    def __init__(self, graphics):
        few = named("bolt", predictions=40), named("nut", predictions=40, seed=1)
        super().__init__(view(*few), graphics)  # what is noisy is too much for Sixel
        self.written = []

    def on_mount(self):
        super().on_mount()
        self._driver.write = self.written.append

    async def _on_exit_app(self):
        Uplink.of(self).free_all(tmux=False)

    @property
    def sharp(self):
        return [name for name in in_sight(self) if self.plot(name).in_pixels]

    async def pictures(self, pilot):
        """How many pictures were written since the last time, with a frame at its end."""
        for name in in_sight(self):
            for row in self.plot(name).render_lines(self.plot(name).size.region):
                row.render(Console())  # no frame is written where there is no terminal
        await pilot.pause(0.1)
        said = "".join(self.written)
        self.written.clear()
        return said.count(BEGINS[self.graphics.protocol])


async def all_sharp(pilot):
    app = pilot.app
    await until(pilot, lambda: app.sharp and app.sharp == list(in_sight(app)))


@pytest.mark.parametrize("graphics", [KITTY, SIXEL, ITERM], ids=lambda each: each.protocol)
@pytest.mark.slow
async def test_a_held_key_sends_no_picture_and_a_rest_sends_one_of_each_plot(graphics, monkeypatch):
    monkeypatch.setattr("tui.curves.plot_view.SETTLE", 0.5)
    app = PixelCurves(graphics)
    async with app.run_test(size=WIDE) as pilot:
        await all_sharp(pilot)
        assert await app.pictures(pilot) == len(in_sight(app)) == 2
        for _ in range(4):
            await pilot.press("right")
            assert not app.sharp
        assert await app.pictures(pilot) == 0
        await all_sharp(pilot)
        assert await app.pictures(pilot) == 2


@pytest.mark.parametrize("graphics", [KITTY, SIXEL], ids=lambda each: each.protocol)
async def test_pixels_go_with_their_plot_and_come_back_with_it(graphics):
    app = PixelCurves(graphics)
    async with app.run_test(size=(80, 24)) as pilot:
        await all_sharp(pilot)
        first = app.plot(in_sight(app)[0])
        await app.pictures(pilot)
        await pilot.press("v")
        await all_sharp(pilot)
        assert app.plot(in_sight(app)[0]) is not first
        assert await app.pictures(pilot) == 1
        await pilot.press("v", "v", "v")
        await all_sharp(pilot)
        assert app.plot(in_sight(app)[0]) is first
        # kitty still holds the image; what lies over cells is written again.
        assert await app.pictures(pilot) == (0 if graphics is KITTY else 1)


async def test_what_a_dialog_covered_is_written_again_after_it():
    app = PixelCurves(SIXEL)
    async with app.run_test(size=(80, 24)) as pilot:
        await all_sharp(pilot)
        assert await app.pictures(pilot) == 1
        assert await app.pictures(pilot) == 0
        await app.push_screen(ModalScreen())
        app.pop_screen()
        await pilot.pause()
        assert await app.pictures(pilot) == 1


async def test_what_the_terminal_lost_is_sent_anew():
    app = PixelCurves(KITTY)
    async with app.run_test(size=(80, 24)) as pilot:
        await all_sharp(pilot)
        assert await app.pictures(pilot) == 1
        Uplink.of(app).free_all(tmux=False)
        plot = app.plot(in_sight(app)[0])
        plot.begin(anew=True)  # ctrl+l
        assert not app.sharp
        await all_sharp(pilot)
        assert await app.pictures(pilot) == 1


async def test_another_size_is_another_picture():
    app = PixelCurves(KITTY)
    async with app.run_test(size=(80, 24)) as pilot:
        await all_sharp(pilot)
        assert await app.pictures(pilot) == 1
        await pilot.resize_terminal(90, 30)
        await until(pilot, lambda: not app.sharp)
        await all_sharp(pilot)
        assert await app.pictures(pilot) == 1


@pytest.mark.slow
async def test_another_tab_takes_the_pixels_away_and_none_is_sent_out_of_sight():
    app = OffdiagApp(opener_of(opened(confused())), KITTY)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        written = []
        app._driver.write = written.append
        await pilot.press("3", "1")
        await pilot.pause(3 * SETTLE)
        assert "\x1b_Ga=t" not in "".join(written)
        await pilot.press("3")
        plot = screen.query_one("#precision-recall", PlotView)
        await until(pilot, lambda: plot.in_pixels)
        assert PLACEHOLDER in shown(plot)
        await pilot.press("1")
        await settled(pilot)
        assert not any(widget is plot for widget, _ in visible_widgets(screen))
        await pilot.press("3")
        await settled(pilot)
        assert "".join(written).count("\x1b_Ga=t") == 1


async def test_without_hue_and_without_pictures_a_plot_stays_in_dots(monkeypatch):
    for graphics, no_color in ((KITTY, "1"), (Graphics("cells"), "")):
        monkeypatch.setenv("NO_COLOR", no_color)
        app = PixelCurves(graphics)
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause(3 * SETTLE)
            assert not app.sharp
            assert not app.written or PLACEHOLDER not in "".join(app.written)


def shown(plot):
    """What is written of a plot."""
    rows = plot.render_lines(plot.size.region)
    return "".join(row.render(Console()) for row in rows)
