import itertools
import re
from math import nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style

from engine.core.assessment import DetailRow
from engine.images.cropping import crop_around
from engine.images.drawing import TAG_COLOURS
from engine.images.pixels import UNKNOWN_SIZE, UnreadableImage
from engine.util.words import DASH
from tui.pictures.paint.box_list import CROSS, BoxList, box_line, heading, partner_row
from tui.pictures.paint.boxes import OutcomeMark, Placement, draw_boxes, place_chips
from tui.pictures.paint.cell_canvas import CellCanvas, draw_boxes_in_cells
from tui.pictures.paint.cell_rows import rows_of
from tui.pictures.paint.crops import DecodedImages, fitted
from tui.pictures.paint.drawing import Area, Subject, sketch
from tui.pictures.paint.drawn_boxes import image_marks
from tui.pictures.paint.quadrants import in_two_colours
from tui.pictures.paint.strips import cell_strips
from tui.terminal import sixel
from tui.terminal.capabilities import Graphics

sides = st.integers(1, 4000)
WHOLE = (0.0, 0.0, 100.0, 100.0)


@st.composite
def boxes_in_images(draw):
    width, height = draw(sides), draw(sides)
    left, top = draw(st.floats(0, width - 1)), draw(st.floats(0, height - 1))
    wide, high = draw(st.floats(0.5, width - left)), draw(st.floats(0.5, height - top))
    return (left, top, wide, high), (width, height)


@given(boxes_in_images(), st.floats(1, 4), st.floats(0.2, 5))
def test_a_crop_lies_inside_the_image_and_holds_the_box(placed, context, aspect):
    box, size = placed
    left, top, width, height = crop_around(box, size, context, aspect)
    assert left >= 0
    assert top >= 0
    assert left + width <= size[0] + 1e-6
    assert top + height <= size[1] + 1e-6
    assert left <= box[0] + 1e-6
    assert top <= box[1] + 1e-6
    assert left + width >= box[0] + box[2] - 1e-6
    assert top + height >= box[1] + box[3] - 1e-6


def test_a_crop_has_the_shape_of_its_place_where_the_image_allows_it():
    _, _, width, height = crop_around((400, 300, 40, 80), (1000, 800), 1.5, aspect=2.0)
    assert width / height == pytest.approx(2.0)


@given(sides, sides, st.integers(1, 200), st.integers(1, 60))
def test_a_fitted_picture_keeps_its_shape_to_within_a_cell(width, height, columns, rows):
    wide, high = fitted((0, 0, width, height), columns, rows, (10, 20))
    assert 1 <= wide <= columns
    assert 1 <= high <= rows
    scale = min(columns * 10 / width, rows * 20 / height)
    assert abs(wide * 10 - width * scale) <= 10
    assert abs(high * 20 - height * scale) <= 20


@given(boxes_in_images(), boxes_in_images(), st.integers(1, 120), st.integers(1, 50))
def test_a_box_stays_within_the_cells_of_its_picture(placed, window, columns, rows):
    edges = Placement(window[0], columns, rows).edges(placed[0])
    if edges is not None:
        assert 0 <= edges.left <= edges.right < columns
        assert 0 <= edges.top <= edges.bottom < rows


def test_a_box_lies_where_it_belongs_in_pixels_and_in_cells():
    for width, height in ((100, 100), (50, 25)):
        edges = Placement(WHOLE, width, height).edges((20.0, 40.0, 60.0, 40.0))
        assert edges is not None
        assert (edges.left, edges.right) == (0.2 * width, 0.8 * width - 1)
        assert (edges.top, edges.bottom) == (0.4 * height, 0.8 * height - 1)


def test_a_side_outside_the_window_is_not_drawn():
    edges = Placement((10.0, 10.0, 20.0, 20.0), 20, 20).edges((0.0, 15.0, 25.0, 30.0))
    assert edges is not None
    assert (edges.shows_left, edges.shows_top) == (False, True)
    assert (edges.shows_right, edges.shows_bottom) == (True, False)


def test_lines_have_the_colour_of_the_tag_and_ground_truth_is_dashed():
    image = Image.new("RGB", (100, 100))
    draw_boxes(image, [OutcomeMark((10, 10, 80, 80), "FP")], WHOLE)
    assert {image.getpixel((x, 10)) for x in range(10, 90)} == {TAG_COLOURS["FP"]}
    assert image.getpixel((50, 50)) == (0, 0, 0)
    image = Image.new("RGB", (100, 100))
    draw_boxes(image, [OutcomeMark((10, 10, 80, 80), "FN", dashed=True)], WHOLE)
    seen = [image.getpixel((x, 10)) == TAG_COLOURS["FN"] for x in range(10, 90)]
    assert 0.4 < sum(seen) / len(seen) < 0.9
    assert seen[0]
    assert seen[-1]


