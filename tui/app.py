"""The application: it opens the files, then shows the assessment."""

import base64
import gc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.console import RenderableType
from textual import work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import CursorPosition
from textual.filter import LineFilter
from textual.messages import TerminalSupportsSynchronizedOutput
from textual.screen import Screen
from textual.widgets import Static

from tui.application.ending import EndingSignals
from tui.application.restoring import ScreenRestorer
from tui.application.settings import Settings
from tui.application.themes import ThemeKeeper, plain_theme, themes_in_order
from tui.application.view_keeper import ViewKeeper
from tui.controls.bindings import HELP, quiet
from tui.desk.main import MainScreen, Opener
from tui.terminal.answered_frames import ASK_CURSOR, ASK_MODE
from tui.terminal.capabilities import Graphics, passthrough
from tui.terminal.contrast import DIM, readable
from tui.terminal.textual_driver import use_mouse
from tui.terminal.textual_private import write_to_terminal

# The first frame waits for what is imported above, and for nothing of this.
if TYPE_CHECKING:
    from textual.command import Provider

    from engine.opening import Inputs, Opened
    from tui.assess.assess import AssessScreen
    from tui.assess.loading import LoadingScreen
    from tui.desk.comparing import ComparedWith
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


def _commands() -> "type[Provider]":
    from tui.application.commands import CommandsHere

    return CommandsHere


