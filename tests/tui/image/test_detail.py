from dataclasses import dataclass, replace
from math import nan
from pathlib import Path

import pytest
from PIL import Image
from textual import on
from textual.app import App

from engine.core.assessment import DetailRow
from tui.image.box_table import BoxTable
from tui.image.detail import DetailScreen, DetailView
from tui.pictures.picture import Picture
from tui.terminal.capabilities import Graphics

BOX = (10.0, 20.0, 60.0, 40.0)
ROWS = (
    DetailRow("TP", 0, 0.91, 0.93, BOX, "it matches.", BOX, 0, 5, 0),
    DetailRow("FP", 1, 0.47, 0.88, BOX, "best match is of class car.", BOX, 0, 6, 1),
    DetailRow("FN", 0, nan, nan, BOX, "nothing found it.", ground_truth=1),
    DetailRow("below", 1, 0.21, nan, BOX, "it is below.", prediction=7),
)


@dataclass(frozen=True)
class Source:
    folder: Path
    total: int = 97
    words: str = "car → truck"
    classes: tuple[str, ...] = ("car", "truck")
    confidence: float = 0.35
    rows: tuple[DetailRow, ...] = ROWS

    def image(self, position: int) -> DetailView:
        name = f"{position}.jpg"
        path = self.folder / name if position % 2 else None
        return DetailView(name, path, (640, 480), self.rows, self.confidence, 0.5, "", 1)


class Host(App[None]):
    def __init__(self, source: Source) -> None:
        super().__init__()
        self.detail = DetailScreen(source, 2, Graphics("cells"))
        self.left_at: int | None = None
        self.moved: list[DetailScreen.ThresholdMoved] = []

    def on_mount(self) -> None:
        self.push_screen(self.detail, self.back)

    def back(self, position: int | None) -> None:
        self.left_at = position

    @on(DetailScreen.ThresholdMoved)
    def hear(self, message: DetailScreen.ThresholdMoved) -> None:
        self.moved.append(message)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    Image.new("RGB", (640, 480), (90, 90, 90)).save(tmp_path / "3.jpg")
    return Source(tmp_path)


def header(app: Host) -> str:
    return str(app.detail.query_one("#header").render())


async def test_the_header_and_the_why_line_say_where_one_is(source):
    app = Host(source)
    async with app.run_test(size=(120, 40)):
        text = header(app)
        assert text.startswith("2.jpg · 640×480 · 3 of 97: car → truck")  # noqa: RUF001
        assert text.endswith("boxes: truth and predictions  conf .350  IoU .50")
        why = str(app.detail.query_one("#why").render())
        assert why == "best match is of class car."


async def test_keys_walk_the_boxes_and_the_picture_follows(source):
    app = Host(source)
    async with app.run_test(size=(120, 40)) as pilot:
        table, picture = app.detail.query_one(BoxTable), app.detail.query_one(Picture)
        assert table.cursor == 1
        assert [mark.tag for mark in picture.subject.marks if mark.focused] == ["FP"]
        await pilot.press("tab", "down")
        assert table.cursor == 3
        assert [mark.tag for mark in picture.subject.marks if mark.focused] == ["below"]
        await pilot.press("tab")
        assert table.cursor == 0
        assert "below" not in [mark.tag for mark in picture.subject.marks]
        await pilot.press("shift+tab", "up")
        assert table.cursor == 2