def test_a_box_below_the_threshold_is_dotted_and_grey_also_in_focus():
    low = OutcomeMark((10, 10, 80, 80), "below", "nut .21", focused=True)
    image = Image.new("RGB", (100, 100))
    draw_boxes(image, [low], WHOLE)
    seen = [image.getpixel((x, 10)) == TAG_COLOURS["below"] for x in range(10, 90)]
    assert 0.2 < sum(seen) / len(seen) < 0.45
    assert seen[0]
    assert seen[-1]
    canvas = CellCanvas.of(np.full((20, 20, 3), 200, np.uint8))
    draw_boxes_in_cells(canvas, [low], WHOLE)
    assert canvas.glyph[1, 4] == "┉"
    assert canvas.glyph[4, 1] == "┋"


def test_lines_in_cells_are_glyphs():
    pixels = np.full((20, 20, 3), 200, np.uint8)
    canvas = CellCanvas.of(pixels)
    draw_boxes_in_cells(canvas, [OutcomeMark((20, 20, 60, 60), "TP")], WHOLE)
    draw_boxes_in_cells(canvas, [OutcomeMark((0, 90, 30, 10), "FN", dashed=True)], WHOLE)
    rows = rows_of(canvas, in_two_colours(pixels, True), True)
    text = ["".join(segment.text for segment in row) for row in rows]
    assert text[2] == "  ┌────┐  "
    assert text[5] == "  │    │  "
    assert text[7] == "  └────┘  "
    assert text[9][1] == "╌"


@given(st.lists(boxes_in_images(), max_size=12), st.integers(1, 60), st.integers(1, 30))
def test_labels_stay_in_the_picture_and_clear_of_each_other(placed, columns, rows):
    marks = [
        OutcomeMark(box, "FP", "truck .47", focused=not i) for i, (box, _) in enumerate(placed)
    ]
    taken = set()
    for chip in place_chips(marks, (0.0, 0.0, 2000.0, 2000.0), columns, rows):
        cells = {(x, chip.y) for x in range(chip.x, chip.x + len(chip.text))}
        assert all(0 <= x < columns and 0 <= y < rows for x, y in cells)
        assert not cells & taken
        taken |= {(x + by, y) for x, y in cells for by in (-1, 0, 1)}  # a cell between two


def test_labels_that_would_touch_move_apart():
    near = OutcomeMark((10, 20, 20, 20), "FN", dimmed=True)
    focused = OutcomeMark((15, 52, 10, 10), "TP", "nut .51", focused=True)
    beside = OutcomeMark((0, 40, 15, 12), "FN", dimmed=True)
    chips = place_chips((near, focused, beside), WHOLE, 50, 25)
    assert len(chips) == 3
    for first, second in itertools.combinations(chips, 2):
        if first.y == second.y:
            left, right = sorted((first, second), key=lambda chip: chip.x)
            assert left.x + len(left.text) < right.x


def test_a_label_says_tag_class_and_confidence():
    (chip,) = place_chips([OutcomeMark((20, 50, 40, 20), "FP", "truck .47")], WHOLE, 40, 20)
    assert chip.text == " FP truck .47 "
    assert chip.y == 9  # above the box


def row(tag, confidence=nan, prediction=-1, truth=-1, box=(10.0, 10.0, 20.0, 20.0), partner=None):
    return DetailRow(tag, 0, confidence, nan, box, "why", partner, 1, prediction, truth)


ROWS = (
    row("FP", 0.47, prediction=0, truth=7, partner=(12.0, 12.0, 20.0, 20.0)),
    row("FN", truth=7),
    row("below", 0.21, prediction=1),
)


def test_below_the_threshold_a_box_is_drawn_only_in_focus():
    shown = BoxList(ROWS, ("car", "truck"), 0.35)
    tags = [mark.tag for mark in image_marks(shown, "truth and predictions", None)]
    assert tags == ["FP", "FN"]
    marks = image_marks(shown, "truth and predictions", 2)
    assert [(m.tag, m.focused) for m in marks] == [("FP", False), ("FN", False), ("below", True)]
    assert [m.tag for m in image_marks(shown, "truth", None)] == ["FN"]
    assert [m.tag for m in image_marks(shown, "predictions", None)] == ["FP"]
    assert image_marks(shown, "none", None) == ()


def test_the_list_has_numbers_dashes_and_partners():
    shown = BoxList(ROWS, ("car", "truck"), 0.35)
    plain = Style()
    lines = [box_line(shown, i, 44, plain, plain, i == 0).text.split() for i in range(3)]
    assert lines[0] == ["▸", "1", "FP", "car", ".470", DASH, f"20{CROSS}20", "2"]
    assert lines[1] == ["2", "FN", "car", DASH, DASH, f"20{CROSS}20", "1"]
    assert lines[2] == ["3", DASH, "car", ".210", DASH, f"20{CROSS}20", DASH]
    assert partner_row(ROWS, 2) is None


