"""A place for one plot: the dots that changed at once, pixels after a rest."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from textual import events, work
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from engine.plots.styles import PlotStyles
from tui.curves.paint.cells import Plot
from tui.curves.paint.plot_images import cells_in_pixels
from tui.curves.paint.theme_styles import theme_curve_styles
from tui.curves.plot_picture import PlotPicture
from tui.pictures.picture import SETTLE
from tui.pictures.picture_threads import out_of_sight
from tui.terminal.capabilities import Graphics
from tui.terminal.textual_private import visible_widgets

PARTS = ("title", "label", "note", "axis", "grid", "iso", "rule", "mean", "cursor", "now")


class PlotView(Widget):
    """Shows a plot as it is painted; says where a person clicked on it.

    Where the terminal shows pictures, what is between the axes is one of them after a rest.
    """

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

    def __init__(self, graphics: Graphics, *, id: str) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.plot: Plot | None = None
        self._styles_of_theme: PlotStyles | None = None
        self._picture = PlotPicture(self, graphics.tmux)
        self._due = False  # pixels are, once no screen is over this one

    def show(self, plot: Plot) -> None:
        """Replace the plot."""
        before, self.plot = self.plot, plot
        changed = [] if before is None else plot.raster.changed_since(before.raster)
        if before is None:
            self.refresh()
        elif changed:
            self.refresh(*changed, *self._picture.hide())
        if before is None or changed:
            self.begin()

    @property
    def in_pixels(self) -> bool:
        """Whether the plot is shown in pixels now."""
        return bool(self._picture.strips)

    def begin(self, *, anew: bool = False) -> None:
        """Pixels follow if nothing changes for a moment.

        anew: the terminal has nothing of them any more.
        """
        if anew and self._picture.hide():
            self.refresh()
        self.workers.cancel_group(self, "pixels")
        if self.plot is None or not self.is_attached or self.in_pixels:
            return
        self._due = out_of_sight(self.screen)
        styles = self.plot_styles(self.app.no_color)
        cells = cells_in_pixels(self.plot, styles, self.graphics)
        if cells is not None and not self._due:
            self._sharpen(self.plot, cells, styles)

    @work(group="pixels", exclusive=True)
    async def _sharpen(self, plot: Plot, cells: Region, styles: PlotStyles) -> None:
        await asyncio.sleep(SETTLE)
        if any(widget is self for widget, _ in visible_widgets(self.screen)):
            self.refresh(*await self._picture.show(plot, cells, styles, self.graphics))

    def spoil(self) -> None:
        """The terminal may have lost what was written over the cells."""
        self._picture.spoil()

    def on_show(self) -> None:
        self.begin()

    def on_hide(self) -> None:
        self.workers.cancel_group(self, "pixels")
        self._picture.out_of_sight()

    def on_unmount(self) -> None:
        self._picture.release()

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
            curves = theme_curve_styles(background, self.styles.color, plain)
            self._styles_of_theme = PlotStyles(base=self.rich_style, plain=plain, **parts, **curves)
        return self._styles_of_theme

    def render_lines(self, crop: Region) -> list[Strip]:
        """Lines with pixels as they are: a filter or a cache would take them for words."""
        if self._due:
            self._due = False
            self.call_later(self.begin)
        strips = self._picture.strips
        if not strips or (strips[0].cell_length, len(strips)) != tuple(self.size):
            return super().render_lines(crop)
        rows = strips[crop.y : crop.bottom]
        whole = crop.x == 0 and crop.width == self.size.width
        return rows if whole else [row.crop(crop.x, crop.right) for row in rows]

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
