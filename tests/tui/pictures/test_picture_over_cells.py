"""A picture that is written over its cells: as few of them as possible, and never garbage."""

import re

import pytest
from PIL import Image
from textual.screen import ModalScreen, Screen

from tests.tui.showing import FIRST, SECOND, SIXEL, SIZE, Show, frame, shown
from tests.tui.waiting import until
from tui.pictures.paint import raster as module
from tui.pictures.paint.drawing import Subject
from tui.terminal.capabilities import Graphics, TerminalAnswers
from tui.terminal.uplink import Uplink


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "a.png"
    Image.effect_noise((320, 240), 60).convert("RGB").save(path)
    return path


def cells_written(written: str, x: int, y: int) -> set[tuple[int, int]]:
    """The cells at which a Sixel picture begins."""
    found = re.findall(r"\x1b\[(\d+);(\d+)H\x1bP", written)
    return {(int(column) - 1 - x, int(row) - 1 - y) for row, column in found}


async def test_over_cells_only_those_are_written_that_the_boxes_change(photo):
    app = Show(SIXEL)
    async with app.run_test(size=SIZE) as pilot:
        whole = await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
        x, y = app.pictures[0]._over._region().offset
        assert cells_written(whole, x, y) == {(0, 0)}
        written = await shown(pilot, Subject(photo, marks=(FIRST, SECOND)), "sharp")
        corners = cells_written(written, x, y)
        assert corners
        assert (0, 0) not in corners
        assert len(written) < len(whole) / 4
        assert " truck .40 " in written
        assert " car .91 " not in written  # it stays where it is
        assert await shown(pilot, Subject(photo, marks=(FIRST, SECOND), facts="b"), "sharp") == ""


async def test_where_a_label_was_the_picture_is_seen_again(photo):
    app = Show(SIXEL)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
        (chip,) = app.pictures[0]._look.seen.chips
        x, y = app.pictures[0]._over._region().offset
        written = await shown(pilot, Subject(photo), "sharp")
        held = set()
        for at in re.findall(r'\x1b\[(\d+);(\d+)H\x1bP[\d;]*q"1;1;(\d+);(\d+)', written):
            row, column, wide, tall = map(int, at)
            for cell in range(column - 1 - x, column - 1 - x + wide // 10):
                held |= {(cell, row - 1 - y + down) for down in range(tall // 20)}
        assert {(chip.x + i, chip.y) for i in range(len(chip.text))} <= held


async def test_a_picture_over_cells_is_written_again_only_where_something_else_was(photo):
    app = Show(SIXEL)
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo, marks=(FIRST,)), "sharp")
        await shown(pilot, Subject(photo, marks=(SECOND,)), "sharp")
        row = app.pictures[0]._strips[9]

        async def written() -> bool:
            app.written.clear()
            return "\x1bP" in await frame(pilot, row)

        assert not await written()  # a frame that leaves its cells alone
        for screen in (ModalScreen, Screen):
            await app.push_screen(screen())
            app.pop_screen()
            await pilot.pause()
            assert await written()
            assert not await written()
        row.divide([5, 60])  # a toast
        assert await written()
        app.stages.clear()
        app.pictures[0].begin(anew=True)  # ctrl+l
        await until(pilot, lambda: app.stages == ["cells", "sharp"])
        row = app.pictures[0]._strips[9]
        assert await written()


@pytest.mark.parametrize(("name", "renewed"), [("XTerm(398)", True), ("foot", False)])
async def test_a_terminal_that_forgets_pictures_gets_the_whole_after_many_parts(
    photo, monkeypatch, name, renewed
):
    monkeypatch.setattr("tui.pictures.overlaid.REST", 0.01)
    app = Show(Graphics("sixel", 10, 20, answers=TerminalAnswers(name=name)))
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo), "sharp")
        x, y = app.pictures[0]._over._region().offset
        app.written.clear()
        for mark in (FIRST, SECOND) * 3:
            app.pictures[0].subject = Subject(photo, marks=(mark,))
            await until(pilot, lambda mark=mark: app.pictures[0]._look.subject.marks == (mark,))
        await app.workers.wait_for_complete()  # the last change, and what follows after a rest
        await pilot.pause()
        assert ((0, 0) in cells_written(app.sent, x, y)) == renewed


async def test_a_picture_that_the_line_cannot_take_in_a_second_stays_in_cells(photo, monkeypatch):
    monkeypatch.setattr(Uplink, "rate", 10_000.0)
    app = Show(SIXEL)
    made = []
    monkeypatch.setattr(module, "allowance", lambda *said: made.append(said) or kept(*said))
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, Subject(photo), "cells")
        await until(pilot, lambda: made)
        await pilot.pause(0.3)
        assert app.stages == ["cells"]
        assert made[0][3] == 10_000.0


kept = module.allowance
