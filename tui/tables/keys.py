"""The keys of tables of numbers. A keymap may change them by their ids."""

from textual.binding import Binding, BindingType

from tui.controls.bindings import in_footer, quiet, together, walking


def table_keys(opens: Binding, curve: Binding) -> list[BindingType]:
    """Those of a table, with what enter and c do there."""
    return [
        opens,
        in_footer(
            "s", "sort", "Sort", "Sort by the column; again: the other way round", "metrics.sort"
        ),
        in_footer(
            "slash",
            "filter",
            "Filter",
            "Filter classes by letters of their names; escape shows all again",
            "metrics.filter",
        ),
        curve,
        quiet("x", "explain", "Explain how the number came to be", "metrics.explain"),
        quiet("m", "matrix", "Go to the row in the matrix", "metrics.matrix"),
        quiet("S", "dataset_order", "Sort as the dataset has the classes", "metrics.dataset_order"),
        quiet("e", "export", "Export the table as CSV", "metrics.export"),
        *walking("metrics", columns=5),
        *together(
            "Walk a page up or down",
            quiet("pageup", "page(-1)", "Walk a page up", "metrics.page_up"),
            quiet("pagedown", "page(1)", "Walk a page down", "metrics.page_down"),
        ),
        *together(
            "Go to the first or the last column",
            quiet("home", "ends(0,-1)", "Go to the first column", "metrics.first_column"),
            quiet("end", "ends(0,1)", "Go to the last column", "metrics.last_column"),
        ),
        *together(
            "Go to the first or the last row",
            quiet("g,ctrl+home", "ends(-1,0)", "Go to the first row", "metrics.first_row"),
            quiet("G,ctrl+end", "ends(1,0)", "Go to the last row", "metrics.last_row"),
        ),
    ]
