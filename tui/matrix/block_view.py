"""A matrix that does not fit, seen from far: blocks of its cells, and which part is in sight."""

from typing import ClassVar

import numpy as np
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.heat import palette
from tui.grids.paint.lines import MatrixInk, note
from tui.grids.paint.scene import MatrixCell
from tui.grids.paint.view import MatrixView
from tui.matrix.paint.map_lines import (
    MapInk,
    MapScene,
    ShadeCodes,
    changed_cells,
    changed_rules,
    paint,
)


class MatrixBlocks(Widget):
    """Blocks of a view's cells; a change sends only the blocks that look different."""

    ALLOW_SELECT = False
    NAMES: ClassVar[int]  # columns for names of classes
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"matrix--{part}"
        for part in ("name", "end-name", "crosshair", "corner", "rule", "thumb", "cursor")
    }
    DEFAULT_CSS = """
    MatrixBlocks {
        width: 1fr; height: 1fr; background: $background; color: $foreground;
        & > .matrix--name { color: $foreground 75%; }
        & > .matrix--crosshair {
            background: $foreground 18%; color: $foreground; text-style: bold;
        }
        & > .matrix--corner { color: $foreground 75%; }
        & > .matrix--rule { color: $foreground 22%; }
        & > .matrix--thumb { color: $foreground 60%; }
        & > .matrix--cursor { background: $foreground; color: $background; }
        &:ansi > .matrix--cursor { text-style: reverse; }
    }
    """

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.plain = plain
        self.view: MatrixView | None = None
        self.scene: MapScene | None = None
        self.room = Size(0, 0)  # what there was last: hidden, a widget has none
        self._marks: tuple[Region, MatrixCell] = (Region(), (0, 0))
        self._codes: ShadeCodes | None = None
        self._ink: MapInk | None = None

    def show(self, view: MatrixView, window: Region, cell: MatrixCell) -> None:
        """Another matrix; window and cell are positions in sight elsewhere and of the cursor."""
        self.view, self._marks = view, (window, cell)
        self._settle()

    @property
    def marked_window(self) -> Region:
        """The positions in sight elsewhere."""
        return self._marks[0]

    def mark(self, window: Region, cell: MatrixCell) -> None:
        """Other positions in sight elsewhere, and another cell under the cursor."""
        self._marks = window, cell
        if self.scene is not None:
            self._draw(self.scene.marked(window, cell))

    def on_resize(self) -> None:
        """Another size is another number of blocks."""
        self.room = self.size
        self._settle()

    def notify_style_update(self) -> None:
        """Theme or focus changed: the styles are looked up again when they are needed."""
        super().notify_style_update()
        self._ink = None

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        ink = self._ink or self._look_up_ink()
        width = self.size.width
        if self.scene is not None and self._codes is not None:
            strip = paint(self.scene, self._codes, ink, y)
            return strip.adjust_cell_length(width, ink.ink.blank)
        middle = y == (self.size.height - 1) // 2
        return note("The map needs more room" if middle else "", ink.ink, width)

    def _settle(self) -> None:
        width, height = self.room
        scene = None
        if self.view is not None and width and height:
            scene = MapScene.of(self.view, width, height, self.for_names, self.plain)
        if scene is not None:
            scene = scene.marked(*self._marks)
        self._draw(scene)

    @property
    def for_names(self) -> int:
        """Columns for names; fewer where there is little room."""
        return min(self.NAMES, self.room.width // 4)

    def _draw(self, scene: MapScene | None) -> None:
        """Send what looks different."""
        before, codes_before = self.scene, self._codes
        self.scene, self._codes = scene, None if scene is None else scene.codes()
        if (
            before is None
            or scene is None
            or codes_before is None
            or self._codes is None
            or not np.array_equal(before.view.shown, scene.view.shown)
            or before.gutter != scene.gutter
            or codes_before.shape != self._codes.shape
        ):
            self.refresh()
            return
        regions = changed_cells(scene, codes_before, self._codes) + changed_rules(before, scene)
        if regions:
            self.refresh(*regions)

    def _look_up_ink(self) -> MapInk:
        _, background = self.background_colors
        foreground = self.styles.color
        parts = sorted(self.COMPONENT_CLASSES)
        styles = {part[8:].replace("-", "_"): self.get_component_rich_style(part) for part in parts}
        colours = palette(background, foreground, self.plain, self.app.current_theme.dark)
        ink = MatrixInk(blank=self.rich_style, palette=colours, **styles)
        framed = background.blend(foreground, 0.25).rich_color
        self._ink = MapInk(ink, Style(bgcolor=framed))
        return self._ink
