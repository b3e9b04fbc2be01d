"""The application: it opens the files, then shows the assessment."""

from collections.abc import Callable, Iterable, Iterator
from typing import ClassVar, Final

from textual import on
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from engine.opening import Event, Inputs, opening
from tui.painters import redraw
from tui.screens.assess import AssessScreen
from tui.screens.detail import DetailScreen
from tui.screens.help import HelpScreen, keys_in_reach
from tui.screens.loading import LoadingScreen
from tui.terminal import Graphics

Opener = Callable[[Callable[[], bool]], Iterator[Event]]

INPUT_IS_WRONG: Final = 2
INTERRUPTED: Final = 130


class OffdiagApp(App[int]):
    """One model on one dataset. Returns the exit code."""

    TITLE = "offdiag"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="app.quit"),
        Binding("question_mark,f1", "help", "Help", id="app.help", key_display="?"),
        Binding("t", "next_theme", "Theme", id="app.theme", show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False),
        Binding("ctrl+l", "redraw", "Redraw", id="app.redraw", show=False),
    ]
    THEMES: ClassVar[tuple[str, ...]] = ("textual-dark", "textual-light", "nord", "gruvbox")

    def __init__(self, opener: Opener, graphics: Graphics | None = None) -> None:
        super().__init__()
        self.opener = opener
        self.graphics = graphics or Graphics("cells")

    def on_mount(self) -> None:
        self.push_screen(LoadingScreen(self.opener))
        for key in filter(str.isprintable, self.graphics.typed):
            self.simulate_key(key)

    @on(LoadingScreen.Ready)
    def assess(self, message: LoadingScreen.Ready) -> None:
        self.switch_screen(AssessScreen(message.opened, message.start, self.graphics))

    @on(LoadingScreen.GivenUp)
    def leave(self, message: LoadingScreen.GivenUp) -> None:
        code = INPUT_IS_WRONG if message.problem else INTERRUPTED
        self.exit(code, code, message.problem or "Stopped. What was scored is kept.")

    @on(DetailScreen.ThresholdMoved)
    def pass_on(self, message: DetailScreen.ThresholdMoved) -> None:
        """The image on top has no thresholds of its own: they belong to the screen below."""
        for screen in self.screen_stack:
            if isinstance(screen, AssessScreen):
                screen.move_threshold(message)

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_redraw(self) -> None:
        self.screen.refresh(layout=True)

    def action_next_theme(self) -> None:
        at = self.THEMES.index(self.theme) if self.theme in self.THEMES else -1
        self.theme = self.THEMES[(at + 1) % len(self.THEMES)]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that a key does here, and what Textual offers itself."""
        for key in keys_in_reach(screen):
            yield SystemCommand(key.does, f"{key.pane} · {key.keys}", key.run)
        yield from super().get_system_commands(screen)


def run(inputs: Inputs, graphics: Graphics) -> int:
    """Show the app until the person leaves it; returns the exit code."""
    redraw.apply()

    def opener(cancelled: Callable[[], bool]) -> Iterator[Event]:
        return opening(inputs, cancelled)

    app = OffdiagApp(opener, graphics)
    app.run()
    return app.return_code or 0
