"""How the app behaves in a terminal that is not its own: signals, mouse, clipboard, keys."""

import asyncio
import base64
import os
import signal
import threading
from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from textual import work
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.filter import LineFilter
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from tui.application.restoring import RestoredApp
from tui.application.settings import Settings
from tui.terminal.capabilities import Graphics, passthrough
from tui.terminal.contrast import DIM, readable
from tui.terminal.textual_driver import use_mouse

ENDING: Final = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
HUNG_UP: Final = 3.0  # seconds to end in good order where the terminal is gone


class MannerlyApp(RestoredApp):
    """An app that leaves the terminal as it was, whatever ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("M", "mouse", "Mouse on or off: off, it selects text", show=False, id="app.mouse"),
        Binding("F", "full_screen", "This pane alone, or all", show=False, id="app.full_screen"),
        Binding("y", "copy_focused", "Copy what is in focus", show=False, id="app.copy"),
    ]

    def __init__(self, graphics: Graphics, settings: Settings) -> None:
        super().__init__(graphics)
        self.settings = settings
        self.mouse = True
        self.before_end: Callable[[], None] = lambda: None  # what to keep, whatever ends it

    def on_mount(self) -> None:
        if not self.is_headless:
            loop = asyncio.get_running_loop()
            for number in ENDING:
                loop.add_signal_handler(number, self.end_by, number)
        self.set_keymap(dict(self.settings.keys))
        if self.settings.keys or self.settings.problems:
            self.check_keys()

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

    @work(thread=True)
    def check_keys(self) -> None:
        """Say what is wrong with the settings."""
        from tui.application.keymap import key_problems

        for problem in (*self.settings.problems, *key_problems(self.settings.keys)):
            self.call_from_thread(self.notify, problem, severity="warning", markup=False, timeout=8)

    def end_by(self, number: signal.Signals) -> None:
        """Another process wants this one to end."""
        if number is signal.SIGHUP:
            # Nobody reads what is written now, so a full queue of writes never empties.
            self.before_end()
            timer = threading.Timer(HUNG_UP, os._exit, [128 + number])
            timer.daemon = True
            timer.start()
        self.exit(128 + number, 128 + number, f"Ended by {number.name}.")

    async def _on_exit_app(self) -> None:
        """Give back what the terminal keeps for us; Textual calls the one below too."""
        self.give_back()

    def action_mouse(self) -> None:
        self.mouse = not self.mouse
        use_mouse(self, self.mouse)
        self.notify("Mouse on" if self.mouse else "Mouse off: the terminal selects text. M: on")

    def copy_to_clipboard(self, text: str) -> None:
        """By OSC 52, so that it reaches the machine one sits at; past tmux too, where it may."""
        super().copy_to_clipboard(text)
        if self.graphics.tmux and self._driver is not None:
            encoded = base64.b64encode(text.encode()).decode("ascii")
            self._driver.write(passthrough(f"\x1b]52;c;{encoded}\x07"))

    @property
    def to_copy(self) -> str:
        """What is in focus, as text."""
        return ""

    def action_copy_focused(self) -> None:
        if text := self.to_copy:
            self.copy_to_clipboard(text)
            first, *others = text.splitlines()
            self.notify(f"Copied {first}{' …' if others else ''}", markup=False)
        else:
            self.notify("Nothing here to copy", severity="warning")

    def action_help_quit(self) -> None:
        """ctrl+c copies what is selected; who wants to leave is told the shortest way."""
        bound = self.screen.active_bindings.items()
        keys = [key for key, active in bound if active.binding.action == "quit"]
        if keys:
            self.notify(f"{min(keys, key=len)} quits", timeout=3, markup=False)

    def action_full_screen(self) -> None:
        """The pane in focus alone, or everything again."""
        aside = self.screen.query(".-aside")
        if aside:
            aside.remove_class("-aside")
        elif self.focused is not None:
            for widget in _beside(_pane(self.focused)):
                widget.add_class("-aside")
            self.notify("This pane alone. F: everything again", timeout=3)


def _pane(widget: Widget) -> Widget:
    """The nearest part of the screen with a name of its own, as help has it."""
    for node in widget.ancestors_with_self:
        if isinstance(node, Widget) and (getattr(node, "PANE", None) or node.border_title):
            return node if node.parent is not None and not node.is_dom_root else widget
    return widget


def _beside(widget: Widget) -> list[Widget]:
    """Everything that takes room from a widget."""
    found: list[Widget] = []
    node: DOMNode = widget
    while isinstance(node.parent, Widget):
        if not isinstance(node.parent, ContentSwitcher):
            found += [
                other
                for other in node.parent.children
                if other is not node and other.display and other.styles.overlay != "screen"
            ]
        node = node.parent
    return found
