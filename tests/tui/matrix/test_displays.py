"""Cells, overview and neighbourhood of a matrix that does not fit, by their keys."""

import pytest

from engine.core.arrays import NOTHING
from engine.core.outcomes import Selection
from tests.tui.matrix.many_classes import CLASSES, FAR, UNUSED, ManyApp, confusing
from tests.tui.matrix.test_grid import view_of
from tests.tui.waiting import until

WIDE, NARROW = (120, 40), (80, 24)


@pytest.fixture
async def wide():
    app = ManyApp()
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.map.scene is not None and app.grid.has_focus)
        yield app, pilot


async def look(app, pilot, key, name):
    await pilot.press(key)
    await until(pilot, lambda: app.pane.look == name and app.pane.in_focus.has_focus)


async def overview(app, pilot):
    await look(app, pilot, "z", "overview")
    await until(pilot, lambda: "a block is" in app.heading)


async def test_it_opens_on_the_largest_confusion_with_a_map_of_all(wide):
    app, _ = wide
    assert app.cell == FAR
    assert app.says.startswith("kind 90 seen as kind 20: 77 boxes")
    assert app.grid.window.contains(20, 90)
    assert app.map.display
    panel = app.words("cell-panel")
    assert panel.startswith("kind 90 → kind 20")
    # There is not room for everything: what is worst in the whole matrix comes first.
    assert panel.index("largest confusions") < panel.index("─ kind 90")


async def test_where_nothing_stands_beside_the_cells_it_opens_on_the_overview():
    app = ManyApp()
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: app.heading.startswith("Overview of 110 classes   10 hidden"))
        assert app.overview.has_focus
        assert "all kind 90 → kind 20" in app.says
        await look(app, pilot, "enter", "cells")
        assert app.cell == FAR


async def test_few_classes_open_at_the_first_cell_and_have_nothing_else_to_look_at():
    app = ManyApp(view_of(10).matrix)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("z")
        assert (app.pane.look, app.cell, app.heading) == ("cells", (0, 0), "")
        assert not app.map.display
        assert app.pane.check_action("look", (1,)) is False


async def test_z_goes_from_cells_to_overview_to_neighbourhood_and_round(wide):
    app, pilot = wide
    await overview(app, pilot)
    assert app.overview.display
    assert not app.grid.display
    await look(app, pilot, "z", "neighbourhood")
    assert app.grid.display
    assert not app.overview.display
    await look(app, pilot, "z", "cells")
    assert app.cell == FAR
    await look(app, pilot, "Z", "neighbourhood")
    await look(app, pilot, "Z", "overview")


async def test_blocks_are_walked_and_say_what_they_hold(wide):
    app, pilot = wide
    await overview(app, pilot)
    scene = app.overview.scene
    start = scene.cursor
    assert scene.far.block_of(90, 20) == start
    await pilot.press("right", "down", "up", "left")
    assert app.overview.scene.cursor == start
    assert "77 errors, all kind 90 → kind 20" in app.says
    await pilot.press("g", "end")
    assert app.overview.scene.cursor == (0, scene.far.shape[1] - 1)
    assert app.cell[1] == NOTHING
    assert "not detected: " in app.says
    await pilot.press("G")
    assert app.overview.scene.cursor != (0, scene.far.shape[1] - 1)
    assert app.cell != (NOTHING, NOTHING)


async def test_enter_shows_the_cells_of_the_block_at_its_largest_error(wide):
    app, pilot = wide
    await overview(app, pilot)
    await pilot.press("g")
    far = app.overview.scene.far
    row, column = far.block_of(5, 45)
    for _ in range(row):
        await pilot.press("down")
    for _ in range(column):
        await pilot.press("right")
    await look(app, pilot, "enter", "cells")
    assert app.cell == (5, 45)
    assert app.grid.window.contains(45, 5)
    await pilot.press("enter")
    assert app.opened == [Selection(5, 45)]


