"""The table of metrics: its keys open images, the matrix and the curves of a row."""

from typing import ClassVar

from textual.binding import BindingType

from tui.controls.bindings import in_footer
from tui.tables.keys import table_keys
from tui.tables.walked_table import WalkedTable


class MetricsTable(WalkedTable):
    """The numbers of all classes, or those of all together."""

    PANE = "Metrics"
    BINDINGS: ClassVar[list[BindingType]] = table_keys(
        opens=in_footer("enter", "open", "Images", "Show the images of the row", "metrics.open"),
        curve=in_footer("c", "curve", "Curve", "Show the curve of the row", "metrics.curve"),
    )
