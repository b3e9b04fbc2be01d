"""The application: it opens the files, then shows the assessment."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from engine.opening import Event, Inputs, opening
from tui.coming_back import RememberingApp
from tui.kinds import desk_of
from tui.painters import redraw
from tui.screens.assess import AssessScreen
from tui.screens.help import HelpScreen, keys_in_reach
from tui.screens.image import ImageScreen
from tui.screens.loading import PROBE_HINT, LoadingScreen
from tui.screens.tab import Surroundings
from tui.screens.whatif_jobs import ModelSource
from tui.screens.whatif_screen import WhatIfScreen
from tui.settings import Settings, read_settings
from tui.terminal import Graphics

Opener = Callable[[Callable[[], bool]], Iterator[Event]]


@dataclass(frozen=True)
class Demo:
    """A dataset that comes with the program."""

    task: str
    opener: Opener


@dataclass(frozen=True)
class WhatIf:
    """A model without a dataset, and the first images to score."""

    model: ModelSource
    files: tuple[str, ...] = ()


INPUT_IS_WRONG: Final = 2
INTERRUPTED: Final = 130


class OffdiagApp(RememberingApp):
    """One model on one dataset. Returns the exit code."""

    TITLE = "offdiag"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "quit", "Quit", id="app.quit"),
        Binding("question_mark,f1", "help", "Help", id="app.help", key_display="?"),
        Binding("t", "next_theme", "Theme", id="app.theme", show=False),
        Binding("ctrl+z", "suspend_process", "Suspend", id="app.suspend", show=False),
        Binding("D", "other_demo", "Open the other demo", show=False, id="app.other_demo"),
        Binding("T", "probe", "Try how the model wants its images", show=False, id="app.probe"),
        Binding("ctrl+l", "redraw", "Redraw", id="app.redraw", show=False),
    ]
    THEMES: ClassVar[tuple[str, ...]] = ("textual-dark", "textual-light", "nord", "gruvbox")

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

    def on_mount(self) -> None:
        if self.whatif is not None:
            around = Surroundings(self.graphics, self.no_color)
            self.push_screen(WhatIfScreen(self.whatif.model, self.whatif.files, around))
        elif self.opener is not None:
            self.push_screen(LoadingScreen(self.opener, desk_of))
        for key in filter(str.isprintable, self.graphics.typed):
            self.simulate_key(key)

    @on(LoadingScreen.Ready)
    def assess(self, message: LoadingScreen.Ready) -> None:
        if not isinstance(self.screen, LoadingScreen):
            return  # a probe began, after which it is loaded again
        other = self.demos[1].task if len(self.demos) > 1 else ""
        around = Surroundings(self.graphics, self.no_color, other)
        screen = AssessScreen(message.desk, message.start, around)
        self.switch_screen(screen)
        screen.call_after_refresh(self.come_back, screen)
        if message.desk.opened.assumed:
            self.notify(PROBE_HINT, severity="warning", markup=False, timeout=12)

    @on(LoadingScreen.GivenUp)
    def leave(self, message: LoadingScreen.GivenUp) -> None:
        code = INPUT_IS_WRONG if message.problem else INTERRUPTED
        self.exit(code, code, message.problem or "Stopped. What was scored is kept.")

    @on(WhatIfScreen.GivenUp)
    def leave_without_model(self, message: WhatIfScreen.GivenUp) -> None:
        self.exit(INPUT_IS_WRONG, INPUT_IS_WRONG, message.problem)

    @on(ImageScreen.ThresholdMoved)
    def pass_on(self, message: ImageScreen.ThresholdMoved) -> None:
        """The image on top has no thresholds of its own: they belong to the screen below."""
        for screen in self.screen_stack:
            if isinstance(screen, AssessScreen):
                screen.move_threshold(message)

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Another demo and a probe are offered where there is one, and nothing lies above it."""
        if action == "other_demo":
            return len(self.demos) > 1 and isinstance(self.screen, AssessScreen)
        if action == "probe":
            return self.to_probe is not None
        return super().check_action(action, parameters)

    def action_other_demo(self) -> None:
        """Load the next demo, from the beginning."""
        self.demos = (*self.demos[1:], self.demos[0])
        self.switch_screen(LoadingScreen(self.demos[0].opener, desk_of))

    @property
    def to_copy(self) -> str:
        return self.screen.to_copy if isinstance(self.screen, AssessScreen) else ""

    @property
    def to_probe(self) -> Inputs | None:
        """What to try where something was assumed of the model on the screen."""
        if isinstance(self.screen, LoadingScreen):
            return self.screen.to_probe
        if isinstance(self.screen, AssessScreen) and self.screen.desk.opened.assumed:
            return self.screen.desk.opened.inputs
        return None

    def action_probe(self) -> None:
        """Try the model in all ways; what the card says then is loaded again."""
        if (inputs := self.to_probe) is None:
            return
        from tui.probers import prober_of  # only those who ask wait for it
        from tui.screens.probe import ProbeScreen

        loading = isinstance(self.screen, LoadingScreen)
        if isinstance(self.screen, LoadingScreen):
            self.screen.pause()

        def again(written: bool | None) -> None:
            opener = self.demos[0].opener if self.demos else self.opener
            if opener is not None and (written or loading):
                self.switch_screen(LoadingScreen(opener, desk_of))

        self.push_screen(ProbeScreen(prober_of(inputs)), again)

    def action_next_theme(self) -> None:
        at = self.THEMES.index(self.theme) if self.theme in self.THEMES else -1
        self.theme = self.THEMES[(at + 1) % len(self.THEMES)]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Everything that a key does here, and what Textual offers itself."""
        for key in keys_in_reach(screen):
            yield SystemCommand(key.does, f"{key.pane} · {key.keys}", key.run)
        yield from super().get_system_commands(screen)


def run(inputs: Inputs, graphics: Graphics, demos: Mapping[str, Inputs] | None = None) -> int:
    """Show the app until the person leaves it; returns the exit code.

    demos are the inputs of each task's demo where the app shows one of them, which comes first.
    """
    others = [Demo(task, _opener(files)) for task, files in (demos or {}).items()]
    app = OffdiagApp(
        _opener(inputs),
        graphics,
        others,
        settings=read_settings(),
        remembers=not others,  # a demo begins the same each time
    )
    return _run(app)


def run_whatif(model: ModelSource, files: tuple[str, ...], graphics: Graphics) -> int:
    """Score images with a model until the person leaves; returns the exit code."""
    whatif = WhatIf(model, files)
    return _run(OffdiagApp(None, graphics, whatif=whatif, settings=read_settings()))


def _run(app: OffdiagApp) -> int:
    redraw.apply()
    try:
        app.run()
    finally:
        app.keep()
    return app.return_code or 0


def _opener(inputs: Inputs) -> Opener:
    def opener(cancelled: Callable[[], bool]) -> Iterator[Event]:
        return opening(inputs, cancelled)

    return opener
