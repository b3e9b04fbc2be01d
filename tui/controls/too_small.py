"""What stands on a terminal that is too small for anything else."""

from typing import Final

from textual import events
from textual.widgets import Static

COLUMNS: Final = 60
ROWS: Final = 16


class TooSmall(Static):
    """Covers the screen as long as it is too small, and says what size is needed."""

    DEFAULT_CSS = """
    TooSmall {
        display: none; overlay: screen; width: 100vw; height: 100vh; offset: 0 0;
        content-align: center middle; text-align: center; background: $background;
    }
    """

    def on_mount(self) -> None:
        """Follow the size of the screen."""
        self.judge()
        self.screen.screen_layout_refresh_signal.subscribe(self, lambda _: self.judge())

    def on_resize(self, event: events.Resize) -> None:
        self.judge()

    def judge(self) -> None:
        """Show or hide."""
        width, height = self.screen.size
        self.display = width < COLUMNS or height < ROWS
        self.update(f"offdiag needs {COLUMNS}x{ROWS}, this is {width}x{height}", layout=False)
