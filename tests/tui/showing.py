"""An app with nothing but pictures, and what it writes."""

from rich.console import Console
from textual.app import App
from textual.containers import Grid
from textual.strip import Strip

from tests.tui.waiting import until
from tui.pictures.paint.boxes import OutcomeMark
from tui.pictures.paint.drawing import Subject
from tui.pictures.picture import Picture
from tui.terminal.capabilities import Graphics, TerminalAnswers
from tui.terminal.uplink import Uplink

KITTY = Graphics("kitty", 10, 20, answers=TerminalAnswers(name="kitty(0.41.1)"))
GHOSTTY = Graphics("kitty", 10, 20, answers=TerminalAnswers(name="ghostty 1.2"))
SIXEL = Graphics("sixel", 10, 20)
SIZE = (60, 20)
FIRST = OutcomeMark((40, 40, 120, 90), "TP", "car .91")
SECOND = OutcomeMark((200, 100, 80, 70), "FP", "truck .40")


class Show(App[None]):
    def __init__(self, graphics: Graphics, count: int = 1) -> None:
        super().__init__()
        self.pictures = [Picture(graphics) for _ in range(count)]
        self.stages: list[str] = []
        self.written: list[str] = []

    def compose(self):
        grid = Grid(*self.pictures)
        grid.styles.grid_size_columns = min(4, len(self.pictures))
        yield grid

    def on_mount(self) -> None:
        assert self._driver is not None
        self._driver.write = self.written.append  # type: ignore[method-assign]

    def on_picture_shown(self, message: Picture.Shown) -> None:
        self.stages.append(message.stage)

    async def _on_exit_app(self) -> None:
        Uplink.of(self).free_all(tmux=False)

    @property
    def sent(self) -> str:
        return "".join(self.written)


async def shown(pilot, subject: Subject, ready) -> str:
    """What was written until the boxes of the subject are on the screen."""
    app = pilot.app
    await pilot.pause()
    app.written.clear()
    app.stages.clear()
    app.pictures[0].subject = subject
    await until(pilot, lambda: app.stages[-1:] == [ready])
    return await frame(pilot)


async def frame(pilot, strip: Strip | None = None) -> str:
    """What was written once a frame is drawn, of one row or of all."""
    console = Console()
    for row in [strip] if strip is not None else pilot.app.pictures[0]._strips:
        row.render(console)
    await pilot.pause(0.1)
    return pilot.app.sent
