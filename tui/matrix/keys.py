"""The keys of the matrix. Help shows their words, a keymap may change them by their ids."""

from typing import Final

from textual.binding import Binding, BindingType

BINDINGS: Final[list[BindingType]] = [
    Binding("enter", "open_cell", "Open", tooltip="Open the feed of the cell", id="matrix.open"),
    Binding(
        "n",
        "confusion(True)",
        "Confusion",
        tooltip="Next largest confusion",
        id="matrix.next_confusion",
    ),
    Binding(
        "N",
        "confusion(False)",
        "Previous largest confusion",
        show=False,
        id="matrix.last_confusion",
    ),
    Binding(
        "percent_sign",
        "mode",
        "Share",
        tooltip="Counts, shares of the row, of the column",
        key_display="%",
        id="matrix.mode",
    ),
    Binding("r", "open_row", "Open the row", show=False, id="matrix.row"),
    Binding("c", "open_column", "Open the column", show=False, id="matrix.column"),
    Binding("a", "open_all", "Open everything", show=False, id="matrix.everything"),
    Binding("up,k", "move(-1,0)", "Up", show=False, id="matrix.up"),
    Binding("down,j", "move(1,0)", "Down", show=False, id="matrix.down"),
    Binding("left,h", "move(0,-1)", "Left", show=False, id="matrix.left"),
    Binding("right,l", "move(0,1)", "Right", show=False, id="matrix.right"),
    Binding("ctrl+up,shift+up,K", "move(-10,0)", "10 up", show=False, id="matrix.up_10"),
    Binding("ctrl+down,shift+down,J", "move(10,0)", "10 down", show=False, id="matrix.down_10"),
    Binding("ctrl+left,shift+left,H", "move(0,-10)", "10 left", show=False, id="matrix.left_10"),
    Binding("ctrl+right,shift+right,L", "move(0,10)", "10 right", show=False, id="matrix.right_10"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="matrix.page_up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="matrix.page_down"),
    Binding("home", "ends(0,-1)", "Start of the row", show=False, id="matrix.row_start"),
    Binding("end", "ends(0,1)", "End of the row", show=False, id="matrix.row_end"),
    Binding("g,ctrl+home", "ends(-1,-1)", "First cell", show=False, id="matrix.first"),
    Binding("G,ctrl+end", "ends(1,1)", "Last cell", show=False, id="matrix.last"),
]

PANE_BINDINGS: Final[list[BindingType]] = [
    Binding("slash", "jump", "Class", tooltip="Jump to a class", key_display="/", id="matrix.jump"),
    Binding("f", "filter", "Filter classes", show=False, id="matrix.filter"),
    Binding(
        "u",
        "unused",
        "Show or hide classes without ground truth and predictions",
        show=False,
        id="matrix.unused",
    ),
]
