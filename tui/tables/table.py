"""The table of metrics: its keys open images, the matrix and the curves of a row."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.tables.keys import table_keys
from tui.tables.walked_table import WalkedTable


class MetricsTable(WalkedTable):
    """The numbers of all classes, or those of all together."""

    PANE = "Metrics"
    BINDINGS: ClassVar[list[BindingType]] = table_keys(
        opens=Binding(
            "enter", "open", "Images", tooltip="Open the images of the row", id="metrics.open"
        ),
        curve=Binding("c", "curve", "Curve", tooltip="The curve of the row", id="metrics.curve"),
    )
