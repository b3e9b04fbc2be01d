"""The keys of the matrix. Help shows their words, a keymap may change them by their ids."""

from typing import Final

from textual.binding import Binding, BindingType

from tui.controls.bindings import quiet, walking


def confusions(pane: str) -> list[BindingType]:
    """To the next and the previous largest confusion."""
    return [
        Binding(
            "n",
            "confusion(True)",
            "Confusion",
            tooltip="Next largest confusion",
            id=f"{pane}.next_confusion",
        ),
        quiet("N", "confusion(False)", "Previous largest confusion", f"{pane}.last_confusion"),
    ]


BINDINGS: Final[list[BindingType]] = [
    Binding("enter", "open_cell", "Open", tooltip="Open the feed of the cell", id="matrix.open"),
    *confusions("matrix"),
    Binding(
        "percent_sign",
        "mode",
        "Share",
        tooltip="Counts, shares of the row, of the column",
        key_display="%",
        id="matrix.mode",
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
    Binding("slash", "jump", "Class", tooltip="Jump to a class", key_display="/", id="matrix.jump"),
    quiet("f", "filter", "Filter classes", "matrix.filter"),
    quiet(
        "u", "unused", "Show or hide classes without ground truth and predictions", "matrix.unused"
    ),
    Binding("z", "look(1)", "Map", tooltip="Overview, neighbourhood, cells", id="matrix.look"),
    quiet("Z", "look(-1)", "Neighbourhood, overview, cells", "matrix.look_back"),
    quiet("escape,backspace", "cells", "Back to the same cell", "matrix.cells"),
]
