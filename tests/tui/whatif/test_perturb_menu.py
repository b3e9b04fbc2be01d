"""The menu of ways to perturb an image: what is on, how strong, and the way back."""

import pytest

from engine.whatif.perturbing import LEVELS, NONE, Perturbation
from tests.tui.asking import PHOTOS, asking, seen
from tests.tui.waiting import until
from tui.whatif.paint.perturb_lines import NOTHING_DONE, STANDS, WORDS, PerturbLine


@pytest.mark.parametrize("name", LEVELS)
def test_a_track_has_a_cell_a_level_and_one_place_where_it_stands(name):
    for by in (-3, 0, 1, 9):
        change = NONE
        for _ in range(abs(by)):
            change = change.step(name, 1 if by > 0 else -1)
        line = PerturbLine("", name, change)
        assert len(line.track) == len(LEVELS[name])
        assert line.track.index(STANDS) == LEVELS[name].index(getattr(change, name))
        assert (NOTHING_DONE in line.track) == line.is_on
        assert (line.strength == "off") != line.is_on


async def test_the_menu_changes_the_image_shows_what_is_on_and_escape_goes_back():
    async with asking(PHOTOS[0]) as (pilot, tab):
        await pilot.press("p")
        menu = tab.pane.menu
        await until(pilot, lambda: menu.has_focus)
        assert not tab.pane.images.display
        await pilot.press("right", "down", "right", "right", "f")
        wanted = Perturbation(blur=1.0, noise=10.0, flipped=True)
        await until(pilot, lambda: seen(tab).look.change == wanted)
        rows = ["".join(part.text for part in menu.render_line(y)) for y in range(len(WORDS) + 1)]
        assert "3 on" in rows[0]
        assert rows[1].split()[:2] == ["b", "Blur"]
        assert "1 px" in rows[1]
        assert "10" in rows[2]
        assert rows[-1].split()[-1] == "on"
        assert rows[3].split()[-1] == "off"
        await pilot.press("r")
        await until(pilot, lambda: seen(tab).look.change == NONE)
        await pilot.press("escape")
        await until(pilot, lambda: tab.pane.images.has_focus)
        assert not menu.display