class OffdiagApp(App[int]):
    """One model on one dataset. Returns the exit code."""

    TITLE = "offdiag"
    NOTIFICATION_TIMEOUT = 4
    PANE = "Everywhere"
    COMMANDS = {_commands}  # noqa: RUF012  as Textual has it
    BINDINGS: ClassVar[list[BindingType]] = [
        quiet("q", "quit", "Quit: what was scored is kept", "app.quit"),
        HELP,
        quiet("ctrl+p", "command_palette", "Find and run a command", "app.commands", priority=True),
        quiet("y", "copy_focused", "Copy what is in focus", "app.copy"),
        quiet("F", "full_screen", "Show this pane alone, or everything again", "app.full_screen"),
        quiet("T", "probe", "Try how the model wants its images", "app.probe"),
        quiet("D", "other_demo", "Open the other demo", "app.other_demo"),
        quiet("t", "next_theme", "Take the next theme", "app.theme"),
        quiet("M", "mouse", "Leave the mouse to the terminal, or take it back", "app.mouse"),
        quiet("ctrl+l", "redraw", "Draw everything anew", "app.redraw"),
        quiet("ctrl+z", "suspend_process", "Suspend: fg in the shell comes back", "app.suspend"),
    ]

    def __init__(
        self,
        opener: Opener | None,
        graphics: Graphics | None = None,
        demos: Sequence[Demo] = (),
        whatif: WhatIf | None = None,
        settings: Settings | None = None,
        keeps_views: bool = False,
    ) -> None:
        """keeps_views: each dataset is shown as it was left the last time."""
        super().__init__()
        self.settings = settings or Settings()
        self.keeps_views = keeps_views
        self.mouse = True
        self.ends = False
        self.restorer = ScreenRestorer(self, graphics or Graphics("cells"))
        self.frames = self.restorer.frames
        self.ending = EndingSignals(self, self.keep)
        self.theme_keeper = ThemeKeeper(self.theme)
        self.view_keeper = ViewKeeper(self, self.theme_keeper)
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

    @property
    def graphics(self) -> Graphics:
        """How pictures reach the terminal, as it is now."""
        return self.restorer.graphics

    def on_mount(self) -> None:
        self.call_after_refresh(self.begin)
        self.begin_in_theme(self.settings.looks.theme)
        if not self.is_headless:
            self.ending.listen()
        self.set_keymap(dict(self.settings.keys))
        if self.settings.keys or self.settings.problems:
            self.check_keys()
        self.app_resume_signal.subscribe(self, self.restorer.draw_after_suspend)

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

        async def show() -> None:
            with self.batch_update():  # else each part that comes draws all of the screen anew
                await self.push_screen(screen)
            for key in filter(str.isprintable, self.graphics.typed):
                self.simulate_key(key)

        self.call_next(show)

    async def on_loading_screen_ready(self, message: "LoadingScreen.Ready") -> None:
        from tui.assess.loading import LoadingScreen

        if not isinstance(self.screen, LoadingScreen):
            return  # a probe began, after which it is loaded again
        from tui.assess.assess import AssessScreen
        from tui.desk.tab import Surroundings

        other = self.demos[1].task if len(self.demos) > 1 else ""
        around = Surroundings(self.graphics, self.few_colours, other)
        screen = AssessScreen(message.desk, message.start, around)
        with self.batch_update():
            await self.switch_screen(screen)
        screen.call_after_refresh(self.restore_view, screen)

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

    def exit(
        self,
        result: int | None = None,
        return_code: int = 0,
        message: RenderableType | None = None,
    ) -> None:
        """The first end counts: Textual tells of each further message that it is not shown."""
        if not self.ends:
            self.ends = True
            super().exit(result, return_code, message)

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

    def restore_view(self, screen: "AssessScreen") -> None:
        """The screen as its dataset was left; from now on it is what is kept."""
        if self.keeps_views and screen.is_mounted:
            self.keep()
            self.view_keeper.restore(screen)

    def keep(self) -> None:
        """Write what there is from one run to the next, wherever it can be written."""
        self.theme_keeper.keep(self.theme, self.graphics)
        self.view_keeper.keep()

    @work(thread=True)
    def check_keys(self) -> None:
        """Say what is wrong with the settings."""
        from tui.application.keymap import key_problems

        for problem in (*self.settings.problems, *key_problems(self.settings.keys)):
            self.call_from_thread(self.notify, problem, severity="warning", markup=False, timeout=8)

    def on_resize(self) -> None:
        self.restorer.resized()

    def on_app_focus(self) -> None:
        self.restorer.look_around_tmux()

    # Textual has handlers of its own for the first and the last of these, and calls them too.
    def on_terminal_supports_synchronized_output(
        self, message: TerminalSupportsSynchronizedOutput
    ) -> None:
        self.frames.answered(ASK_MODE)

    def on_cursor_position(self, event: CursorPosition) -> None:
        self.frames.answered(ASK_CURSOR)

    async def on_exit_app(self) -> None:
        await self.restorer.free_terminal()

    def action_suspend_process(self) -> None:
        """Into the background, where a shell takes the terminal."""
        self.restorer.suspend(super().action_suspend_process)

    async def action_redraw(self) -> None:
        """Everything anew, in another terminal perhaps."""
        await self.restorer.redraw()

    @property
    def few_colours(self) -> bool:
        """Whether there are none, or sixteen, in which a ramp of shades has no order."""
        return self.no_color or self.console.color_system == "standard"

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Of each line of each widget, whoever draws it; pictures see to themselves."""
        filters = [DIM, *super().get_line_filters()]
        if not self.graphics.ascii:
            return filters
        from tui.terminal.ascii_glyphs import ASCII_ONLY

        return [*filters, ASCII_ONLY]

    def get_css_variables(self) -> dict[str, str]:
        """The theme's, but for names of keys that cannot be read on their line."""
        own = super().get_css_variables()
        key, line = own["footer-key-foreground"], own["footer-background"]
        return own | {"footer-key-foreground": readable(key, line, own["footer-foreground"])}

    def get_key_display(self, binding: Binding) -> str:
        shown = super().get_key_display(binding)
        if not self.graphics.ascii:
            return shown
        from tui.terminal.ascii_glyphs import key_in_ascii

        return key_in_ascii(shown)

    def action_mouse(self) -> None:
        self.mouse = not self.mouse
        use_mouse(self, self.mouse)
        self.notify("Mouse on" if self.mouse else "Mouse off: the terminal selects text. M: on")

    def action_full_screen(self) -> None:
        """The pane in focus alone, or everything again."""
        from tui.application.full_screen import toggle_full_screen

        if toggle_full_screen(self.screen):
            self.notify("This pane alone. F: everything again", timeout=3)

    def action_help_quit(self) -> None:
        """ctrl+c copies what is selected; who wants to leave is told the shortest way."""
        bound = self.screen.active_bindings.items()
        keys = [key for key, active in bound if active.binding.action == "quit"]
        if keys:
            self.notify(f"{min(keys, key=len)} quits", timeout=3, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """By OSC 52, so that it reaches the machine one sits at; past tmux too, where it may."""
        super().copy_to_clipboard(text)
        if self.graphics.tmux:
            encoded = base64.b64encode(text.encode()).decode("ascii")
            write_to_terminal(self, passthrough(f"\x1b]52;c;{encoded}\x07"))

    def action_copy_focused(self) -> None:
        if text := self.to_copy:
            self.copy_to_clipboard(text)
            first, *others = text.splitlines()
            self.notify(f"Copied {first}{' …' if others else ''}", markup=False)
        else:
            self.notify("Nothing here to copy", severity="warning")

    @property
    def to_copy(self) -> str:
        """What is in focus, as text; empty where it is none."""
        return self.screen.text_to_copy() if isinstance(self.screen, MainScreen) else ""

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

    def begin_in_theme(self, chosen: str) -> None:
        """The one that was chosen in such a terminal or in the config file, if there is one."""
        known = chosen in self.available_themes
        if chosen and not known:
            self.notify(f"There is no theme '{chosen}': t goes through those there are.")
        self.theme = chosen if known else plain_theme(self.graphics)
        self.theme_keeper.begin(self.theme)

    @property
    def themes(self) -> list[str]:
        """All there are, in the order in which a key goes through them."""
        return themes_in_order(self.available_themes, plain_theme(self.graphics))

    def action_next_theme(self) -> None:
        themes = self.themes
        self.theme = themes[(themes.index(self.theme) + 1) % len(themes)]
        self.clear_notifications()  # the theme before this one
        self.notify(f"Theme {self.theme}", timeout=2, markup=False)


def _loading(opener: Opener) -> "LoadingScreen":
    from tui.assess.loading import LoadingScreen

    return LoadingScreen(opener, _desk_of)


def _desk_of(opened: "Opened | ComparedWith") -> "Desk[Any]":
    """The desk of what was opened, with all that its screen needs: called off the event loop."""
    import tui.assess.assess  # noqa: F401
    from tui.assess.desks import desk_of

    return desk_of(opened)