async def test_n_walks_the_largest_confusions_from_far_too(wide):
    app, pilot = wide
    await overview(app, pilot)
    await pilot.press("n")
    assert app.cell == (5, 45)
    scene = app.overview.scene
    assert scene.cursor == scene.far.block_of(5, 45)
    assert scene.frame.contains(*reversed(scene.cursor))  # what Enter would show
    await pilot.press("N")
    assert app.cell == FAR


async def test_escape_comes_back_to_the_same_cells(wide):
    app, pilot = wide
    await pilot.press("right", "down")
    cell, window = app.cell, app.grid.window
    await overview(app, pilot)
    await pilot.press("g", "down")
    await look(app, pilot, "escape", "cells")
    assert (app.cell, app.grid.window) == (cell, window)
    await look(app, pilot, "Z", "neighbourhood")
    await pilot.press("G")
    await look(app, pilot, "escape", "cells")
    assert (app.cell, app.grid.window) == (cell, window)


async def test_a_neighbourhood_holds_the_worst_partners_in_either_direction(wide):
    app, pilot = wide
    app.grid.move_to(5, 6)
    await look(app, pilot, "Z", "neighbourhood")
    shown = app.grid.view.shown.tolist()
    assert shown[:5] == [5, 45, 44, 43, 42]
    assert 7 in shown[:15]  # taken for it thirty times
    assert len(shown) < 41
    assert app.heading.startswith(
        f"Neighbourhood of kind 5   the {len(shown) - 1} worst of 40 classes it is confused with"
        f"   {CLASSES - len(shown)} classes left out"
    )
    layout = app.grid.scene.layout
    assert layout.columns == layout.rows == len(shown)
    assert app.grid.view.matrix is app.pane.matrix


async def test_its_cells_have_the_counts_and_the_images_of_all(wide):
    app, pilot = wide
    app.grid.move_to(5, 45)
    await look(app, pilot, "Z", "neighbourhood")
    assert app.says.startswith("kind 5 seen as kind 45: 40 boxes, 4.2 % of true kind 5")
    await pilot.press("enter", "r", "end", "enter")
    assert app.opened == [Selection(5, 45), Selection(truth=5), Selection(5, NOTHING)]
    await look(app, pilot, "z", "cells")
    assert app.cell == (5, NOTHING)


async def test_a_jump_in_a_neighbourhood_leads_to_another_one(wide):
    app, pilot = wide
    app.grid.move_to(5, 45)
    await look(app, pilot, "Z", "neighbourhood")
    await pilot.press("slash", *"kind 90", "enter")
    await until(pilot, lambda: app.heading.startswith("Neighbourhood of kind 90"))
    assert app.grid.view.shown.tolist() == [90, 20]
    assert app.cell == (90, 90)


async def test_partners_stay_while_a_slider_moves_and_are_chosen_anew_at_rest(wide):
    app, pilot = wide
    app.grid.move_to(5, 45)
    await look(app, pilot, "Z", "neighbourhood")
    before = app.grid.view.shown.tolist()
    other = confusing()
    other.counts[5, 60] = 500
    app.pane.matrix = other
    assert app.grid.view.matrix is other
    assert app.grid.view.shown.tolist() == before
    await until(pilot, lambda: app.grid.view.shown.tolist()[:2] == [5, 60])


async def test_a_confidence_that_moves_keeps_the_overview_up_to_date(wide):
    app, pilot = wide
    await overview(app, pilot)
    await pilot.press("n", "N")
    other = confusing()
    other.counts[FAR] = 0
    app.pane.matrix = other
    assert app.cell == FAR
    assert app.overview.scene.cursor == app.overview.scene.far.block_of(*FAR)
    assert app.overview.scene.far.errors[app.overview.scene.cursor] == 0
    assert ": 0 errors" in app.says


