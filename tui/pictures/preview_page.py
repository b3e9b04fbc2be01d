"""A page of previews: pictures in a grid, with what is said of each below it."""

from dataclasses import replace
from typing import Final

from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.pictures.paint.feed_lines import feed_line
from tui.pictures.paint.previews import CAPTIONS, USUAL, WIDTHS, FeedView, Grid, grid, header_lines
from tui.pictures.picture import Picture
from tui.terminal.capabilities import Graphics

PARTS: Final = ("title", "note", "frame", "right", "wrong")
SIXEL_PICTURES: Final = 15  # xterm forgets the oldest when it holds more than 16
AT_ONCE: Final = 16  # pictures mounted in one turn of the event loop: each takes a millisecond


class PreviewPage(Widget):
    """Shows the items of a view, as many as there is room for."""

    COMPONENT_CLASSES = {f"previews--{part}" for part in PARTS}  # noqa: RUF012  Textual's
    DEFAULT_CSS = """
    PreviewPage {
        height: 1fr;
        & > Picture { position: absolute; }
        & > .previews--title { text-style: bold; }
        & > .previews--note { color: $foreground 75%; }
        & > .previews--frame { color: $foreground 45%; text-style: bold; }
        & > .previews--right { color: $text-success; text-style: bold; }
        & > .previews--wrong { color: $text-error; text-style: bold; }
    }
    """

    view: reactive[FeedView] = reactive(FeedView(""), init=False, repaint=False)

    def __init__(self, graphics: Graphics, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.grid = Grid(1, 1, 1, 1, 1)
        self.step: int | None = None  # of WIDTHS, once somebody chose it
        self.set_reactive(PreviewPage.view, FeedView("", pages=0, nothing=""))
        self.pictures: list[Picture] = []  # one for each item in sight, by position
        self._framed = 0  # the position with a frame on the screen
        self._left: set[Picture] = set()  # those that were interrupted
        self._styles_now: dict[str, Style] = {}

    @property
    def framed(self) -> int:
        """The position with a frame; -1 for none."""
        return self.view.selected - self.view.first

    @property
    def room(self) -> int:
        """How many previews of the usual size fit under a title and a note."""
        return grid(*self.size, WIDTHS[USUAL], 2).capacity

    @property
    def usual_step(self) -> int:
        """The size of previews that nobody chose: few of them are as large as there is room."""
        header = len(header_lines(self.view, self.size.width))
        larger = range(USUAL, len(WIDTHS) if self.view.total else USUAL)
        fits = (grid(*self.size, WIDTHS[s], header).capacity >= self.view.total for s in larger)
        return max((s for s, fit in zip(larger, fits, strict=True) if fit), default=USUAL)

    @property
    def fitting_grid(self) -> Grid:
        """For what is shown, in the room there is."""
        step = self.usual_step if self.step is None else self.step
        return grid(*self.size, WIDTHS[step], len(header_lines(self.view, self.size.width)))

    def on_resize(self) -> None:
        self.lay_out()

    def watch_view(self, before: FeedView, view: FeedView) -> None:
        if self.size and self.fitting_grid != self.grid:
            self.lay_out()
        else:
            self._fill()
        if not (before.items and view.items):
            self._framed = self.framed
            self.refresh()
            return
        self.refresh_frames()
        # Not the pictures: each draws itself when its new subject is ready.
        self.refresh(Region(0, 0, self.size.width, self.grid.top))
        for row in range(self.grid.down):
            _, _, _, bottom = self.grid.frame(row * self.grid.across)
            self.refresh(Region(0, bottom - CAPTIONS, self.size.width, CAPTIONS))

    def refresh_frames(self) -> None:
        """The frame moves to its new position."""
        before, self._framed = self._framed, self.framed
        if before == self._framed:
            return
        for position in (before, self._framed):
            if position < 0:
                continue
            left, top, right, bottom = self.grid.frame(position)
            wide, high = right - left + 1, bottom - top + 1
            self.refresh(Region(left, top, wide, 1), Region(left, bottom, wide, 1))
            self.refresh(Region(left, top, 1, high), Region(right, top, 1, high))

    def lay_out(self) -> None:
        """As many pictures as fit, each at its place."""
        if not self.size:
            return
        self.grid = self.fitting_grid
        for position, picture in enumerate(self.pictures):
            self._place(picture, position)
        self._fill()
        self.refresh()

    def _place(self, picture: Picture, position: int) -> None:
        x, y, _, _ = self.grid.frame(position)
        picture.styles.offset = (x + 1, y + 1)
        picture.styles.width, picture.styles.height = self.grid.width, self.grid.height

    def _fill(self) -> None:
        """Each picture shows its item; the pictures come when there is something for them."""
        while len(self.pictures) > self.grid.capacity:
            self.pictures.pop().remove()
        items = self.view.items[: self.grid.capacity]
        for position, picture in enumerate(self.pictures):
            subject = items[position].subject if position < len(items) else None
            picture.display = subject is not None
            if picture.subject != subject:
                self._left.discard(picture)  # it begins with another
            picture.subject = subject
        self.resume()
        self._add_missing()

    @property
    def is_complete(self) -> bool:
        """Whether all pictures are there and as sharp as they get."""
        drawing = {worker.node for worker in self.workers if worker.group == "picture"}
        shown = self.pictures[: len(self.view.items)]
        return (
            len(shown) == min(len(self.view.items), self.grid.capacity)
            and all(picture.stage != "empty" for picture in shown)
            and drawing.isdisjoint(shown)
        )

    def interrupt(self) -> None:
        """Draw no further: another view may come, and nothing may delay what leads to it."""
        for picture in self.pictures:
            if picture.workers.cancel_group(picture, "picture"):
                self._left.add(picture)

    def resume(self) -> None:
        """Draw what was interrupted and is still to be seen."""
        left, self._left = self._left, set()
        for picture in left:
            picture.begin()

    def _add_missing(self) -> None:
        """A few pictures now, others in a later turn: nothing else waits for all of them."""
        there = len(self.pictures)
        items = self.view.items[: self.grid.capacity]
        added = [self._picture(position) for position in range(there, len(items))[:AT_ONCE]]
        if not added:
            return
        self.pictures += added
        self.mount_all(added)
        for position, picture in enumerate(added, there):
            self._place(picture, position)
            picture.subject = items[position].subject
        if len(self.pictures) < len(items):
            self.call_after_refresh(self._add_missing)

    def _picture(self, position: int) -> Picture:
        """What the terminal would forget is shown in cells: a page is as long everywhere."""
        if self.graphics.protocol == "sixel" and position >= SIXEL_PICTURES:
            return Picture(replace(self.graphics, protocol="cells"))
        return Picture(self.graphics)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The styles are looked up once for all lines."""
        self._styles_now = self._styles_of_parts()
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        styles = self._styles_now or self._styles_of_parts()
        return feed_line(self.view, self.grid, self.framed, y, self.size, self.rich_style, styles)

    def _styles_of_parts(self) -> dict[str, Style]:
        return {part: self.get_visual_style(f"previews--{part}").rich_style for part in PARTS}
