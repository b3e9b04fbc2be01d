"""Keys that several widgets have: a keymap changes them by their ids, each for itself.

What a key does is a sentence: help, the palette and `offdiag keys` show it.
"""

from dataclasses import replace
from typing import Final

from textual.binding import Binding, BindingType


def quiet(keys: str, action: str, does: str, id: str, *, priority: bool = False) -> Binding:
    """A key, or several with commas between, that the footer does not show."""
    return Binding(keys, action, does, show=False, id=id, priority=priority)


def in_footer(
    keys: str, action: str, short: str, does: str, id: str, *, priority: bool = False
) -> Binding:
    """A key that the footer shows with a short word; elsewhere it is said what it does."""
    return Binding(keys, action, short, tooltip=does, id=id, priority=priority)


def together(does: str, *bindings: Binding) -> list[BindingType]:
    """Keys that belong together, as there and back: help has one line for them.

    The footer shows the first key of each where it shows one of them.
    """
    group = Binding.Group(does)
    return [replace(binding, group=group) for binding in bindings]


def first(bindings: list[BindingType]) -> list[BindingType]:
    """Keys that work although a line has the focus that would take them."""
    return [replace(each, priority=True) for each in bindings if isinstance(each, Binding)]


def sentence(binding: Binding) -> str:
    """What a key does."""
    return binding.tooltip or binding.description


def walking(pane: str, columns: int = 10) -> list[BindingType]:
    """Arrows and letters to walk by one, or by ten rows and so many columns."""
    far = columns
    by_far = f"Walk by 10 rows or {far} columns" if far != 10 else "Walk by 10 rows or columns"
    return [
        *together(
            "Walk by one row or column",
            quiet("up,k", "move(-1,0)", "Walk one row up", f"{pane}.up"),
            quiet("down,j", "move(1,0)", "Walk one row down", f"{pane}.down"),
            quiet("left,h", "move(0,-1)", "Walk one column to the left", f"{pane}.left"),
            quiet("right,l", "move(0,1)", "Walk one column to the right", f"{pane}.right"),
        ),
        *together(
            by_far,
            quiet("ctrl+up,shift+up,K", "move(-10,0)", "Walk 10 rows up", f"{pane}.up_10"),
            quiet("ctrl+down,shift+down,J", "move(10,0)", "Walk 10 rows down", f"{pane}.down_10"),
            quiet(
                "ctrl+left,shift+left,H",
                f"move(0,-{far})",
                f"Walk {far} columns to the left",
                f"{pane}.left_{far}",
            ),
            quiet(
                "ctrl+right,shift+right,L",
                f"move(0,{far})",
                f"Walk {far} columns to the right",
                f"{pane}.right_{far}",
            ),
        ),
    ]


FOCUS: Final[list[BindingType]] = together(
    "Go on to the next list, slider or line, and back",
    in_footer(
        "tab", "app.focus_next", "Next", "Go on to the next list, slider or line", "focus.next"
    ),
    quiet("shift+tab", "app.focus_previous", "Go back to what had the focus", "focus.previous"),
)
"""Of screens in which a key leads from one part to another; the footer says to which."""

HELP: Final = in_footer(
    "question_mark,f1", "app.help", "Help", "Show what this screen is for, and its keys", "app.help"
)
"""Of the app, and of each box: what lies above the app's screens does not have the app's keys."""
