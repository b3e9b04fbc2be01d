"""The menu of ways to perturb the chosen image, in place of the list of images."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from engine.whatif.perturbing import NONE, Perturbation
from tui.controls.bindings import in_footer, quiet, together
from tui.controls.reach import actions_in_reach
from tui.controls.row_list import RowList
from tui.whatif.keys import further
from tui.whatif.paint.perturb_lines import WORDS, PerturbLine, perturb_heading, perturb_line

NAMES: Final = tuple(WORDS)


class PerturbMenu(RowList):
    """A line a way; what somebody does, it posts, and shows the change that it is given."""

    PANE = "Perturb"
    headed: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        *together(
            "Choose a way to perturb the image",
            in_footer("up,k", "move(-1)", "Choose", "Choose the way above", "perturb.up"),
            quiet("down,j", "move(1)", "Choose the way below", "perturb.down"),
        ),
        *together(
            "Move its strength along the track",
            in_footer("left,h", "step(-1)", "Strength", "Move its strength left", "perturb.left"),
            quiet("right,space", "step(1)", "Move its strength right", "perturb.right"),
        ),
        in_footer("r", "reset", "Reset", "Show the image as it is", "perturb.reset"),
        in_footer(
            "escape,enter,p",
            "close",
            "Back",
            "Go back, with what is on",
            "perturb.back",
        ),
    ]

    change: reactive[Perturbation] = reactive(NONE, init=False, repaint=False)

    @dataclass
    class Stepped(Message):
        """The person wants one way a level further, or back."""

        name: str
        by: int

    class ResetAsked(Message):
        """The person wants the image as it is."""

    class Closed(Message):
        """The person has done enough."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: dict[str, str] = {}  # of each way, as they are bound

    @property
    def count(self) -> int:
        return len(NAMES)

    def on_focus(self) -> None:
        """A keymap may have changed the letters that do the same without the menu."""
        by_action = {each.binding.action: each.keys[0] for each in actions_in_reach(self.screen)}
        self._keys = {name: by_action.get(further(name), "") for name in NAMES}
        if self.cursor is None:
            self.cursor = 0
        self.refresh()

    def watch_change(self) -> None:
        self.refresh_changed()

    def heading(self, width: int, style: Style) -> Strip:
        return perturb_heading(self.change, width, style)

    def line(self, index: int, width: int, base: Style, dim: Style, focused: bool) -> Strip:
        name = NAMES[index]
        line = PerturbLine(self._keys.get(name, ""), name, self.change)
        return perturb_line(line, width, base, dim, focused)

    def action_step(self, by: int) -> None:
        """Along the track of the chosen way."""
        if self.cursor is not None:
            self.post_message(self.Stepped(NAMES[self.cursor], by))

    def action_reset(self) -> None:
        self.post_message(self.ResetAsked())

    def action_close(self) -> None:
        self.post_message(self.Closed())
