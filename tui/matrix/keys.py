"""The keys of the pane around the matrix. A keymap may change them by their ids."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet, together

PANE_BINDINGS: Final[list[BindingType]] = [
    quiet("escape,backspace", "cells", "Go back to the cells, to the same one", "matrix.cells"),
    in_footer("slash", "jump", "Class", "Jump to a class by letters of its name", "matrix.jump"),
    *together(
        "Turn to the overview, the worst partners of a class, the cells",
        in_footer(
            "z",
            "look(1)",
            "Map",
            "Turn to the overview, the worst partners of a class, the cells",
            "matrix.look",
        ),
        quiet("Z", "look(-1)", "Turn the other way: worst partners, overview", "matrix.look_back"),
    ),
    quiet("f", "filter", "Choose the classes on show", "matrix.filter"),
    quiet(
        "u",
        "unused",
        "Show or hide classes without ground truth and predictions",
        "matrix.unused",
    ),
]
