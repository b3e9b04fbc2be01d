"""Small pictures of what is around boxes."""

import base64
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engine.core.dataset import Images
from engine.images.cropping import crop_around
from engine.images.drawing import TAG_COLOURS
from engine.report.html.pictures import MOST_BYTES, PictureBox, PictureMaker

GREEN = (20, 120, 60)


def maker(*images: Image.Image, folder, left=9) -> PictureMaker:
    names = tuple(f"{place}.png" for place in range(len(images)))
    for name, image in zip(names, images, strict=True):
        image.save(folder / name)
    size = np.array([image.size for image in images])
    return PictureMaker(Images(names, tuple(folder / name for name in names), size), left)


def pixels(picture) -> np.ndarray:
    image = Image.open(BytesIO(base64.b64decode(picture.data)))
    assert image.size == (picture.width, picture.height)
    return np.asarray(image.convert("RGB")).astype(int)


def near(pixel, colour) -> bool:
    return np.abs(pixel - np.array(colour)).max() < 60


def test_a_box_is_drawn_where_it_is_in_the_image(tmp_path):
    box = (100.0, 80.0, 60.0, 40.0)
    made = maker(Image.new("RGB", (400, 300), GREEN), folder=tmp_path)
    picture = made.crop(0, [PictureBox(box, "FP", "")], "a box")
    left, top, width, height = crop_around(box, (400, 300), 1.8, 4 / 3)
    seen = pixels(picture)
    per = picture.width / width
    assert picture.height == pytest.approx(height * per, abs=1)
    edges = np.array([box[0] - left, box[1] - top, box[0] + box[2] - left, box[1] + box[3] - top])
    west, north, east, south = np.rint(edges * per).astype(int)
    middle, across = (north + south) // 2, (west + east) // 2
    for row, column in ((middle, west), (middle, east - 1), (north, across), (south - 1, across)):
        around = seen[row - 2 : row + 3, column - 2 : column + 3].reshape(-1, 3)
        assert any(near(pixel, TAG_COLOURS["FP"]) for pixel in around), (row, column)
    assert near(seen[middle, across], GREEN)
    assert near(seen[2, 2], GREEN)


def test_a_label_is_on_the_picture_even_where_the_box_ends_it(tmp_path):
    made = maker(Image.new("RGB", (100, 100), GREEN), folder=tmp_path)
    whole = (0.0, 0.0, 100.0, 100.0)
    boxes = [
        PictureBox(whole, "truth", "truth bolt", is_truth=True),
        PictureBox(whole, "FP", "nut"),
    ]
    seen = pixels(made.crop(0, boxes, "both"))
    assert near(np.median(seen[4:16, 6:26].reshape(-1, 3), axis=0), TAG_COLOURS["FP"])
    assert near(np.median(seen[-16:-4, 4:80].reshape(-1, 3), axis=0), TAG_COLOURS["truth"])


def test_two_pictures_around_one_place_show_the_same_part(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    made = maker(Image.fromarray(noise).resize((800, 800)), folder=tmp_path)
    place = (300.0, 300.0, 200.0, 150.0)
    one = made.crop(0, [PictureBox((310, 310, 20, 20), "A", "")], "A", around=place)
    other = made.crop(0, [PictureBox((450, 400, 20, 20), "B", "")], "B", around=place)
    same = np.abs(pixels(one) - pixels(other)).max(axis=2) < 40
    assert 0.8 < same.mean() < 1


def test_a_picture_is_as_small_as_it_has_to_be(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (600, 600, 3)).astype(np.uint8)
    made = maker(Image.fromarray(noise), folder=tmp_path)
    picture = made.crop(0, [PictureBox((0, 0, 600, 600), "FP", "")], "noise")
    assert len(base64.b64decode(picture.data)) <= MOST_BYTES


def test_a_small_image_is_shown_as_large_as_it_is(tmp_path):
    made = maker(Image.new("L", (40, 30), 9), Image.new("RGBA", (900, 300)), folder=tmp_path)
    small, large = made.whole(0, "small"), made.whole(1, "large")
    assert (small.width, small.height) == (40, 30)
    assert (large.width, large.height) == (420, 140)


def test_no_more_are_made_than_may_be(tmp_path):
    made = maker(Image.new("RGB", (40, 30)), folder=tmp_path, left=1)
    assert made.whole(0, "first") is not None
    assert made.whole(0, "second") is None
    assert made.words == ""


def test_what_could_not_be_shown_is_counted_by_reason(tmp_path):
    made = maker(Image.new("RGB", (40, 30)), Image.new("RGB", (40, 30)), folder=tmp_path)
    (tmp_path / "0.png").unlink()
    (tmp_path / "1.png").write_bytes(b"")
    assert made.whole(0, "gone") is None
    assert made.whole(1, "empty") is None
    assert made.left == 9
    assert made.words == (
        "2 images could not be shown (1 is empty, 1 no such file): name their folder with --images."
    )
