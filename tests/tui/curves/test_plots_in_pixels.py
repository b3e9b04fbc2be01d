"""The curves where the terminal shows pictures: dots while keys come, pixels after a rest."""

import pytest
from rich.console import Console

from tests.tui.curves.test_pane import WIDE, CurvesApp, in_sight
from tests.tui.showing import KITTY, SIXEL
from tests.tui.waiting import until
from tui.terminal.capabilities import Graphics
from tui.terminal.uplink import Uplink

ITERM = Graphics("iterm", 10, 20)
BEGINS = {"kitty": "\x1b_Ga=t", "sixel": "\x1bP", "iterm": "\x1b]1337;File="}


class PixelCurves(CurvesApp):
    """Keeps what is written beside the frames."""

    def __init__(self, graphics):
        super().__init__(graphics=graphics)
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
