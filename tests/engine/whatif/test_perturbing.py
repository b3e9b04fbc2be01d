import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from engine.whatif.perturbing import LEVELS, NONE, Perturbation

STEPS = [*LEVELS, "turns", "flipped"]
SIZE = (60, 40)


def pixels(image):
    return np.asarray(image)


def noise(size=SIZE, mode="RGB"):
    return Image.effect_noise(size, 80).convert(mode)


perturbations = st.lists(
    st.tuples(st.sampled_from(STEPS), st.sampled_from([-1, 1])), max_size=8
).map(lambda steps: _walked(steps))


def _walked(steps):
    made = NONE
    for name, by in steps:
        made = made.step(name, by)
    return made


@given(perturbations)
def test_the_same_change_gives_the_same_pixels_each_time(made):
    image = noise()
    assert np.array_equal(pixels(made.of(image)), pixels(made.of(image)))


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_each_change_changes_pixels_keeps_the_mode_and_goes_back(name, mode):
    image = noise(mode=mode)
    there = NONE.step(name, -1 if name in ("scale", "brightness", "contrast") else 1)
    changed = there.of(image)
    assert changed.mode == mode
    assert changed.size != image.size or not np.array_equal(pixels(changed), pixels(image))
    assert there.words
    back = there.step(name, 1 if name in ("scale", "brightness", "contrast") else -1)
    assert back == NONE
    assert not back
    assert np.array_equal(pixels(back.of(image)), pixels(image))


def test_a_level_stops_at_its_strongest():
    made = NONE
    for _ in range(20):
        made = made.step("blur")
    assert made.blur == LEVELS["blur"][-1]


@given(perturbations, st.tuples(*[st.integers(0, 5)] * 2), st.tuples(*[st.integers(4, 20)] * 2))
def test_a_box_lies_on_its_object_in_the_changed_scene(made, corner, side):
    """A white rectangle on black: what the changed image shows is where the box says it is."""
    scene = Perturbation(crop=made.crop, turns=made.turns, flipped=made.flipped)
    left, top = corner[0] * 8, corner[1] * 4
    right, bottom = min(left + side[0], SIZE[0]), min(top + side[1], SIZE[1])
    image = Image.new("L", SIZE)
    ImageDraw.Draw(image).rectangle((left, top, right - 1, bottom - 1), fill=255)
    boxes, seen = scene.boxes(np.array([[left, top, right - left, bottom - top]], float), SIZE)
    shown = pixels(scene.of(image)) > 0
    down, across = np.nonzero(shown)
    x, y, width, height = boxes[0]
    assert shown.sum() == width * height
    if len(down):
        assert (across.min(), down.min()) == (x, y)
        assert (across.max() + 1, down.max() + 1) == (x + width, y + height)
    assert bool(seen[0]) == (shown.sum() * 2 >= (right - left) * (bottom - top) and shown.any())


def test_a_scaled_box_is_scaled_as_the_image():
    half = Perturbation(scale=0.5)
    boxes, _ = half.boxes(np.array([[10.0, 20, 8, 4]]), SIZE)
    assert boxes.tolist() == [[5, 10, 4, 2]]
    assert half.of(noise()).size == (30, 20)


def test_an_image_is_not_enlarged_beyond_memory():
    wide = Image.new("L", (40_000, 4_000))
    assert Perturbation(scale=2.0)._scaled(wide.size) == wide.size


def test_the_words_follow_the_order_in_which_a_camera_works():
    made = Perturbation(blur=2, crop=0.8, turns=1, quality=30, noise=10)
    assert made.words == "crop 80 %, turned 90\N{DEGREE SIGN}, blur 2 px, noise 10, JPEG 30"
    assert NONE.words == ""
