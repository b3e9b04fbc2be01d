"""A picture that could not be shown at its time is shown as soon as it can be."""

import threading
import time

import pytest
from PIL import Image
from textual.app import App
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static

from tests.tui.showing import FIRST, KITTY, SECOND, SIXEL
from tests.tui.terminal.grid_terminal import PLACEHOLDER, GridTerminal
from tests.tui.waiting import PATIENCE, comes, until
from tui.pictures import photo_over_cells as module
from tui.pictures.overlaid import Overlaid
from tui.pictures.paint.drawing import Subject
from tui.pictures.picture import Picture
from tui.terminal import textual_patches
from tui.terminal.capabilities import Graphics

ITERM = Graphics("iterm", 10, 20)
CELLS = Graphics("cells")
ALL = pytest.mark.parametrize("graphics", [KITTY, SIXEL, ITERM, CELLS], ids=lambda g: g.protocol)
OVER_CELLS = pytest.mark.parametrize("graphics", [SIXEL, ITERM], ids=lambda g: g.protocol)


class Tabs(App[None]):
    """Two tabs with a picture each, in a terminal that keeps what is written."""

    CSS = "Screen { layers: base top; } .over { layer: top; width: 9; height: 3; offset: 12 4; }"
    is_headless = False  # type: ignore[assignment]

    def __init__(self, graphics: Graphics) -> None:
        super().__init__()
        self.pictures = [Picture(graphics) for _ in range(2)]
        self.terminal = GridTerminal()

    def compose(self):
        with ContentSwitcher(initial="tab0"):
            for number, picture in enumerate(self.pictures):
                yield Container(picture, id=f"tab{number}")

    def on_mount(self) -> None:
        textual_patches.apply()
        self._driver.write = self.terminal.read

    def go(self, tab: int) -> None:
        self.query_one(ContentSwitcher).current = f"tab{tab}"

    def whole(self, picture: Picture) -> bool:
        """Whether its cells show one picture, and one that was written for it."""
        seen = self.terminal.shows(*picture._over._region())
        return len({cell for cell in seen if cell.startswith("picture")}) == 1 and len(seen) == 1


@pytest.fixture
def photos(tmp_path):
    paths = []
    for number in range(2):
        paths.append(tmp_path / f"{number}.png")
        Image.effect_noise((320, 240), 40 + 60 * number).convert("RGB").save(paths[-1])
    return paths


async def ready(pilot, photos):
    """Both pictures were seen, the first one last."""
    app = pilot.app
    for number in (1, 0):
        app.go(number)
        await pilot.pause()
        app.pictures[number].subject = Subject(photos[number])
        await until(pilot, lambda number=number: app.pictures[number].stage == "sharp")
        await until(pilot, lambda number=number: app.whole(app.pictures[number]))


@ALL
async def test_a_picture_that_is_wanted_under_another_screen_is_there_after_it(photos, graphics):
    app = Tabs(graphics)
    async with app.run_test(size=(40, 14)) as pilot:
        await app.push_screen(Screen())
        app.pictures[0].subject = Subject(photos[0])
        await pilot.pause(0.3)
        assert app.pictures[0].stage == "empty"
        app.pop_screen()
        await until(pilot, lambda: app.pictures[0].stage in ("cells", "sharp"))
        if graphics.protocol == "kitty":
            picture = app.pictures[0]
            await until(pilot, lambda: picture._image.number is not None)
            await until(pilot, lambda: PLACEHOLDER in app.terminal.shows(*picture.region))
        elif graphics.protocol == "cells":
            region = app.pictures[0].region
            await until(pilot, lambda: app.terminal.shows(*region) & set("▀▄▌▐▘▝▖▗▚▞"))
        else:
            await until(pilot, lambda: app.pictures[0].stage == "sharp")
            await until(pilot, lambda: app.whole(app.pictures[0]))


@OVER_CELLS
@pytest.mark.slow
async def test_a_picture_never_stays_where_that_of_another_tab_should_be(
    photos, graphics, monkeypatch
):
    """Something covers it just when it is to be written, after a frame that left its cells."""
    app = Tabs(graphics)
    async with app.run_test(size=(40, 14)) as pilot:
        await ready(pilot, photos)
        app.go(1)
        await until(pilot, lambda: app.whole(app.pictures[1]))
        old = app.terminal.shows(*app.pictures[1]._over._region())
        covered, asked = Overlaid.covered, []
        write = Overlaid.write_whole

        async def hindered(self):
            if self is app.pictures[0]._over and not asked:
                asked.append(self)
                monkeypatch.setattr(Overlaid, "covered", lambda self: True)
                await write(self)
                monkeypatch.setattr(Overlaid, "covered", covered)
            else:
                await write(self)

        monkeypatch.setattr(Overlaid, "write_whole", hindered)
        app.go(0)
        await until(pilot, lambda: bool(asked))
        await until(pilot, lambda: app.whole(app.pictures[0]))
        assert not old & app.terminal.shows(*app.pictures[0]._over._region())


@OVER_CELLS
async def test_under_something_a_picture_is_in_cells_and_whole_after_it(photos, graphics):
    app = Tabs(graphics)
    async with app.run_test(size=(40, 14)) as pilot:
        await ready(pilot, photos)
        picture, over = app.pictures[0], Static("over", classes="over")
        await app.mount(over)
        await until(pilot, lambda: not app.whole(picture))
        picture.subject = Subject(photos[0], marks=(FIRST,))
        await until(pilot, lambda: {"┌", "┐"} <= app.terminal.shows(*picture.region))
        await over.remove()
        await until(pilot, lambda: not {"┌", "┐"} & app.terminal.shows(*picture.region))
        assert any(cell.startswith("picture") for cell in app.terminal.shows(*picture.region))


@OVER_CELLS
async def test_a_picture_whose_hiding_is_told_late_is_written_again(photos, graphics):
    app = Tabs(graphics)
    async with app.run_test(size=(40, 14)) as pilot:
        await ready(pilot, photos)
        picture = app.pictures[0]
        picture.refresh()
        await pilot.pause()
        x, y = picture._over._region().offset
        app.terminal.read(f"\x1b[{y + 3};{x + 3}Hwords of another tab")
        assert not app.whole(picture)
        picture.on_hide()
        await until(pilot, lambda: app.whole(picture))


@OVER_CELLS
async def test_boxes_that_come_while_the_whole_is_made_do_not_keep_it_away(
    photos, graphics, monkeypatch
):
    made, begun, go_on = module.over_cells, threading.Event(), threading.Event()

    def slow(*arguments):
        begun.set()
        go_on.wait(20)
        return made(*arguments)

    app = Tabs(graphics)
    async with app.run_test(size=(40, 14)) as pilot:
        await ready(pilot, photos)
        picture = app.pictures[0]
        picture.subject = Subject(photos[0], marks=(FIRST,))
        await until(pilot, lambda: not picture._over._shown.whole)
        app.go(1)
        await until(pilot, lambda: app.whole(app.pictures[1]))
        old = app.terminal.shows(*app.pictures[1]._over._region())
        monkeypatch.setattr(module, "over_cells", slow)
        app.go(0)
        end = time.monotonic() + PATIENCE  # no pause of the pilot: it waits for the slow one
        assert await comes(pilot, begun.is_set, end)
        before = picture._over._shown
        picture.subject = Subject(photos[0], marks=(SECOND,))
        assert await comes(pilot, lambda: picture._over._shown is not before, end)
        go_on.set()
        await until(pilot, lambda: not old & app.terminal.shows(*picture._over._region()))