@pytest.mark.parametrize("count", [3, 99, 102, 1002])
def test_class_names_of_the_list_stand_alike_at_every_number(count):
    shown, plain = BoxList((ROWS * count)[:count], ("car", "truck"), 0.35), Style()
    lines = [box_line(shown, i, 60, plain, plain, False).text for i in (0, 1, count - 2, count - 1)]
    names = {re.search("car|truck", line).start() for line in lines}
    assert names == {heading(shown, 0, 60, plain).text.index("class")}


@pytest.mark.parametrize(
    ("dataset_size", "shown"), [((0, 0), (20, 60)), ((20, 60), (20, 60)), ((60, 20), (60, 20))]
)
def test_an_image_is_turned_if_the_dataset_sees_it_so(tmp_path: Path, dataset_size, shown):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 20)).save(tmp_path / "a.jpg", exif=exif)
    images = DecodedImages(1 << 20)
    assert images.size(tmp_path / "a.jpg", dataset_size) == shown
    assert images.open(tmp_path / "a.jpg", 1.0, dataset_size).pixels.size == shown


def test_a_file_that_cannot_be_shown_says_why(tmp_path: Path):
    (tmp_path / "words.jpg").write_text("words")
    Image.effect_noise((64, 64), 50).save(tmp_path / "cut.png")
    whole = (tmp_path / "cut.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    for name, reason in (("none.jpg", "no such"), ("words.jpg", "not an"), ("cut.png", "dam")):
        with pytest.raises(UnreadableImage, match=reason):
            DecodedImages(1 << 20).open(tmp_path / name, 1.0)


def test_a_large_jpeg_is_decoded_small_where_that_is_enough(tmp_path: Path):
    Image.new("RGB", (1600, 1200)).save(tmp_path / "a.jpg")
    images = DecodedImages(64 << 20)
    small = images.open(tmp_path / "a.jpg", 0.2)
    assert small.pixels.size == (400, 300)
    assert small.size == (1600, 1200)
    assert images.open(tmp_path / "a.jpg", 0.2) is small
    assert images.open(tmp_path / "a.jpg", 1.0).pixels.size == (1600, 1200)


@pytest.mark.parametrize(("enough", "whole"), [((801, 605), True), ((200, 151), False)])
def test_what_is_decoded_for_the_model_is_kept_with_the_detail_it_has(tmp_path, enough, whole):
    path, images = tmp_path / "a.jpg", DecodedImages(64 << 20)
    Image.effect_noise((801, 605), 90).convert("RGB").save(path)
    decoded = images.read(path, UNKNOWN_SIZE, enough=lambda _: enough, gray=False)
    assert images.open(path, 0.25) is decoded
    assert (images.open(path, 1.0) is decoded) == whole
    images.read(path, UNKNOWN_SIZE, gray=True)
    assert images.open(path, 1.0).pixels.mode == "RGB"


def test_decoded_images_are_kept_up_to_so_many_bytes(tmp_path: Path):
    images = DecodedImages(bytes_at_most=2 * 30 * 30 * 3)
    for number in range(3):
        Image.new("RGB", (30, 30)).save(tmp_path / f"{number}.png")
    first = images.open(tmp_path / "0.png", 1)
    assert images.open(tmp_path / "0.png", 1) is first
    images.open(tmp_path / "1.png", 1)
    images.open(tmp_path / "2.png", 1)
    assert images.bytes == 2 * 30 * 30 * 3
    assert images.open(tmp_path / "0.png", 1) is not first


def test_sixel_defines_its_colours_before_it_uses_them():
    image = Image.effect_noise((40, 40), 90).quantize(16)
    written = sixel.encode(image)
    last_definition = written.rindex(";2;")
    assert written.startswith("\x1bP")
    assert written.endswith("\x1b\\")
    assert "-" not in written[:last_definition]  # no line of pixels before


def test_a_strip_is_written_sharp_when_whole_and_in_characters_when_covered(tmp_path: Path):
    halves = np.zeros((40, 40, 3), np.uint8)
    halves[::8, :, 0] = halves[1::8, :, 0] = halves[2::8, :, 0] = halves[3::8, :, 0] = 200
    Image.fromarray(halves).save(tmp_path / "a.png")
    area = Area(20, 5, Graphics(), ColorSystem.TRUECOLOR, Style())
    seen = sketch(Subject(tmp_path / "a.png"), area, DecodedImages(1 << 20))
    assert (seen.columns, seen.rows) == (10, 5)
    strip = cell_strips(seen, area)[2]
    console = Console()
    assert strip.cell_length == 20
    assert strip.text == " " * 5 + "▀" * 10 + " " * 5
    left = strip.divide([8, 20])[0]
    assert left.text == " " * 5 + "▀▀▀"
    assert "\x1b[" in left.render(console)
    assert strip.crop(0, 8).render(console) == " " * 5 + "\x1b[38;5;196;48;5;16m▀▀▀\x1b[0m"
