"""What the wheel brings into sight."""

import pytest
from textual import events

from tui.controls.wheel import scrolled_by


def turn(kind, shift=False, ctrl=False):
    return kind(None, 0, 0, 0, 0, 0, shift, False, ctrl)


@pytest.mark.parametrize("key", ["shift", "ctrl"])
def test_the_wheel_goes_down_by_rows_and_with_a_key_held_to_the_right(key):
    down, up = events.MouseScrollDown, events.MouseScrollUp
    assert scrolled_by(turn(down), (10, 10)) == (13, 10)
    assert scrolled_by(turn(up), (10, 10)) == (7, 10)
    assert scrolled_by(turn(down, **{key: True}), (10, 10)) == (10, 13)
    assert scrolled_by(turn(up, **{key: True}), (10, 10), columns=1) == (10, 9)
