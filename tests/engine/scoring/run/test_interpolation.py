"""Pixels are those that OpenCV gives, placed where Ultralytics places them."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.scoring.card import InputCard
from engine.scoring.run.interpolation import linear, linear_in_floats, smooth
from engine.scoring.run.resize import place
from tests.exports.photo import photo, sampled

RECORDED = json.loads((Path(__file__).parents[3] / "exports" / "letterbox.json").read_text())
CASES = {f"{case['resize']} {case['size']} to {case['side']}": case for case in RECORDED["cases"]}
SIDE = st.integers(1, 40)


@pytest.mark.parametrize("name", CASES)
def test_a_picture_lies_in_the_input_as_ultralytics_lays_it_to_the_bit(name, tmp_path):
    case = CASES[name]
    photo().resize(case["size"]).save(tmp_path / "photo.png")
    side, resize = case["side"], case["resize"]
    card = InputCard(size=(side, side), resize=resize, antialias=False, scale=1.0, dtype="float32")
    if resize == "letterbox-rectangle":
        card = replace(card, size=(), longest=side, multiple=32)
    slot = np.empty((3, side, side), np.float32) if card.size else None
    placed = place(tmp_path / "photo.png", (0, 0), card, slot)
    pixels = placed.pixels if slot is None else slot
    assert list(pixels.shape) == case["shape"]
    assert sampled(pixels) == case["values"]
    assert int(pixels.sum(dtype=np.float64)) == case["sum"]


@given(SIDE, SIDE, SIDE, SIDE, st.integers(0, 255))
def test_a_plain_picture_stays_plain(width, height, across, down, gray):
    plain = np.full((height, width, 3), gray, np.uint8)
    assert (linear(plain, (across, down)) == gray).all()
    image = Image.fromarray(plain[..., 0])
    assert (smooth(image, (across, down), Image.Resampling.BICUBIC) == gray).all()


@given(SIDE, SIDE, st.integers(0, 2**32 - 1))
def test_on_average_no_fraction_is_cut_off(width, height, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (64, 64), np.uint8)
    size = (64 + width, 64 + height)
    exact = Image.fromarray(noise).convert("F")
    matrix = (64 / size[0], 0, 0, 0, 64 / size[1], 0)
    for made, resampling in (
        (linear(noise, size), Image.Resampling.BILINEAR),
        (smooth(Image.fromarray(noise), size, Image.Resampling.BICUBIC), Image.Resampling.BICUBIC),
    ):
        wanted = np.asarray(exact.transform(size, Image.Transform.AFFINE, matrix, resampling))
        # Within the rounding of OpenCV's whole numbers.
        assert abs((made - wanted.clip(0, 255)).mean()) < 0.2
        assert np.abs(made - wanted.clip(0, 255)).max() < 1


def test_one_channel_is_that_of_three():
    pixels = np.asarray(photo())
    whole = linear(pixels, (70, 45))
    for channel in range(3):
        assert np.array_equal(whole[..., channel], linear(pixels[..., channel], (70, 45)))


def test_floats_are_resized_as_torch_has_them():
    # torch.nn.functional.interpolate(..., mode="bilinear", align_corners=False, antialias=False)
    pixels = np.array([[0, 10, 50], [100, 110, 255]], np.uint8)
    made = linear_in_floats(pixels, (2, 3))
    assert made == pytest.approx(
        np.array([[2.5, 40.0], [52.5, 129.375], [102.5, 218.75]], np.float32), abs=1e-5
    )


@given(SIDE, SIDE, st.integers(0, 2**32 - 1))
def test_bytes_are_what_floats_would_be_but_for_their_rounding(width, height, seed):
    noise = np.random.default_rng(seed).integers(0, 256, (23, 31), np.uint8)
    exact = linear_in_floats(noise, (width, height))
    assert np.abs(linear(noise, (width, height)) - exact).max() < 1


@pytest.mark.parametrize(("antialias", "dtype"), [(True, "float32"), (False, "float16")])
def test_a_card_may_ask_for_floats(antialias, dtype, tmp_path):
    photo().save(tmp_path / "photo.png")
    card = InputCard(size=(40, 40), resize="stretch", scale=1.0, dtype=dtype, antialias=antialias)
    card = replace(card, interpolation="bilinear-float")
    slot = np.empty((3, 40, 40), dtype)
    place(tmp_path / "photo.png", (0, 0), card, slot)
    rounded = np.empty((3, 40, 40), np.float32)
    place(tmp_path / "photo.png", (0, 0), replace(card, interpolation="bilinear"), rounded)
    assert (slot % 1).any()
    assert np.abs(slot - rounded).max() <= 1
