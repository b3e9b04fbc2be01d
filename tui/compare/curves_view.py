"""Both curves of precision over recall, where a terminal is wide."""

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from engine.core.ranked import Curve
from tui.compare.paint.pr_plot import TwoCurveStyles, pr_plot
from tui.drawing.canvas import LetterGrid


@dataclass(frozen=True, eq=False)
class TwoCurves:
    """Of A and B, and the confidences where they stand."""

    a: Curve
    b: Curve
    at: tuple[float, float]


class ComparedCurves(Widget):
    """Shows two curves, or nothing."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"curves--quiet", "curves--a", "curves--b"}
    DEFAULT_CSS = """
    ComparedCurves {
        width: 1fr; height: 1fr;
        & > .curves--quiet { color: $foreground 45%; }
        & > .curves--a { color: $text-primary; }
        & > .curves--b { color: $text-warning; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.curves: TwoCurves | None = None
        self.raster: LetterGrid | None = None

    def show(self, curves: TwoCurves) -> None:
        """Other curves, or the same ones elsewhere."""
        self.curves = curves
        self.draw()

    def on_resize(self) -> None:
        self.draw()

    def notify_style_update(self) -> None:
        """Theme or place changed."""
        super().notify_style_update()
        self.draw()

    def draw(self) -> None:
        """In the room there is; only lines that look different are sent."""
        before, curves = self.raster, self.curves
        if curves is None or not self.size:
            return
        self.raster = pr_plot(curves.a, curves.b, curves.at, *self.size, self._inks())
        if before is None or self.raster is None:
            self.refresh()
        elif regions := self.raster.changed_since(before):
            self.refresh(*regions)

    def _inks(self) -> TwoCurveStyles:
        quiet, a, b = (self._part(part) for part in ("quiet", "a", "b"))
        return TwoCurveStyles(self.rich_style, quiet, a, b)

    def _part(self, name: str) -> Style:
        return self.get_visual_style(f"curves--{name}").rich_style

    def render_line(self, y: int) -> Strip:
        strips = () if self.raster is None else self.raster.strips
        return strips[y] if y < len(strips) else Strip.blank(self.size.width, self.rich_style)