async def test_the_list_says_where_one_is_and_in_one_line_what_does_not_count(source):
    low = replace(ROWS[3], confidence=0.3499, prediction=8)
    app = Host(replace(source, rows=(*ROWS[:3], low, ROWS[3])))
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.detail.query_one(BoxTable)

        def lines() -> list[str]:
            return [table.render_line(y).text for y in range(table.size.height)]

        assert "2 of 5" in lines()[0]
        assert [line for line in lines() if "below" in line] == [lines()[4]]
        assert lines()[4].startswith("── below .3500: 2 not counted ─")
        await pilot.press("tab", "tab")
        assert table.cursor == 3
        assert "4 of 5" in lines()[0]
        assert lines()[5].startswith("▸ 4")
        (mark,) = (m for m in app.detail.query_one(Picture).subject.marks if m.focused)
        assert mark.dotted
        assert mark.label == "truck .3499"  # not .35, which is the threshold
        await pilot.click(table, offset=(3, 4))  # no row
        assert table.cursor == 3
        await pilot.click(table, offset=(3, 6))
        assert table.cursor == 4


async def test_letters_choose_what_is_drawn(source):
    app = Host(source)
    async with app.run_test(size=(120, 40)) as pilot:
        picture = app.detail.query_one(Picture)

        def drawn() -> set[str]:
            return {mark.tag for mark in picture.subject.marks}

        seen = [drawn()]
        for _ in range(4):
            await pilot.press("b")
            seen.append(drawn())
        everything, truths, predictions = {"TP", "FP", "FN", "truth"}, {"FN", "truth"}, {"TP", "FP"}
        assert seen == [everything, truths, predictions, set(), everything]
        await pilot.press("g")
        assert drawn() == predictions
        await pilot.press("p")
        assert drawn() == set()
        await pilot.press("g")
        assert drawn() == truths
        await pilot.press("z")
        assert picture.subject.around is not None
        await pilot.press("z")
        assert picture.subject.around is None


async def test_arrows_change_the_image_and_escape_tells_the_place(source):
    app = Host(source)
    async with app.run_test(size=(80, 24)) as pilot:
        picture = app.detail.query_one(Picture)
        assert picture.stage == "words"  # its file is missing, the list is there
        assert len(app.detail.query_one(BoxTable).shown.rows) == 4
        await pilot.press("right")
        assert "4 of 97" in header(app)
        await app.workers.wait_for_complete()
        assert picture.stage == "cells"
        await pilot.press("left", "left", "left", "left")
        assert app.detail.position == 0
        await pilot.press("escape")
        assert app.left_at == 0


async def test_thresholds_are_asked_for_and_not_moved_here(source):
    app = Host(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("[", "}", ">", "0")
        moved = [(m.confidence, m.iou, m.to_optimum) for m in app.moved]
        assert moved == [(-0.01, 0, False), (0.05, 0, False), (0, 0.05, False), (0, 0, True)]


async def test_a_new_source_keeps_the_box_in_focus(source):
    app = Host(source)
    async with app.run_test(size=(120, 40)) as pilot:
        rows = (ROWS[1], ROWS[2], ROWS[0])
        app.detail.show(Source(source.folder, confidence=0.2, rows=rows))
        await pilot.pause()
        assert app.detail.query_one(BoxTable).cursor == 0
        assert "conf .200" in header(app)
        app.detail.show(Source(source.folder, rows=(ROWS[3],)))
        assert app.detail.query_one(BoxTable).cursor is None
        app.detail.show(Source(source.folder, rows=()))
        await pilot.press("tab", "z")
        assert "No boxes" in str(app.detail.query_one("#why").render())


async def test_y_copies_the_path(source):
    app = Host(source)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right", "y")
        assert app.clipboard == str(source.folder / "3.jpg")


async def test_a_step_of_the_threshold_draws_only_the_lines_that_say_something_else(source):
    app = Host(source)
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        table, drawn, whole = app.detail.query_one(BoxTable), [], []
        refresh = table.refresh
        table.refresh = lambda *regions, **how: (drawn.append((regions, how)), refresh(*regions))
        app.detail.refresh = lambda *regions, **how: whole.append(regions)
        app.detail.show(replace(source, confidence=0.36))
        await pilot.pause()
        assert [region.y for regions, _ in drawn for region in regions] == [4]  # (below .36)
        assert not any(how.get("layout") for _, how in drawn)
        assert whole == []
