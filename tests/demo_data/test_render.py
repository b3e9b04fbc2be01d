import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from demo_data.make.parts import CLASSES
from demo_data.make.scenes import HEIGHT, WIDTH, scene

FOLDER = Path(__file__).parents[2] / "demo_data" / "detection"
SHIPPED_SEED = 2
CROWDED_IMAGE = 0  # thirteen parts, one partly hidden and some cut off by the frame


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


def boxes_of(truth: dict[str, Any], image_id: int) -> list[list[int]]:
    return [entry["bbox"] for entry in truth["annotations"] if entry["image_id"] == image_id]


def test_a_shipped_image_is_rendered_again_with_the_same_boxes(truth: dict[str, Any]) -> None:
    entry = truth["images"][CROWDED_IMAGE]
    again = scene(SHIPPED_SEED, CROWDED_IMAGE)
    boxes = [
        [left, top, right - left, bottom - top]
        for left, top, right, bottom in (part.box for part in again.parts)
    ]
    assert len(boxes) == 13
    np.testing.assert_allclose(boxes, boxes_of(truth, entry["id"]), atol=2)
    assert [entry["background"], entry["light"], entry["blur"]] == [
        again.background,
        again.light,
        again.blur,
    ]


def test_a_shipped_image_looks_like_the_scene_rendered_again() -> None:
    again = np.asarray(scene(SHIPPED_SEED, CROWDED_IMAGE).image, np.float32)
    with Image.open(FOLDER / "images" / f"{CROWDED_IMAGE:04d}.jpg") as shipped:
        difference = np.abs(np.asarray(shipped, np.float32) - again)
    assert difference.mean() < 10  # noise that JPEG drops, and versions of Pillow


def test_a_scene_depends_on_nothing_but_its_seed_and_number() -> None:
    once, again, another = scene(2, 1), scene(2, 1), scene(3, 1)
    assert once.parts == again.parts
    assert once.image.tobytes() == again.image.tobytes()
    assert once.image.tobytes() != another.image.tobytes()


def test_each_image_of_the_truth_is_a_file_of_the_stated_size(truth: dict[str, Any]) -> None:
    for entry in truth["images"]:
        with Image.open(FOLDER / "images" / entry["file_name"]) as image:
            assert image.size == (entry["width"], entry["height"]) == (WIDTH, HEIGHT)
    assert len(list((FOLDER / "images").iterdir())) == len(truth["images"])


def test_ids_are_unique_and_refer_to_something(truth: dict[str, Any]) -> None:
    for section in ("images", "annotations", "categories"):
        ids = Counter(entry["id"] for entry in truth[section])
        assert max(ids.values()) == 1, section
    assert {entry["image_id"] for entry in truth["annotations"]} <= {
        entry["id"] for entry in truth["images"]
    }
    assert [category["name"] for category in truth["categories"]] == list(CLASSES)
    assert {entry["category_id"] for entry in truth["annotations"]} == {
        category["id"] for category in truth["categories"]
    }


def test_every_box_lies_inside_its_image_and_is_not_empty(truth: dict[str, Any]) -> None:
    left, top, width, height = np.array([entry["bbox"] for entry in truth["annotations"]]).T
    assert min(left.min(), top.min()) >= 0
    assert min(width.min(), height.min()) > 0
    assert (left + width).max() <= WIDTH
    assert (top + height).max() <= HEIGHT
    assert [entry["area"] for entry in truth["annotations"]] == (width * height).tolist()


def test_some_images_are_empty(truth: dict[str, Any]) -> None:
    shown = {entry["image_id"] for entry in truth["annotations"]}
    assert 0 < len(truth["images"]) - len(shown) < 20
