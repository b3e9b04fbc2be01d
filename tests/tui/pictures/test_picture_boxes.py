"""Other boxes over the same photo: only what they change is sent."""

import asyncio

import pytest
from PIL import Image
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from tests.tui.showing import FIRST, GHOSTTY, KITTY, SECOND, SIZE, Show, shown
from tests.tui.terminal.kitty_terminal import KittyTerminal
from tests.tui.waiting import until
from tui.pictures.paint.boxes import Chip, OutcomeMark
from tui.pictures.paint.drawing import Area, Sketch, Subject
from tui.pictures.paint.strips import kitty_strips
from tui.terminal import kitty
from tui.terminal.capabilities import Graphics
from tui.terminal.uplink import Uplink


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "a.png"
    Image.effect_noise((320, 240), 60).convert("RGB").save(path)
    return path


@pytest.mark.parametrize("ahead", [False, True])
async def test_kitty_is_sent_only_the_lines_of_the_boxes(photo, ahead):
    app, terminal = Show(KITTY), KittyTerminal()
    async with app.run_test(size=SIZE) as pilot:
        picture = app.pictures[0]
        terminal.read(await shown(pilot, Subject(photo, marks=(FIRST, SECOND)), "sharp"))
        if ahead:  # an image that was sent before and is placed again
            picture._image._raster = None
        for marks in ((FIRST,), (), (SECOND,)):
            written = await shown(pilot, Subject(photo, marks=marks), "sharp")
            terminal.read(written)
            assert len(written) < 4_000
        assert terminal.uploads == 1
        number, wanted = picture._image.number, picture._image._raster.image
        assert terminal.images[number].tobytes() == wanted.convert("RGB").tobytes()
        Uplink.of(app).free_all(tmux=False)  # as at the end
        terminal.read(app.sent)
        assert not terminal.images


async def test_an_edited_image_is_known_by_what_it_shows_now(photo):
    app, terminal = Show(KITTY), KittyTerminal()
    other = photo.with_name("b.png")
    Image.effect_noise((320, 240), 60).convert("RGB").save(other)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
        number = app.pictures[0]._image.number
        await shown(pilot, Subject(photo, marks=(SECOND,)), "sharp")
        await shown(pilot, Subject(other), "sharp")
        assert app.pictures[0]._image.number != number
        assert "a=t" not in await shown(pilot, Subject(photo, marks=(SECOND,)), "sharp")
        assert app.pictures[0]._image.number == number
        await shown(pilot, Subject(other), "sharp")
        assert "a=t" in await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
    terminal.read(app.sent)


async def test_an_image_that_another_picture_shows_too_is_not_edited(photo):
    app, terminal = Show(KITTY, count=2), KittyTerminal()
    async with app.run_test(size=SIZE) as pilot:
        one, two = app.pictures
        one.subject = Subject(photo, marks=(FIRST,))
        await until(pilot, lambda: one.stage == "sharp")
        two.subject = Subject(photo, marks=(FIRST,))
        await until(pilot, lambda: two.stage == "sharp")
        assert one._image.number == two._image.number
        number = one._image.number
        one.subject = Subject(photo, marks=(SECOND,))
        await until(pilot, lambda: one._image.number != number)
        terminal.read(app.sent)
        assert (terminal.uploads, terminal.edits) == (2, 0)
        assert two._image.number == number in terminal.images


async def test_a_terminal_without_frames_gets_the_whole_image_again(photo):
    app = Show(GHOSTTY)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo), "sharp")
        written = await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
        assert "a=t" in written
        assert "a=f" not in written


async def test_of_boxes_that_change_faster_than_the_line_takes_them_the_last_is_seen(photo):
    app, terminal = Show(KITTY), KittyTerminal()
    async with app.run_test(size=SIZE) as pilot:
        terminal.read(await shown(pilot, Subject(photo), "sharp"))
        uplink = Uplink.of(app)
        free, uplink._may_go = uplink._may_go, lambda size, urgent: False
        app.written.clear()
        for left in range(0, 200, 10):
            mark = OutcomeMark((left, 40, 100, 90), "TP")
            app.pictures[0].subject = Subject(photo, marks=(mark,))
            await asyncio.sleep(0.01)
        uplink._may_go = free
        key = app.pictures[0].subject
        await until(pilot, lambda: app.pictures[0]._look.subject == key)
        terminal.read(app.sent)
        assert terminal.edits <= 8  # those of one step or two
        number, wanted = app.pictures[0]._image.number, app.pictures[0]._image._raster
        assert terminal.images[number].tobytes() == wanted.image.convert("RGB").tobytes()


