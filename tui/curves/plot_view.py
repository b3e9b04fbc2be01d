"""A place for one plot, of which only the cells that changed are sent to the terminal."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.curves.paint.cells import Plot
from tui.curves.paint.curve_values import PlotStyles, curve_styles

PARTS = ("title", "label", "note", "axis", "grid", "iso", "rule", "mean", "cursor", "now")


class PlotView(Widget):
    """Shows a plot as it is painted; says where a person clicked on it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"plot--{part}" for part in PARTS),
        "plot--optimal",
        "plot--flat",
    }
    DEFAULT_CSS = """
    PlotView {
        width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .plot--title { text-style: bold; }
        & > .plot--label { color: $foreground 75%; }
        & > .plot--note { color: $foreground 75%; }
        & > .plot--axis { color: $foreground 35%; }
        & > .plot--grid { color: $foreground 22%; }
        & > .plot--iso { color: $foreground 38%; }
        & > .plot--rule { color: $foreground 60%; }
        & > .plot--mean { color: $foreground 85%; }
        & > .plot--cursor { background: $foreground; color: $background; text-style: bold; }
        &:ansi > .plot--cursor { text-style: reverse bold; }
        & > .plot--now { color: $foreground; text-style: bold; }
        & > .plot--optimal { color: $text-success; text-style: bold; }
        & > .plot--flat { background: $success 16%; }
    }
    """

    @dataclass
    class Resized(Message):
        """There is another room for the plot."""

        plot: "PlotView"

    @dataclass
    class Clicked(Message):
        """A point of the plot, in the units of its axes."""

        plot: "PlotView"
        x: float
        y: float
        twice: bool

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.plot: Plot | None = None
        self._styles_of_theme: PlotStyles | None = None

    def show(self, plot: Plot) -> None:
        """Replace the plot."""
        before, self.plot = self.plot, plot
        if before is None:
            self.refresh()
        elif regions := plot.raster.changed_since(before.raster):
            self.refresh(*regions)

    @property
    def plain(self) -> str:
        """What it says, without styles."""
        return "\n".join(self.plot.raster.lines) if self.plot else ""

    def on_resize(self) -> None:
        self.post_message(self.Resized(self))

    def notify_style_update(self) -> None:
        """Theme or focus changed: the styles are looked up again when they are needed."""
        super().notify_style_update()
        self._styles_of_theme = None
        self.post_message(self.Resized(self))

    def plot_styles(self, plain: bool) -> PlotStyles:
        """The styles of the theme."""
        if self._styles_of_theme is None:
            parts = {
                name[6:]: self.get_component_rich_style(name) for name in self.COMPONENT_CLASSES
            }
            _, background = self.background_colors
            curves = curve_styles(background, self.styles.color, plain)
            self._styles_of_theme = PlotStyles(base=self.rich_style, plain=plain, **parts, **curves)
        return self._styles_of_theme

    def render_line(self, y: int) -> Strip:
        """One line."""
        if self.plot is None or y >= len(self.plot.raster.letters):
            return Strip.blank(self.size.width, self.rich_style)
        return self.plot.raster.strips[y].adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self)
        if at is not None and self.plot is not None:
            x, y = self.plot.axes.values(at.x, at.y)
            self.post_message(self.Clicked(self, x, y, event.chain == 2))
