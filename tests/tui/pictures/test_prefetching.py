"""What is made ready while nobody does anything: there when it is wanted, never in the way."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from textual.app import App

from tests.tui.waiting import until
from tui.pictures import feed, prefetching
from tui.pictures.feed import Feed
from tui.pictures.paint.crops import DecodedImages
from tui.pictures.paint.previews import FeedItem, FeedView
from tui.terminal.capabilities import Graphics
from tui.terminal.uplink import Uplink

KITTY, CELLS = Graphics("kitty", 10, 20), Graphics("cells", 10, 20)
TOTAL = 12
UPLOAD = re.compile(r"a=t,i=(\d+)")


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(feed, "REST", 0.01)


class Feeds(App[None]):
    """Turns pages, and names the items of the one after as the screen around a feed does."""

    def __init__(self, folder: Path, graphics: Graphics) -> None:
        super().__init__()
        self.feed = Feed(graphics)
        self.sent: list[str] = []
        self.rested: list[int] = []
        box = (10.0, 10.0, 40.0, 40.0)
        self.items = []
        for number in range(TOTAL):
            path = folder / f"{number}.png"
            Image.new("RGB", (64, 64), (number * 20, 90, 90)).save(path)
            self.items.append(FeedItem(number, path.name, path, "a", "b", 0.5, 0.9, box, box))

    def compose(self):
        yield self.feed

    def on_mount(self) -> None:
        driver, write = self._driver, self._driver.write
        driver.write = lambda text: (self.sent.append(text), write(text))

    def page(self, first: int) -> tuple[FeedItem, ...]:
        return tuple(self.items[first : first + self.feed.grid.capacity])

    def show(self, index: int) -> None:
        first = index - index % self.feed.grid.capacity
        items = self.page(first)
        self.feed.view = FeedView("all", TOTAL, first=first, items=items, selected=index)

    def on_feed_resized(self, message: Feed.Resized) -> None:
        self.show(message.index)

    def on_feed_turned(self, message: Feed.Turned) -> None:
        self.show(message.index)

    def on_feed_rested(self, message: Feed.Rested) -> None:
        self.rested.append(message.first)
        self.feed.make_ready(self.page(message.first))

    @property
    def uploads(self) -> list[str]:
        return UPLOAD.findall("".join(self.sent))


async def test_the_next_page_is_sent_before_it_is_turned_to_and_then_costs_no_image(tmp_path):
    app = Feeds(tmp_path, KITTY)
    async with app.run_test(size=(60, 14)) as pilot:
        await until(pilot, lambda: app.feed.grid.capacity > 1 and app.feed.pictures)
        size = app.feed.grid.capacity
        assert 3 * size <= TOTAL
        await until(pilot, lambda: len(app.uploads) == 2 * size)
        app.feed.focus()
        app.rested.clear()
        app.sent.clear()
        app.feed.action_page(1)
        await until(pilot, lambda: all(each.stage == "sharp" for each in app.feed.pictures))
        shown = [each.subject for each in app.feed.pictures]
        assert shown == [item.subject for item in app.page(size)]
        await until(pilot, lambda: app.rested)
        assert app.rested[0] == 2 * size  # the third, after what the second showed
        await until(pilot, lambda: len(app.uploads) == size)
        held = Uplink.of(app).placed
        assert sum(each.users for each in held._held.values()) == size  # those on the screen
        app.rested.clear()
        app.feed.action_page(-1)
        await until(pilot, lambda: app.feed.view.first == 0 and app.feed.is_complete)
        await asyncio.sleep(0.05)
        assert app.rested == []  # before the first page there is none


async def test_a_key_stops_it_and_what_was_on_its_way_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "REST", 1000)
    app = Feeds(tmp_path, KITTY)
    waits: list[asyncio.Future[None]] = []
    async with app.run_test(size=(60, 14)) as pilot:
        await until(pilot, lambda: app.feed.pictures and app.feed.is_complete)
        uplink, size = Uplink.of(app), app.feed.grid.capacity

        def never(number, pieces):
            uplink.there.add(number)
            waits.append(asyncio.get_running_loop().create_future())
            return waits[-1]

        monkeypatch.setattr(uplink, "upload", never)
        uplink.placed.forget()
        app.sent.clear()
        app.feed.make_ready(app.page(size))
        await until(pilot, lambda: len(waits) == 1)
        number = uplink._number
        app.feed.go(1)
        await until(pilot, lambda: waits[0].cancelled())
        await until(pilot, lambda: f"a=d,d=I,i={number}," in "".join(app.sent))
        assert not [each for each in app.feed.workers if each.group == prefetching.GROUP]


@pytest.mark.parametrize("another", [False, True])
async def test_what_is_interrupted_is_left_as_it_is_and_drawn_when_it_is_still_wanted(
    tmp_path, monkeypatch, another
):
    monkeypatch.setattr(feed, "REST", 1000)
    app = Feeds(tmp_path, KITTY)
    async with app.run_test(size=(60, 14)) as pilot:
        page = app.feed
        await until(pilot, lambda: any(each.stage == "cells" for each in page.pictures))
        page.interrupt()
        assert app.uploads == []
        await until(pilot, lambda: not [w for w in page.workers if w.group == "picture"])
        assert "sharp" not in {each.stage for each in page.pictures}
        if another:
            page.view = replace(page.view, title_words="other words")
        else:
            page.resume()
        await until(pilot, lambda: all(each.stage == "sharp" for each in page.pictures))


@pytest.mark.parametrize(("graphics", "quick"), [(KITTY, False), (CELLS, True)])
async def test_on_a_slow_line_and_in_cells_the_files_are_only_read(
    tmp_path, graphics, quick, monkeypatch
):
    monkeypatch.setattr(prefetching, "is_slow", lambda _: not quick)
    images = DecodedImages(1 << 20)
    monkeypatch.setattr(prefetching, "IMAGES", images)
    app = Feeds(tmp_path, graphics)
    async with app.run_test(size=(60, 14)) as pilot:
        await until(pilot, lambda: app.feed.pictures and app.feed.is_complete)
        size = app.feed.grid.capacity
        wanted = {item.path for item in app.page(size)}
        await until(pilot, lambda: {key[0] for key in images._kept} == wanted)
        assert len(app.uploads) == (size if graphics is KITTY else 0)


async def test_no_more_is_held_than_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(feed, "REST", 1000)
    app = Feeds(tmp_path, KITTY)
    async with app.run_test(size=(60, 14)) as pilot:
        await until(pilot, lambda: app.feed.pictures and app.feed.is_complete)
        size, placed = app.feed.grid.capacity, Uplink.of(app).placed
        shown = {each._image.number for each in app.feed.pictures}
        placed.most = size + 1
        app.feed.make_ready(app.page(size))
        await until(pilot, lambda: len(app.uploads) >= 2 * size)
        await until(
            pilot, lambda: not [w for w in app.feed.workers if w.group == prefetching.GROUP]
        )
        assert len(placed._held) == size + 1
        assert shown <= set(placed._held)
