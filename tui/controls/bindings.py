"""Keys that several widgets have: a keymap changes them by their ids, each for itself."""

from textual.binding import Binding, BindingType


def quiet(keys: str, action: str, does: str, id: str, shown: str | None = None) -> Binding:
    """A key, or several with commas between, that the footer does not show."""
    return Binding(keys, action, does, show=False, id=id, key_display=shown)


def in_footer(
    keys: str,
    action: str,
    short: str,
    does: str,
    id: str,
    shown: str | None = None,
    *,
    first: bool = False,
) -> Binding:
    """A key that the footer shows with a short word; help says what it does, where more is said.

    first: before the widget in focus has it, and before the next key goes anywhere.
    """
    return Binding(keys, action, short, tooltip=does, id=id, key_display=shown, priority=first)


def walking(pane: str, columns: int = 10) -> list[BindingType]:
    """Arrows and letters to walk by one, or by ten rows and so many columns."""
    far = columns
    return [
        quiet("up,k", "move(-1,0)", "Up", f"{pane}.up"),
        quiet("down,j", "move(1,0)", "Down", f"{pane}.down"),
        quiet("left,h", "move(0,-1)", "Left", f"{pane}.left"),
        quiet("right,l", "move(0,1)", "Right", f"{pane}.right"),
        quiet("ctrl+up,shift+up,K", "move(-10,0)", "10 up", f"{pane}.up_10"),
        quiet("ctrl+down,shift+down,J", "move(10,0)", "10 down", f"{pane}.down_10"),
        quiet("ctrl+left,shift+left,H", f"move(0,-{far})", f"{far} left", f"{pane}.left_{far}"),
        quiet("ctrl+right,shift+right,L", f"move(0,{far})", f"{far} right", f"{pane}.right_{far}"),
    ]
