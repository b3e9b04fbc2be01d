"""Pages of previews of what a cell of the matrix counts."""

from dataclasses import dataclass
from typing import ClassVar, Final

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tui.painters.feed_lines import feed_line
from tui.painters.previews import (
    CAPTIONS,
    USUAL,
    WIDTHS,
    FeedView,
    Grid,
    grid,
    header_lines,
)
from tui.terminal import Graphics
from tui.widgets.picture import Picture

PARTS: Final = ("title", "note", "frame", "right", "wrong")
SIXEL_PICTURES: Final = 15  # xterm forgets the oldest when it holds more than 16


class Feed(Widget, can_focus=True):
    """Shows a page and moves over it; asks for another page by a message."""

    PANE = "Feed"
    COMPONENT_CLASSES = {f"feed--{part}" for part in PARTS}  # noqa: RUF012  Textual's
    DEFAULT_CSS = """
    Feed {
        height: 1fr;
        & > Picture { position: absolute; }
        & > .feed--title { text-style: bold; }
        & > .feed--note { color: $foreground 60%; }
        & > .feed--frame { color: $foreground 45%; text-style: bold; }
        & > .feed--right { color: $success; text-style: bold; }
        & > .feed--wrong { color: $error; text-style: bold; }
        &:focus > .feed--frame { color: $warning; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1)", "Previous", show=False, id="feed.left"),
        Binding("right,l", "move(1)", "Next", show=False, id="feed.right"),
        Binding("up,k", "row(-1)", "Row up", show=False, id="feed.up"),
        Binding("down,j", "row(1)", "Row down", show=False, id="feed.down"),
        Binding("pageup", "page(-1)", "Page back", show=False, id="feed.page_back"),
        Binding("pagedown", "page(1)", "Next page", key_display="PgDn", id="feed.page"),
        Binding("home", "end(-1)", "First", show=False, id="feed.first"),
        Binding("end", "end(1)", "Last", show=False, id="feed.last"),
        Binding("enter", "open", "Open", id="feed.open"),
        Binding("o", "ask(True)", "Order", id="feed.order"),
        Binding("O,d", "ask(False)", "Up or down", key_display="d", id="feed.direction"),
        Binding("plus,equals_sign", "size(1)", "Larger", key_display="+", id="feed.larger"),
        Binding("minus", "size(-1)", "Smaller", key_display="-", id="feed.smaller"),
    ]

    view: reactive[FeedView] = reactive(FeedView(""), init=False, repaint=False)
    selected: reactive[int] = reactive(0, init=False, repaint=False)  # index among all

    @dataclass
    class Resized(Message):
        """A page holds so many previews now; index is the one that must stay in sight."""

        capacity: int
        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Resized)

    @dataclass
    class Turned(Message):
        """The person wants to see the item with this index, which is on another page."""

        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Turned)

    @dataclass
    class Selected(Message):
        """Another preview of the page is selected."""

        index: int

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Feed.Selected)

    @dataclass
    class Opened(Message):
        """The person wants to see the whole image of this item."""

        index: int

    @dataclass
    class OrderCycled(Message):
        """The person wants another order."""

    @dataclass
    class DirectionFlipped(Message):
        """The person wants the order the other way round."""

    def __init__(self, graphics: Graphics, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.graphics = graphics
        self.grid = Grid(1, 1, 1, 1, 1)
        self._size_step = USUAL
        self._framed = 0  # the position with a frame on the screen

    # What is shown

    def on_resize(self) -> None:
        self._lay_out()

    def watch_view(self, before: FeedView, view: FeedView) -> None:
        framed = self._framed
        self.set_reactive(Feed.selected, view.selected)
        if len(header_lines(view, max(self.size.width, 1))) != self.grid.top:
            self._lay_out()
        self._fill()
        if not (before.items and view.items):
            self.refresh()
            return
        self._refresh_frames(framed, view.selected - view.first)
        # Not the pictures: each draws itself when its new subject is ready.
        self.refresh(Region(0, 0, self.size.width, self.grid.top))
        for row in range(self.grid.down):
            _, _, _, bottom = self.grid.frame(row * self.grid.across)
            self.refresh(Region(0, bottom - CAPTIONS, self.size.width, CAPTIONS))

    def watch_selected(self, _: int, now: int) -> None:
        self._refresh_frames(self._framed, now - self.view.first)
        self.post_message(self.Selected(now))

    def _refresh_frames(self, *positions: int) -> None:
        self._framed = positions[-1]
        for position in positions:
            left, top, right, bottom = self.grid.frame(position)
            wide, high = right - left + 1, bottom - top + 1
            self.refresh(Region(left, top, wide, 1), Region(left, bottom, wide, 1))
            self.refresh(Region(left, top, 1, high), Region(right, top, 1, high))

    def _lay_out(self) -> None:
        """As many pictures as fit, each at its place."""
        if not self.size:
            return
        header = len(header_lines(self.view, self.size.width))
        most = SIXEL_PICTURES if self.graphics.protocol == "sixel" else 10_000
        before = self.grid.capacity
        self.grid = grid(*self.size, WIDTHS[self._size_step], header, most)
        pictures = list(self.query(Picture))
        missing = self.grid.capacity - len(pictures)
        added = [Picture(self.graphics) for _ in range(missing)]
        for picture in pictures[self.grid.capacity :]:
            picture.remove()
        if added:
            self.mount_all(added)
        for position, picture in enumerate((pictures + added)[: self.grid.capacity]):
            x, y, _, _ = self.grid.frame(position)
            picture.styles.offset = (x + 1, y + 1)
            picture.styles.width, picture.styles.height = self.grid.width, self.grid.height
        self._fill()
        self.refresh()
        if self.grid.capacity != before:
            self.post_message(self.Resized(self.grid.capacity, self.selected))

    def _fill(self) -> None:
        items = self.view.items
        for position, picture in enumerate(self.query(Picture)):
            item = items[position] if position < min(len(items), self.grid.capacity) else None
            picture.display = item is not None
            picture.subject = None if item is None else item.subject

    # Keys and mouse

    def action_move(self, by: int) -> None:
        self.go(self.selected + by)

    def action_row(self, by: int) -> None:
        self.go(self.selected + by * self.grid.across)

    def action_page(self, by: int) -> None:
        self.go(self.selected + by * self.grid.capacity)

    def action_end(self, side: int) -> None:
        self.go(0 if side < 0 else self.view.total - 1)

    def go(self, index: int) -> None:
        """Selects an item by its index among all, on this page or on another."""
        index = min(max(index, 0), self.view.total - 1)
        if index < 0 or index == self.selected:
            return
        if 0 <= index - self.view.first < len(self.view.items):
            self.selected = index
        else:
            self.set_reactive(Feed.selected, index)  # the next key counts from there
            self.post_message(self.Turned(index))

    def action_open(self) -> None:
        if self.view.items:
            self.post_message(self.Opened(self.selected))

    def action_ask(self, order: bool) -> None:
        self.post_message(self.OrderCycled() if order else self.DirectionFlipped())

    def action_size(self, by: int) -> None:
        step = min(max(self._size_step + by, 0), len(WIDTHS) - 1)
        if step != self._size_step:
            self._size_step = step
            self._lay_out()

    def on_click(self, event: events.Click) -> None:
        at = event.get_content_offset(self) if event.widget is self else None
        x, y = at or (event.screen_x - self.region.x, event.screen_y - self.region.y)
        position = self.grid.position_at(x, y)
        if position is None or position >= len(self.view.items):
            return
        self.go(self.view.first + position)
        if event.chain == 2:
            self.action_open()

    def on_mouse_scroll_down(self) -> None:
        self.action_page(1)

    def on_mouse_scroll_up(self) -> None:
        self.action_page(-1)

    def render_line(self, y: int) -> Strip:
        styles = {name: self._part(name) for name in PARTS}
        position = self.selected - self.view.first
        return feed_line(self.view, self.grid, position, y, self.size, self.rich_style, styles)

    def _part(self, name: str) -> Style:
        return self.get_visual_style(f"feed--{name}").rich_style
