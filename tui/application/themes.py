"""Which theme is on: what suits the terminal, what a person chose for it, what a dataset had."""

from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.application.looks import keep_looks
from tui.application.settings import AUTO, Looks
from tui.terminal.capabilities import Graphics

if TYPE_CHECKING:
    from textual.theme import Theme


def plain_theme(graphics: Graphics) -> str:
    """What suits the background where nobody chose."""
    return "textual-light" if graphics.answers.light else "textual-dark"


def themes_in_order(available: Mapping[str, "Theme"], plain: str) -> list[str]:
    """All there are: what suits the background, its opposite, the others by name."""
    light_and_dark = {"textual-light", "textual-dark"}
    first = sorted(light_and_dark, key=lambda name: name != plain)
    # Those in the terminal's own colours can promise nothing of how they look.
    others = sorted(set(available) - light_and_dark, key=lambda name: (available[name].ansi, name))
    return first + others


class ThemeKeeper:
    """Keeps a theme that a person chose, and none that the app has put on by itself."""

    def __init__(self, theme: str) -> None:
        self._first = theme  # of this run, whatever the dataset on show was left in
        self._kept = theme  # what need not be written: the app has put it on, or it is written

    def begin(self, theme: str) -> None:
        """The app begins in this theme."""
        self._first = self._kept = theme

    def put_on(self, theme: str) -> None:
        """A dataset was left in this theme, which no person has chosen for the terminal."""
        self._kept = theme

    def of_dataset(self, theme: str) -> str:
        """The theme that belongs to the dataset on show; empty where it is that of the run."""
        return "" if theme == self._first else theme

    def keep(self, theme: str, graphics: Graphics) -> None:
        """Write the theme where it was chosen, for whatever is opened next in such a terminal."""
        if theme == self._kept or not graphics.terminal:
            return
        self._kept = theme
        chosen = AUTO if theme == plain_theme(graphics) else theme
        with suppress(OSError):
            keep_looks(graphics.terminal, Looks(theme=chosen))
