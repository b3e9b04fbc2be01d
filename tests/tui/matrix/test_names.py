"""Names of rows and columns in a grid, read from the screen and walked by keys."""

import pytest

from tests.tui.matrix.many_classes import ManyApp
from tests.tui.matrix.test_grid import GridApp, view_of
from tui.controls.lines import Lines
from tui.grids.paint.view import MatrixView

PARTS = ("bolt", "screw", "nut", "washer", "bearing", "gear", "spring", "clip", "pin", "bracket")
VANS = tuple(
    f"Mercedes_Benz_{model}_{colour}_{year}"
    for model in ("Sprinter", "Citaro")
    for colour in ("white", "dark_blue")
    for year in (2018, 2019)
)


def named(names, **fields):
    made = view_of(len(names), **fields)
    return MatrixView(names, made.matrix, made.shown, **fields)


def ends_of_columns(app):
    """Which heading ends where the cells of each column do."""
    layout, lines = app.grid.scene.layout, app.lines[: app.grid.scene.layout.heading]
    found = {}
    for slot in range(layout.columns):
        x, width = layout.column_span(slot)
        end = x + width
        line = next(line for line in lines if line[end - 1] != " " and line[end : end + 1] == " ")
        found[app.grid.scene.column_at(slot)] = line[:end].split()[-1]
    return found


@pytest.mark.parametrize("width", [80, 86])
async def test_names_of_columns_are_whole_where_words_broken_in_two_would_stand(width):
    app = GridApp(named(PARTS))
    async with app.run_test(size=(width, 24)) as pilot:
        assert app.grid.scene.layout.turns > 1
        for key in ("right", "end", "down"):
            await pilot.press(key)
            assert ends_of_columns(app) == dict(enumerate(PARTS))


async def test_only_the_name_of_the_cursors_column_stands_out():
    app = GridApp(named(PARTS))
    async with app.run_test(size=(80, 24)) as pilot:
        for key, name in (("right", "screw"), ("right", "nut"), ("left", "screw")):
            await pilot.press(key)
            ink = app.grid._ink
            marked = [
                segment.text.strip()
                for y in range(app.grid.scene.layout.heading)
                for segment in app.grid.render_line(y)
                if segment.style == ink.crosshair
            ]
            assert marked == [name]


@pytest.mark.parametrize("names", [PARTS, VANS], ids=["parts", "vans"])
async def test_a_walk_draws_what_a_whole_drawing_would(names):
    app = GridApp(named(names))
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("right", "down", "right", "end", "left", "home", "G", "g"):
            before = app.lines, [app.grid.render_line(y) for y in range(24)]
            dirty = []
            app.grid.refresh = lambda *regions, **_: dirty.extend(regions)  # noqa: B023
            await pilot.press(key)
            del app.grid.refresh
            for y, (old, new) in enumerate(
                zip(before[1], [app.grid.render_line(y) for y in range(24)], strict=True)
            ):
                drawn = {x for region in dirty if region.y <= y < region.bottom
                         for x in range(region.x, region.right)}  # fmt: skip
                for x in set(range(80)) - drawn:
                    assert list(old.crop(x, x + 1)) == list(new.crop(x, x + 1)), (key, x, y)


async def test_rows_that_begin_alike_are_told_apart():
    app = GridApp(named(VANS))
    async with app.run_test(size=(80, 24)):
        scene = app.grid.scene
        names = [line[: scene.layout.gutter].strip() for line in app.lines[scene.layout.heading :]]
        vans = [name for name in names if "…" in name]
        assert len(set(vans)) == len(VANS)
        assert scene.layout.gutter >= 20


class StatusApp(ManyApp):
    """Classes whose names leave no room for the words after them."""

    def __init__(self):
        super().__init__(view_of(3).matrix)
        self.pane.names = tuple(f"{'very ' * 14}long name {index}" for index in range(3))


async def test_the_status_line_says_that_it_is_cut():
    app = StatusApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        says = app.query_one("#cell-words", Lines).plain
        assert says.endswith("…")
        assert len(says) == 78
