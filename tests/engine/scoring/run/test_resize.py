from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.images.pixels import UnreadableImage
from engine.scoring.card import InputCard
from engine.scoring.run.resize import fit, fit_of, place

SIDES = st.integers(1, 5000)
CARD = InputCard(size=(64, 96), scale=1.0)


@given(
    st.tuples(SIDES, SIDES),
    st.tuples(st.integers(32, 1280), st.integers(32, 1280)),
    st.sampled_from(["letterbox", "letterbox-topleft", "stretch"]),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_a_box_into_the_input_and_back_is_the_same_box(image, into, resize, share):
    left, right = sorted(part * image[0] for part in share[:2])
    top, bottom = sorted(part * image[1] for part in share[2:])
    box = np.array([[left, top, right - left, bottom - top]])
    where = fit(image, into, resize)
    assert np.abs(where.boxes(where.corners(box)) - box).max() < 1e-6


@given(st.tuples(SIDES, SIDES), st.tuples(st.integers(32, 1280), st.integers(32, 1280)))
def test_the_resized_image_lies_inside_the_input(image, into):
    for resize in ("letterbox", "letterbox-topleft", "stretch"):
        where = fit(image, into, resize)
        assert where.offset[0] + where.resized[0] <= into[1]
        assert where.offset[1] + where.resized[1] <= into[0]
        assert min(*where.offset, *where.resized) >= 0


def test_letterbox_rounds_as_ultralytics_does():
    # 500 x 333 in 640: 426.24 -> 426 rows, 214 left over: 107 above.
    assert fit((500, 333), (640, 640), "letterbox").offset == (0, 107)
    # 427 rows leave 213 over: 106.5 - 0.1 rounds to 106, the odd row goes below.
    where = fit((640, 427), (640, 640), "letterbox")
    assert where.resized == (640, 427)
    assert where.offset == (0, 106)


def test_a_box_is_taken_back_by_what_each_side_was_rounded_to():
    # 100 x 33 in 64: 21.12 rows become 21, so an image pixel is 21 / 33 of a row.
    where = fit((100, 33), (64, 64), "letterbox")
    assert where.resized == (64, 21)
    assert where.boxes(np.array([[0.0, 21, 64, 42]])) == pytest.approx(np.array([[0, 0, 100, 33]]))


@given(st.tuples(SIDES, SIDES), st.integers(1, 40))
def test_a_rectangle_is_no_larger_than_its_square_and_holds_the_image(image, cells):
    longest = 32 * cells
    card = InputCard(resize="letterbox-rectangle", longest=longest, multiple=32)
    where = fit_of(image, card)
    assert max(where.into) <= longest
    assert all(side % 32 == 0 for side in where.into)
    for offset, inner, outer in zip(where.offset, where.resized, where.into, strict=True):
        assert 0 <= outer - inner < 32
        assert 0 <= offset <= outer - inner


def test_a_crop_takes_half_a_pixel_down_or_to_even():
    even, down = (fit((67, 64), (64, 64), "shortest-crop", 1.0, way) for way in ("even", "down"))
    assert (even.offset, down.offset) == ((-2, 0), (-1, 0))
    stretched = fit((200, 50), (56, 56), "stretch-crop", 56 / 64)
    assert (stretched.resized, stretched.offset) == ((64, 64), (-4, -4))


def test_yolox_cuts_the_fraction_of_a_pixel_off():
    assert fit((500, 375), (415, 415), "letterbox-topleft").resized == (415, 311)
    assert fit((500, 375), (415, 415), "letterbox-topleft").offset == (0, 0)


def test_boxes_are_cut_at_the_edges_of_the_image():
    where = fit((100, 50), (200, 200), "letterbox")
    assert where.boxes(np.array([[-40.0, 0, 400, 400]])).tolist() == [[0, 0, 100, 50]]


@pytest.fixture
def orange(tmp_path):
    path = tmp_path / "orange.png"
    Image.new("RGB", (48, 64), (250, 120, 10)).save(path)
    return path


def placed(path, card, dtype=np.float32):
    shape = (3, *card.size) if card.layout == "NCHW" else (*card.size, 3)
    slot = np.full(shape, 7, dtype)
    return place(path, (0, 0), card, slot), slot


def test_the_input_holds_the_image_and_the_padding(orange):
    result, slot = placed(orange, CARD)
    assert result.fit.offset == (24, 0)
    assert (slot[:, :, :24] == 114).all()
    assert (slot[:, :, 72:] == 114).all()
    assert slot[:, 32, 48].tolist() == [250, 120, 10]


def test_bgr_scale_mean_and_std_come_in_the_order_of_the_channels(orange):
    card = replace(CARD, color="BGR", scale=0.1, mean=(1.0, 2.0, 5.0), std=(1.0, 2.0, 4.0))
    _, slot = placed(orange, card)
    assert slot[:, 32, 48] == pytest.approx([0, 5, 5], abs=1e-5)
    assert slot[:, 0, 0] == pytest.approx([10.4, 4.7, 1.6], abs=1e-5)


def test_channels_last_and_raw_bytes(orange):
    _, slot = placed(orange, replace(CARD, layout="NHWC", resize="stretch"), np.uint8)
    assert (slot == [250, 120, 10]).all()


def test_halves_are_rounded_once_from_what_floats_hold(tmp_path):
    path = tmp_path / "noise.png"
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    Image.fromarray(noise).save(path)
    card = replace(CARD, scale=1 / 255, mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    _, halves = placed(path, card, np.float16)
    _, floats = placed(path, card)
    apart = np.abs(halves.view(np.int16).astype(int) - floats.astype(np.float16).view(np.int16))
    assert apart.max() <= 1  # floats round after each step themselves
    assert (apart == 0).mean() > 0.99


@pytest.mark.parametrize("antialias", [True, False])
def test_without_antialias_the_skipped_pixels_do_not_count(tmp_path, antialias):
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::4] = 255
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    card = InputCard(size=(16, 16), scale=1.0, antialias=antialias)
    _, slot = placed(tmp_path / "stripes.png", card)
    inside = slot[:, 4:-4, 4:-4]
    # Between the second and third of four columns lies no stripe.
    assert inside.mean() == pytest.approx(64 if antialias else 0, abs=2)


def test_a_big_jpeg_may_be_decoded_small_and_keeps_its_size(tmp_path):
    Image.new("RGB", (1600, 1200), (0, 200, 0)).save(tmp_path / "big.jpg")
    result, slot = placed(tmp_path / "big.jpg", replace(CARD, draft=True))
    assert result.fit.image == (1600, 1200)
    assert slot[:, 32, 48] == pytest.approx([0, 200, 0], abs=3)


def test_jpegs_are_decoded_whole_unless_the_card_asks_for_less(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (256, 384, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.jpg")
    whole = replace(CARD, resize="stretch")
    expected = Image.open(tmp_path / "noise.jpg").resize((96, 64), Image.Resampling.BILINEAR)
    _, slot = placed(tmp_path / "noise.jpg", whole)
    assert np.array_equal(slot.transpose(1, 2, 0), np.asarray(expected))
    _, small = placed(tmp_path / "noise.jpg", replace(whole, draft=True))
    assert not np.array_equal(small, slot)
    assert np.abs(small - slot).mean() < 15
    # Nothing changes for an image that is less than twice as large.
    less = replace(whole, size=(140, 200))
    slots = [
        placed(tmp_path / "noise.jpg", replace(less, draft=draft))[1] for draft in (True, False)
    ]
    assert np.array_equal(*slots)


def test_a_file_without_an_image_leaves_a_reason(tmp_path):
    with pytest.raises(UnreadableImage, match="no such file"):
        placed(tmp_path / "none.jpg", CARD)
