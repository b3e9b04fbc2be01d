"""The keys of tables of numbers. A keymap may change them by their ids."""

from textual.binding import Binding, BindingType

from tui.controls.bindings import in_footer, quiet, walking


def table_keys(opens: Binding, curve: Binding) -> list[BindingType]:
    """Those of a table, with what enter and c do there."""
    return [
        opens,
        in_footer(
            "s", "sort", "Sort", "Sort by the column; again: the other way round", "metrics.sort"
        ),
        quiet("S", "dataset_order", "Order of the dataset", "metrics.dataset_order"),
        in_footer(
            "slash",
            "filter",
            "Filter",
            "Filter classes by name; escape clears",
            "metrics.filter",
            shown="/",
        ),
        in_footer("m", "matrix", "Matrix", "The row in the matrix", "metrics.matrix"),
        curve,
        Binding(
            "e",
            "export",
            "Export",
            tooltip="Export the table as CSV",
            show=False,
            id="metrics.export",
        ),
        in_footer("x", "explain", "Explain", "How the number came to be", "metrics.explain"),
        *walking("metrics", columns=5),
        quiet("pageup", "page(-1)", "Page up", "metrics.page_up"),
        quiet("pagedown", "page(1)", "Page down", "metrics.page_down"),
        quiet("home", "ends(0,-1)", "First column", "metrics.first_column"),
        quiet("end", "ends(0,1)", "Last column", "metrics.last_column"),
        quiet("g,ctrl+home", "ends(-1,0)", "First row", "metrics.first_row"),
        quiet("G,ctrl+end", "ends(1,0)", "Last row", "metrics.last_row"),
    ]
