"""The application: it opens the files, then shows the assessment."""

import gc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static

from tui.application.settings import Settings
from tui.application.view_keeper import RememberingApp
from tui.desk.main import MainScreen, Opener
from tui.terminal.capabilities import Graphics

# The first frame waits for what is imported above, and for nothing of this.
if TYPE_CHECKING:
    from engine.opening import Inputs, Opened
    from tui.assess.loading import LoadingScreen
    from tui.desk.desk import Desk
    from tui.desk.model_source import ModelSource
    from tui.image.image import ImageScreen
    from tui.whatif.screen import WhatIfScreen


@dataclass(frozen=True)
class Demo:
    """A dataset that comes with the program."""

    task: str
    opener: Opener


@dataclass(frozen=True)
class WhatIf:
    """A model without a dataset, and the first images to score."""

    model: "ModelSource"
    files: tuple[str, ...] = ()


INPUT_IS_WRONG: Final = 2
INTERRUPTED: Final = 130


class OffdiagApp(RememberingApp):
    """One model on one dataset. Returns the exit code."""

    TITLE = "offdiag"
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT = 4
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="app.quit"),
        Binding("question_mark,f1", "help", "Help", id="app.help", key_display="?"),
        Binding("t", "next_theme", "Theme", id="app.theme", show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False),
        Binding("D", "other_demo", "Open the other demo", show=False, id="app.other_demo"),
        Binding("T", "probe", "Try how the model wants its images", show=False, id="app.probe"),
        Binding("ctrl+l", "redraw", "Redraw", id="app.redraw", show=False),
    ]

    def __init__(
        self,
        opener: Opener | None,
        graphics: Graphics | None = None,
        demos: Sequence[Demo] = (),
        whatif: WhatIf | None = None,
        settings: Settings | None = None,
        remembers: bool = False,
    ) -> None:
        super().__init__(graphics or Graphics("cells"), settings or Settings(), remembers)
        self.whatif = whatif  # what to open where there is no dataset
        self.opener = opener
        self.demos = tuple(demos)  # to go through, the one on show first; none outside a demo

    def compose(self) -> ComposeResult:
        # Where LoadingScreen has the same words, which takes its place.
        starting = Static("[b $text-primary]offdiag[/]\n\nStarting" + 5 * "\n")
        starting.styles.width = starting.styles.height = "100%"
        starting.styles.content_align = "center", "middle"
        starting.styles.padding = 0, 0, 1, 0
        yield starting

    def on_mount(self) -> None:
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Come to what there is to see, now that a person sees that it started."""
        gc.enable()  # see launch.on_terminal
        if self.whatif is not None:
            self.open_whatif(self.whatif)
        elif self.opener is not None:
            self.go_to(_loading(self.opener))

    @work(thread=True)
    def open_whatif(self, whatif: WhatIf) -> None:
        """Its parts are imported off the event loop."""
        from tui.desk.tab import Surroundings
        from tui.whatif.screen import WhatIfScreen

        around = Surroundings(self.graphics, self.few_colours)
        self.call_from_thread(lambda: self.go_to(WhatIfScreen(whatif.model, whatif.files, around)))

    def go_to(self, screen: Screen[None]) -> None:
        """Show the first screen, and play what was typed before it was there."""
        self.push_screen(screen)
        for key in filter(str.isprintable, self.graphics.typed):
            self.simulate_key(key)

    def on_loading_screen_ready(self, message: "LoadingScreen.Ready") -> None:
        from tui.assess.loading import PROBE_HINT, LoadingScreen

        if not isinstance(self.screen, LoadingScreen):
            return  # a probe began, after which it is loaded again
        from tui.assess.assess import AssessScreen
        from tui.desk.tab import Surroundings

        other = self.demos[1].task if len(self.demos) > 1 else ""
        around = Surroundings(self.graphics, self.few_colours, other)
        screen = AssessScreen(message.desk, message.start, around)
        self.switch_screen(screen)
        screen.call_after_refresh(self.come_back, screen)
        if message.desk.opened.assumed:
            self.notify(PROBE_HINT, severity="warning", markup=False, timeout=8)

    def on_loading_screen_given_up(self, message: "LoadingScreen.GivenUp") -> None:
        code = INPUT_IS_WRONG if message.problem else INTERRUPTED
        self.exit(code, code, message.problem or "Stopped. What was scored is kept.")

    def on_what_if_screen_given_up(self, message: "WhatIfScreen.GivenUp") -> None:
        self.exit(INPUT_IS_WRONG, INPUT_IS_WRONG, message.problem)

    def on_image_screen_threshold_moved(self, message: "ImageScreen.ThresholdMoved") -> None:
        """The image on top has no thresholds of its own: they belong to the screen below."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.move_threshold(message)

    def action_help(self) -> None:
        from tui.controls.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Another demo and a probe are offered where there is one, and nothing lies above it."""
        if action == "other_demo":
            return len(self.demos) > 1 and isinstance(self.screen, MainScreen)
        if action == "probe":
            return self.to_probe is not None
        return super().check_action(action, parameters)

    def action_other_demo(self) -> None:
        """Load the next demo, from the beginning."""
        self.demos = (*self.demos[1:], self.demos[0])
        self.switch_screen(_loading(self.demos[0].opener))

    @property
    def to_copy(self) -> str:
        return self.screen.to_copy if isinstance(self.screen, MainScreen) else ""

    @property
    def to_probe(self) -> "Inputs | None":
        """What to try where something was assumed of the model on the screen."""
        from tui.assess.loading import LoadingScreen

        if isinstance(self.screen, LoadingScreen):
            return self.screen.to_probe
        if isinstance(self.screen, MainScreen) and self.screen.desk.opened.assumed:
            return self.screen.desk.opened.inputs
        return None

    def action_probe(self) -> None:
        """Try the model in all ways; what the card says then is loaded again."""
        if (inputs := self.to_probe) is None:
            return
        from tui.application.probers import prober_of  # only those who ask wait for it
        from tui.assess.loading import LoadingScreen
        from tui.assess.probe import ProbeScreen

        loading = isinstance(self.screen, LoadingScreen)
        if isinstance(self.screen, LoadingScreen):
            self.screen.pause()

        def again(written: bool | None) -> None:
            opener = self.demos[0].opener if self.demos else self.opener
            if opener is not None and (written or loading):
                self.switch_screen(_loading(opener))

        self.push_screen(ProbeScreen(prober_of(inputs)), again)

    def action_next_theme(self) -> None:
        themes = self.themes
        self.theme = themes[(themes.index(self.theme) + 1) % len(themes)]
        self.clear_notifications()  # the theme before this one
        self.notify(f"Theme {self.theme}", timeout=2, markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that a key does here, and what Textual offers itself."""
        from tui.controls.help import keys_in_reach

        for key in keys_in_reach(screen):
            yield SystemCommand(key.does, f"{key.pane} · {key.keys}", key.run)
        yield from super().get_system_commands(screen)


def _loading(opener: Opener) -> "LoadingScreen":
    from tui.assess.loading import LoadingScreen

    return LoadingScreen(opener, _desk_of)


def _desk_of(opened: "Opened") -> "Desk[Any]":
    """The desk of what was opened, with all that its screen needs: called off the event loop."""
    import tui.assess.assess  # noqa: F401
    from tui.assess.desks import desk_of

    return desk_of(opened)
