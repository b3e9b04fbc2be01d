"""The ways of fitting an image that keep no padding, and boxes in every space."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.images.pixels import UnreadableImage
from engine.scoring.card import InputCard
from engine.scoring.model.further import further_inputs
from engine.scoring.run.resize import fit, fit_of, place

SIDES = st.integers(1, 4000)
CARD = InputCard(size=(224, 224), resize="shortest-crop", scale=1.0, dtype="float32")


@given(st.tuples(SIDES, SIDES), st.floats(0.5, 1))
def test_a_crop_fills_the_input_and_keeps_the_middle(image, ratio):
    where = fit(image, (224, 160), "shortest-crop", ratio)
    assert where.resized[0] >= 160
    assert where.resized[1] >= 224
    for offset, outer, inner in zip(where.offset, where.resized, (160, 224), strict=True):
        assert abs(-2 * offset - (outer - inner)) <= 1


def test_the_crop_is_that_of_torchvision():
    # Resize(256): 640 x 480 becomes 341 x 256; CenterCrop(224) begins at 58.5, rounded to 58, 16.
    where = fit_of((640, 480), replace(CARD, crop_ratio=0.875))
    assert (where.resized, where.offset) == ((341, 256), (-58, -16))


def test_only_the_middle_of_a_cropped_image_reaches_the_model(tmp_path):
    stripes = np.zeros((20, 60, 3), np.uint8)
    stripes[:, :20], stripes[:, 20:40], stripes[:, 40:] = 10, 20, 30
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    slot = np.zeros((3, 20, 20), np.float32)
    card = replace(CARD, size=(20, 20), crop_ratio=1.0)
    place(tmp_path / "stripes.png", (0, 0), card, slot)
    assert (slot == 20).all()


def test_the_shorter_side_is_limited_by_the_longer_and_padded_to_a_multiple():
    card = InputCard(resize="shortest-edge", shortest=800, longest=1333, multiple=32)
    # 640 x 480 grows to 1066 x 800, 1000 x 300 to 1333 x 400.
    assert fit_of((640, 480), card).resized == (1066, 800)
    assert fit_of((640, 480), card).into == (1088, 800)
    assert fit_of((1000, 300), card).resized == (1333, 400)


def test_an_image_of_its_own_size_gets_its_own_array(tmp_path):
    Image.new("RGB", (30, 20), (9, 9, 9)).save(tmp_path / "small.png")
    card = InputCard(resize="none", scale=1.0, dtype="uint8", layout="NHWC")
    placed = place(tmp_path / "small.png", (0, 0), card, None)
    assert placed.pixels.shape == (20, 30, 3)
    assert (placed.pixels == 9).all()


def test_an_image_that_may_not_be_resized_must_fit(tmp_path):
    Image.new("RGB", (300, 20)).save(tmp_path / "wide.png")
    with pytest.raises(UnreadableImage, match=r"300 x 20, more than the model's input of 224"):
        place(
            tmp_path / "wide.png",
            (0, 0),
            replace(CARD, resize="none"),
            np.zeros((3, 224, 224), np.float32),
        )


@given(
    st.tuples(SIDES, SIDES),
    st.sampled_from(["letterbox", "letterbox-topleft", "stretch"]),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_a_box_is_the_same_in_every_space(image, resize, share):
    left, right = sorted(part * image[0] for part in share[:2])
    top, bottom = sorted(part * image[1] for part in share[2:])
    box = np.array([[left, top, right - left, bottom - top]])
    edges = np.array([[left, top, right, bottom]])
    where = fit(image, (96, 160), resize)
    inside = where.corners(box)
    for corners, space in (
        (inside, "input"),
        (inside / [160, 96, 160, 96], "normalized"),
        (edges, "original"),
        (edges / np.tile(image, 2), "image"),
    ):
        assert where.boxes(corners, space) == pytest.approx(box, abs=1e-6)


def test_further_inputs_hold_a_row_for_each_image_and_for_those_that_fill_the_batch():
    extra = {"a": "original_wh", "b": "original_hw", "c": "input_wh", "d": "input_hw"}
    card = InputCard(size=(48, 64), extra=extra | {"mask": "ones_mask"})
    original, turned, into, back, mask = further_inputs(card, [fit_of((120, 60), card), None])
    assert original.tolist() == [[120, 60], [64, 48]]
    assert turned.tolist() == [[60, 120], [48, 64]]
    assert into.tolist() == [[64, 48]] * 2
    assert back.tolist() == [[48, 64]] * 2
    assert mask.shape == (2, 48, 64)
    assert mask.min() == 1