async def test_an_upload_that_is_given_up_leaves_nothing_in_the_terminal(photo):
    app, terminal = Show(KITTY), KittyTerminal()
    async with app.run_test(size=SIZE) as pilot:
        uplink = Uplink.of(app)
        free, uplink._may_go = uplink._may_go, lambda *_: "\x1b_G" not in app.sent
        app.pictures[0].subject = Subject(photo)
        await until(pilot, lambda: uplink.there and "\x1b_G" in app.sent)
        await app.pictures[0].remove()
        assert terminal.read(app.sent) is None
        uplink._may_go = free
        app.written.clear()
        await until(pilot, lambda: not uplink._sending and not uplink._waiting)
        assert not uplink.there
        terminal.read(app.sent)
        assert (terminal.uploads, terminal.images) == (1, {})


async def test_new_sizes_and_themes_leave_no_image_behind(photo):
    app, terminal = Show(KITTY), KittyTerminal()
    async with app.run_test(size=SIZE) as pilot:
        uplink = Uplink.of(app)
        uplink.placed.most = 1
        await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
        for step in range(3):
            before = app.pictures[0]._image.number
            await pilot.resize_terminal(50 + step, 18)
            app.theme = ("nord", "gruvbox", "dracula")[step]
            await until(pilot, lambda before=before: before not in uplink.there)
            await until(pilot, lambda: app.pictures[0].stage == "sharp")
        terminal.read(app.sent)
        assert set(terminal.images) == uplink.there
        assert len(uplink.there) <= 2


async def test_characters_that_stay_are_not_written_again(photo):
    app = Show(Graphics("cells"))
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo), "cells")
        await until(pilot, lambda: app.pictures[0]._look.truecolor)
        refreshed: list[Region] = []
        picture = app.pictures[0]
        refresh = picture.refresh
        picture.refresh = lambda *regions, **how: (refreshed.extend(regions), refresh(*regions))
        before = list(picture._strips)
        await shown(pilot, Subject(photo, marks=(FIRST,)), "cells")
        held = {(x, r.y) for r in refreshed for x in range(r.x, r.right)}
        assert 0 < len(held) < 300  # of 1,060
        for y, (old, new) in enumerate(zip(before, picture._strips, strict=True)):
            if hasattr(new, "looks"):
                looks = zip(old.looks(), new.looks(), strict=True)
                assert all((x, y) in held for x, (was, is_) in enumerate(looks) if was != is_)


def test_a_part_of_a_row_says_anew_where_it_is_and_a_label_interrupts_it():
    area = Area(12, 1, KITTY, ColorSystem.TRUECOLOR, Style())
    chip = Chip(4, 0, "abc", FIRST)
    lines = [[Segment("." * 10)]]
    plain, labelled = (
        kitty_strips(Sketch((0, 0, 1, 1), 10, 1, chips, lines), area, 0x010203)[0]
        for chips in ((), (chip,))
    )
    mark = kitty.PLACEHOLDER + kitty.MARKS[0]
    part = plain.crop(5, 8)
    assert part.cell_length == 3
    assert f"{mark}{kitty.MARKS[4]}{kitty.PLACEHOLDER * 2}\x1b[39m" in part.render(Console())
    # The cell after the label has to say where it is, and once it is gone it need not.
    assert labelled.changes(plain) == plain.changes(labelled) == [(5, 9)]
    whole = labelled.render(Console())
    assert f"{mark}{kitty.MARKS[7]}{kitty.PLACEHOLDER * 2}" in whole
    assert "abc" in whole
    assert "bc" in labelled.crop(6, 9).render(Console())
    assert labelled.crop(6, 9).text == "..."  # what an overlay leaves
