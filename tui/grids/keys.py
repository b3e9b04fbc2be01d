"""The keys of the matrix. Help shows their words, a keymap may change them by their ids."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet, walking


def confusions(pane: str) -> list[BindingType]:
    """To the next and the previous largest confusion."""
    return [
        in_footer(
            "n", "confusion(True)", "Confusion", "Next largest confusion", f"{pane}.next_confusion"
        ),
        quiet("N", "confusion(False)", "Previous largest confusion", f"{pane}.last_confusion"),
    ]


BINDINGS: Final[list[BindingType]] = [
    in_footer("enter", "open_cell", "Open", "Open the feed of the cell", "matrix.open"),
    *confusions("matrix"),
    in_footer(
        "percent_sign",
        "mode",
        "Share",
        "Counts, shares of the row, of the column",
        "matrix.mode",
        shown="%",
    ),
    quiet("r", "open_row", "Open the row", "matrix.row"),
    quiet("c", "open_column", "Open the column", "matrix.column"),
    quiet("a", "open_all", "Open everything", "matrix.everything"),
    *walking("matrix"),
    quiet("pageup", "page(-1)", "Page up", "matrix.page_up"),
    quiet("pagedown", "page(1)", "Page down", "matrix.page_down"),
    quiet("home", "ends(0,-1)", "Start of the row", "matrix.row_start"),
    quiet("end", "ends(0,1)", "End of the row", "matrix.row_end"),
    quiet("g,ctrl+home", "ends(-1,-1)", "First cell", "matrix.first"),
    quiet("G,ctrl+end", "ends(1,1)", "Last cell", "matrix.last"),
]

PANE_BINDINGS: Final[list[BindingType]] = [
    in_footer("slash", "jump", "Class", "Jump to a class", "matrix.jump", shown="/"),
    quiet("f", "filter", "Filter classes", "matrix.filter"),
    quiet(
        "u", "unused", "Show or hide classes without ground truth and predictions", "matrix.unused"
    ),
    in_footer("z", "look(1)", "Map", "Overview, neighbourhood, cells", "matrix.look"),
    quiet("Z", "look(-1)", "Neighbourhood, overview, cells", "matrix.look_back"),
    quiet("escape,backspace", "cells", "Back to the same cell", "matrix.cells"),
]
