"""The line of keys: whole keys only, and those that lead on never go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets._footer import FooterKey

from tests.tui.waiting import settled, until
from tests.tui.walking import app_of
from tui.controls.key_line import KeyLine, fitting


def shown(screen):
    return [key for key in screen.query_one(KeyLine).query(FooterKey) if key.display]


def words(screen):
    return " ".join(f"{key.key_display} {key.description}" for key in shown(screen))


@given(
    st.lists(st.tuples(st.integers(1, 20), st.booleans()), max_size=20),
    st.integers(0, 200),
)
def test_keys_go_from_the_right_and_only_as_many_as_must(keys, room):
    widths, kept = [width for width, _ in keys], [stays for _, stays in keys]
    result = fitting(widths, kept, room)
    assert all(is_shown for is_shown, stays in zip(result, kept, strict=True) if stays)
    used = sum(width for width, is_shown in zip(widths, result, strict=True) if is_shown)
    gone = [at for at, is_shown in enumerate(result) if not is_shown]
    if gone:
        assert used + widths[gone[0]] > room
        assert all(kept[at] for at in range(gone[0], len(keys)) if result[at])
    if used > room:
        assert [stays for stays, is_shown in zip(kept, result, strict=True) if is_shown] == (
            [True] * sum(result)
        )


@pytest.mark.slow
async def test_a_narrow_line_leaves_out_the_last_but_neither_help_nor_tab():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("4")
        await until(pilot, lambda: "+ - Size" in words(screen))
        await pilot.resize_terminal(60, 24)
        await until(pilot, lambda: "+ - Size" not in words(screen))
        assert words(screen).endswith("tab Sliders ? Help")
        await pilot.resize_terminal(160, 24)
        await until(pilot, lambda: "+ - Size tab Sliders ? Help" in words(screen))


@pytest.mark.slow
async def test_where_one_types_help_is_at_f1():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        assert "? Help" in words(screen)
        await pilot.press("5", "i")
        await until(pilot, lambda: words(screen).endswith("f1 Help"))
        await pilot.press("escape")
        await until(pilot, lambda: words(screen).endswith("? Help"))


async def test_keys_that_stay_are_not_made_anew():
    async with app_of().run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        before = shown(screen)
        screen.refresh_bindings()
        await pilot.pause()
        assert shown(screen) == before
        await pilot.press("4")
        await until(pilot, lambda: "Order" in words(screen))
        assert not set(shown(screen)) & set(before)
