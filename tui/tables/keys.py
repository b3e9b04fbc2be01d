"""The keys of the table of metrics. A keymap may change them by their ids."""

from typing import Final

from textual.binding import Binding, BindingType

BINDINGS: Final[list[BindingType]] = [
    Binding("enter", "open", "Images", tooltip="Open the images of the row", id="metrics.open"),
    Binding(
        "s",
        "sort",
        "Sort",
        tooltip="Sort by the column; again: the other way round",
        id="metrics.sort",
    ),
    Binding("S", "dataset_order", "Order of the dataset", show=False, id="metrics.dataset_order"),
    Binding(
        "slash",
        "filter",
        "Filter",
        tooltip="Filter classes by name; escape clears",
        key_display="/",
        id="metrics.filter",
    ),
    Binding("m", "matrix", "Matrix", tooltip="The row in the matrix", id="metrics.matrix"),
    Binding("c", "curve", "Curve", tooltip="The curve of the row", id="metrics.curve"),
    Binding(
        "e", "export", "Export", tooltip="Export the table as CSV", show=False, id="metrics.export"
    ),
    Binding("x", "explain", "Explain", tooltip="How the number came to be", id="metrics.explain"),
    Binding("up,k", "move(-1,0)", "Up", show=False, id="metrics.up"),
    Binding("down,j", "move(1,0)", "Down", show=False, id="metrics.down"),
    Binding("left,h", "move(0,-1)", "Left", show=False, id="metrics.left"),
    Binding("right,l", "move(0,1)", "Right", show=False, id="metrics.right"),
    Binding("ctrl+up,shift+up,K", "move(-10,0)", "10 up", show=False, id="metrics.up_10"),
    Binding("ctrl+down,shift+down,J", "move(10,0)", "10 down", show=False, id="metrics.down_10"),
    Binding("ctrl+left,shift+left,H", "move(0,-5)", "5 left", show=False, id="metrics.left_5"),
    Binding("ctrl+right,shift+right,L", "move(0,5)", "5 right", show=False, id="metrics.right_5"),
    Binding("pageup", "page(-1)", "Page up", show=False, id="metrics.page_up"),
    Binding("pagedown", "page(1)", "Page down", show=False, id="metrics.page_down"),
    Binding("home", "ends(0,-1)", "First column", show=False, id="metrics.first_column"),
    Binding("end", "ends(0,1)", "Last column", show=False, id="metrics.last_column"),
    Binding("g,ctrl+home", "ends(-1,0)", "First row", show=False, id="metrics.first_row"),
    Binding("G,ctrl+end", "ends(1,0)", "Last row", show=False, id="metrics.last_row"),
]
