"""The keys of the matrix. A keymap may change them by their ids."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet, together, walking


def confusions(pane: str) -> list[BindingType]:
    """To the next and the previous largest confusion."""
    return together(
        "Go to the next largest confusion of two classes, or to the one before",
        in_footer(
            "n",
            "confusion(True)",
            "Confusion",
            "Go to the next largest confusion of two classes",
            f"{pane}.next_confusion",
        ),
        quiet(
            "N",
            "confusion(False)",
            "Go to the largest confusion of two classes before this one",
            f"{pane}.last_confusion",
        ),
    )


BINDINGS: Final[list[BindingType]] = [
    in_footer("enter", "open_cell", "Images", "Show the images behind the cell", "matrix.open"),
    *confusions("matrix"),
    *together(
        "Go to the next largest count of objects not detected or false alarms, or back",
        quiet(
            "o",
            "end_error(True)",
            "Go to the next largest count of objects not detected or of false alarms",
            "matrix.next_end",
        ),
        quiet(
            "O",
            "end_error(False)",
            "Go to the largest such count before this one",
            "matrix.last_end",
        ),
    ),
    quiet("r", "open_row", "Show the images of the whole row", "matrix.row"),
    quiet("c", "open_column", "Show the images of the whole column", "matrix.column"),
    quiet("a", "open_all", "Show all images", "matrix.everything"),
    quiet(
        "percent_sign",
        "mode",
        "Show counts, shares of the row, or shares of the column",
        "matrix.mode",
    ),
    *walking("matrix"),
    *together(
        "Walk a page up or down",
        quiet("pageup", "page(-1)", "Walk a page up", "matrix.page_up"),
        quiet("pagedown", "page(1)", "Walk a page down", "matrix.page_down"),
    ),
    *together(
        "Go to an end of the row",
        quiet("home", "ends(0,-1)", "Go to the start of the row", "matrix.row_start"),
        quiet("end", "ends(0,1)", "Go to the end of the row", "matrix.row_end"),
    ),
    *together(
        "Go to the first or the last cell",
        quiet("g,ctrl+home", "ends(-1,-1)", "Go to the first cell", "matrix.first"),
        quiet("G,ctrl+end", "ends(1,1)", "Go to the last cell", "matrix.last"),
    ),
]