async def test_the_map_frames_what_is_in_sight_and_a_click_goes_there(wide):
    app, pilot = wide
    await pilot.press("g")
    assert app.cell == (0, 0)
    assert app.says.startswith("kind 0 found: 100 boxes")
    await until(pilot, lambda: app.map.scene.frame.offset == (0, 0))
    far = app.map.scene.far
    row, column = far.block_of(90, 20)
    await pilot.click("#matrix-map", offset=(1 + column, 1 + row // 2))
    await until(pilot, lambda: app.cell != (0, 0))
    assert far.block_of(app.grid.truth, app.grid.predicted)[1] == column
    await until(pilot, lambda: app.map.scene.frame.bottom > row // 2 * 2)


async def test_a_double_click_in_the_overview_shows_the_cells(wide):
    app, pilot = wide
    await overview(app, pilot)
    scene = app.overview.scene
    row, column = scene.far.block_of(5, 45)
    await pilot.click("#overview", offset=(scene.gutter + 1 + column, 1 + row // 2), times=2)
    await until(pilot, lambda: app.pane.look == "cells")
    assert app.grid.truth in range(12)


async def test_classes_without_anything_are_hidden_counted_and_shown_by_a_key(wide):
    app, pilot = wide
    words = "10 classes without ground truth or predictions hidden   u shows them"
    assert app.heading == words
    assert not set(UNUSED) & set(app.grid.view.shown.tolist())
    await pilot.press("u")
    assert len(app.grid.view.shown) == CLASSES
    assert app.heading == ""
    await pilot.press("u")
    assert app.heading == words


async def test_a_class_that_turns_up_comes_into_sight_and_stays(wide):
    app, _ = wide
    other = confusing()
    other.counts[NOTHING, 104] = 1
    app.pane.matrix = other
    assert 104 in app.grid.view.shown
    another = confusing()
    another.counts[105, NOTHING] = 1
    app.pane.matrix = another
    assert {104, 105} <= set(app.grid.view.shown.tolist())
    assert app.heading.startswith("8 classes")


async def test_a_jump_shows_a_hidden_class(wide):
    app, pilot = wide
    await pilot.press("slash", *"kind 105", "enter")
    await until(pilot, lambda: app.cell == (105, 105))
    assert app.heading.startswith("9 classes")


async def test_what_a_person_filters_is_no_longer_hidden_by_itself(wide):
    app, pilot = wide
    await pilot.press("f", *"kind 22", "tab", "a", "enter")
    await until(pilot, lambda: len(app.grid.view.shown) < 110)
    assert app.heading == ""
    assert "classes hidden" in app.grid.view.notes
    await pilot.press("u")
    assert app.heading.startswith("10 classes")


async def test_a_classifier_has_the_same_looks():
    app = ManyApp(classifier=True)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.map.scene is not None and app.grid.has_focus)
        await overview(app, pilot)
        assert "all kind 90 → kind 20" in app.says
        await pilot.press("G")
        assert app.overview.scene.far.block_of(119, 119) == app.overview.scene.cursor
        assert "recognised" in app.says
        await look(app, pilot, "z", "neighbourhood")
        assert app.heading.startswith("Neighbourhood of kind 118   confused with no other class")
        await look(app, pilot, "z", "cells")


async def test_an_end_row_has_no_neighbourhood(wide):
    app, pilot = wide
    await pilot.press("end")
    assert app.cell == (90, NOTHING)
    await look(app, pilot, "Z", "neighbourhood")
    assert app.pane.near.class_ == 90
    await look(app, pilot, "escape", "cells")
    app.grid.move_to(NOTHING, 33)
    await look(app, pilot, "Z", "neighbourhood")
    assert app.pane.near.class_ == 33


@pytest.mark.slow
async def test_every_look_stands_a_small_screen_and_comes_back_from_it(wide):
    app, pilot = wide
    for name in ("overview", "neighbourhood", "cells"):
        await look(app, pilot, "z", name)
        await pilot.resize_terminal(60, 16)
        await pilot.press("down", "right", "end", "n")
        if name == "neighbourhood":
            await until(pilot, lambda: app.grid.window.width == app.grid.view.classes)
        await pilot.resize_terminal(*WIDE)
