"""A number between two limits, moved by keys or mouse, or typed."""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from engine.util.words import threshold
from tui.controls.bindings import in_footer, quiet, together
from tui.drawing.track import (
    NUMBER,
    Scale,
    TrackStyles,
    TypedNumber,
    is_at,
    next_multiple,
    slider_line,
    track,
    track_span,
)

DIGITS = "0123456789.,"
POINTS = ".,"  # begin a number: digits alone lead to other tabs, here as everywhere


class Slider(Widget, can_focus=True):
    """Keeps its value exact: only the track is as coarse as its cells.

    The value set from outside is shown; the value chosen by a person is posted.
    """

    ALLOW_SELECT = False
    PANE = "Sliders"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"slider--{part}"
        for part in ("label", "filled", "knob", "empty", "mark", "value", "hint", "complaint")
    }
    DEFAULT_CSS = """
    Slider {
        width: 1fr; height: 1; min-width: 20;
        background: $background; color: $foreground;
        & > .slider--label { color: $foreground 75%; }
        & > .slider--filled { color: $text-primary; }
        & > .slider--knob { color: $foreground; text-style: bold; }
        & > .slider--empty { color: $foreground 30%; }
        & > .slider--mark { color: $text-success; }
        & > .slider--value { color: $foreground; text-style: bold; }
        & > .slider--hint { color: $foreground 75%; }
        & > .slider--complaint { color: $text-error; }
        &:focus > .slider--label { color: $background; background: $foreground; text-style: bold; }
        &:focus:ansi > .slider--label { text-style: reverse bold; }
        &.-at-optimum > .slider--knob { color: $text-success; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *together(
            "Move the slider by a step",
            in_footer("left", "nudge(-1)", "Move", "Move the slider down", "slider.less"),
            quiet("right", "nudge(1)", "Move the slider up", "slider.more"),
        ),
        in_footer("enter", "edit", "Type number", "Type a number", "slider.type"),
        *together(
            "Move the slider by a large step",
            quiet("shift+left", "nudge(-1,True)", "Move it far down", "slider.much_less"),
            quiet("shift+right", "nudge(1,True)", "Move it far up", "slider.much_more"),
        ),
        *together(
            "Move the slider to an end",
            quiet("home", "limit(False)", "Move it to its least", "slider.least"),
            quiet("end", "limit(True)", "Move it to its most", "slider.most"),
        ),
    ]

    value = reactive(0.5, init=False)
    optimum: reactive[float | None] = reactive(None, init=False)
    saved: reactive[float | None] = reactive(None, init=False)
    entry: reactive[TypedNumber | None] = reactive(
        None, init=False
    )  # None while no number is typed

    @dataclass
    class Changed(Message):
        """The person chose another value."""

        slider: "Slider"
        value: float

        @property
        def control(self) -> "Slider":
            """For `@on(Slider.Changed, "#id")`."""
            return self.slider

        def can_replace(self, message: Message) -> bool:  # a held key keeps only the last
            return isinstance(message, Slider.Changed) and message.slider is self.slider

    def __init__(
        self,
        label: str,
        value: float = 0.5,
        *,
        minimum: float = 0.0,
        maximum: float = 1.0,
        low: float | None = None,
        high: float | None = None,
        step: float = 0.01,
        coarse: float = 0.05,
        optimum: float | None = None,
        hint: str = "",
        write: Callable[..., str] = threshold,
        id: str | None = None,
    ) -> None:
        """write: a value as people read it, told apart from those after it."""
        super().__init__(id=id)
        self.write = write
        self.label, self.hint = label, hint
        self.minimum, self.maximum = minimum, maximum
        self.low = minimum if low is None else low
        self.high = maximum if high is None else high
        self.step, self.coarse = step, coarse
        self._held_scale: Scale | None = None  # while the mouse has hold of the knob
        self._came_from: Widget | None = None
        self.set_reactive(Slider.value, self.validate_value(value))
        self.set_reactive(Slider.optimum, optimum)

    @property
    def at_optimum(self) -> bool:
        """Whether the value is the optimum, to the last digit."""
        return is_at(self.value, self.optimum)

    @property
    def scale(self) -> Scale:
        """What the track shows: the usual range, and more when the value is beyond it."""
        return self._held_scale or Scale(
            self.low if self.value >= self.low else self.minimum,
            self.high if self.value <= self.high else self.maximum,
        )

    @property
    def number(self) -> str:
        """The value as people read it, told apart from those that the marks stand for."""
        marks = (mark for mark in (self.optimum, self.saved) if mark is not None)
        return self.write(self.value, *marks)

    def validate_value(self, value: float) -> float:
        return min(max(value, self.minimum), self.maximum)

    def mark_optimum(self) -> None:
        """A class of its own lets style sheets show the optimum."""
        self.set_class(self.at_optimum, "-at-optimum")

    watch_value = watch_optimum = on_mount = mark_optimum

    def choose(self, value: float) -> None:
        """Set the value for the person, and say so."""
        before, self.value = self.value, value
        if self.value != before:
            self.post_message(self.Changed(self, self.value))

    def next_value(self, step: float) -> float:
        """The next multiple of the step within the limits, downwards if it is negative."""
        return self.validate_value(next_multiple(self.value, step))

    def nudge(self, step: float) -> None:
        """Go to the next value."""
        self.choose(self.next_value(step))

    def begin_edit(self, typed: str = "") -> None:
        """Let the person type a number. The focus goes back to where it was."""
        self._came_from = None if self.has_focus else self.screen.focused
        self.focus()
        self.entry = TypedNumber(typed)

    def render(self) -> Text:
        """Label, track and number in one line."""
        styles = TrackStyles(
            **{part[8:]: self.get_component_rich_style(part) for part in self.COMPONENT_CLASSES}
        )
        left, right = track_span(self.label, self.hint, self.size.width)
        line = track(self.scale, self.value, self.optimum, right - left, styles, self.saved)
        return slider_line(self.label, self.hint, line, self.entry or self.number, styles)

    def action_nudge(self, direction: int, coarse: bool = False) -> None:
        """One step."""
        self.nudge(direction * (self.coarse if coarse else self.step))

    def action_limit(self, most: bool) -> None:
        """To the end of the range."""
        self.choose(self.maximum if most else self.minimum)

    def action_edit(self) -> None:
        """Type a number."""
        self.begin_edit()

    def on_key(self, event: events.Key) -> None:
        """A decimal point starts a number; while one is typed no other key has its meaning."""
        character = event.character or ""
        if self.entry is None:
            if not character or character not in POINTS:
                return
            self.begin_edit(character)
        elif event.key in ("tab", "shift+tab"):
            return
        elif event.key == "enter":
            self._commit(self.entry.typed)
        elif event.key == "escape":
            self._end_edit()
        elif event.key == "backspace":
            self.entry = TypedNumber(self.entry.typed[:-1])
        elif character and character in DIGITS and len(self.entry.typed) < NUMBER - 1:
            self.entry = TypedNumber(self.entry.typed + character)
        elif event.is_printable:
            self._complain(self.entry.typed)
        event.stop()
        event.prevent_default()

    def _commit(self, typed: str) -> None:
        """Take the typed number, or say which numbers there are."""
        try:
            value = float(typed.replace(",", "."))
        except ValueError:
            value = nan
        if self.minimum <= value <= self.maximum:
            self._end_edit()
            self.choose(value)
        elif typed:
            self._complain(typed)
        else:
            self._end_edit()

    def _complain(self, typed: str) -> None:
        expected = f"type {self.write(self.minimum)} to {self.write(self.maximum)}"
        self.entry = TypedNumber(typed, expected)
        self.app.bell()

    def _end_edit(self) -> None:
        came_from, self._came_from, self.entry = self._came_from, None, None
        if came_from is not None and self.has_focus and came_from.is_attached:
            came_from.focus()

    def on_blur(self) -> None:
        """Who goes elsewhere has given up typing."""
        self._came_from = None
        self._end_edit()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the knob, or type over the number."""
        left, right = track_span(self.label, self.hint, self.size.width)
        if event.button == 1 and left <= event.x < right:
            self._held_scale = self.scale
            self.capture_mouse()
            self._drag(event)
        elif event.button == 1 and right <= event.x <= right + NUMBER:
            self.begin_edit()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._held_scale:
            self._drag(event)

    def on_mouse_up(self) -> None:
        if self._held_scale:
            self._held_scale = None
            self.release_mouse()
            self.refresh()

    def _drag(self, event: events.MouseEvent) -> None:
        """The value under the pointer, in whole steps; over a mark, what it marks itself."""
        left, right = track_span(self.label, self.hint, self.size.width)
        inner, scale = right - left - 2, self.scale
        cell = min(max(event.get_content_offset_capture(self).x - left - 1, 0), inner - 1)
        marks = [mark for mark in (self.optimum, self.saved) if mark is not None]
        if here := [mark for mark in marks if cell == scale.cell(mark, inner)]:
            self.choose(here[0])
        elif cell != scale.cell(self.value, inner):
            steps = round(scale.value(cell, inner) / self.step)
            self.choose(round(steps * self.step, 10))
