import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.images.pixels import UnreadableImage
from engine.scoring.run import calls
from engine.scoring.run.runner import predictions, score
from tests.engine.scoring.making import ANSWER, NAMES, faked, images_of


def test_progress_counts_up_to_the_last_image(scorer, photos, store):
    images = photos(*[(40, 30)] * 9)
    steps = list(score(scorer, images, store))
    assert [step.done for step in steps] == [0, 4, 8, 9]
    assert math.isnan(steps[0].seconds_left)
    assert steps[-1].seconds_left == 0
    assert steps[-1].images_per_second > 0
    assert {(step.total, step.failed, step.from_store) for step in steps} == {(9, 0, 0)}


def test_a_second_run_asks_the_model_nothing(scorer, photos, store):
    images = photos(*[(40, 30)] * 9)
    faked_scorer, calls = faked(scorer)
    list(score(faked_scorer, images, store))
    assert sum(calls) == 9
    (step,) = score(faked_scorer, images, store)
    assert (step.done, step.from_store, step.seconds_left) == (9, 9, 0)
    assert sum(calls) == 9
    Image.new("RGB", (50, 50)).save(images.path[3])
    list(score(faked_scorer, images, store))
    assert sum(calls) == 10


def test_images_that_fail_are_named_and_the_others_scored(scorer, photos, store, tmp_path):
    good = photos((40, 30), (40, 30)).path
    (tmp_path / "letter.jpg").write_text("dear reader")
    removed = tmp_path / "removed.jpg"
    images = images_of([good[0], None, tmp_path / "letter.jpg", removed, good[1]])
    *_, last = score(scorer, images, store)
    assert (last.done, last.total, last.failed) == (5, 5, 3)
    result = predictions(scorer, images, store, NAMES)
    assert result.failures == (
        (1, "no such file"),
        (2, "not an image that Pillow knows"),
        (3, "no such file"),
    )
    assert sorted(set(result.predictions.image.tolist())) == [0, 4]
    *_, again = score(scorer, images, store)
    assert (again.done, again.failed, again.from_store) == (5, 3, 3)


def test_a_failure_that_may_pass_is_tried_again(scorer, photos, store, monkeypatch):
    images = photos((40, 30))

    def out_of_memory(*_):
        raise UnreadableImage("does not fit into memory", may_pass=True)

    with monkeypatch.context() as patch:
        patch.setattr(calls, "place", out_of_memory)
        *_, last = score(scorer, images, store)
    assert last.failed == 1
    assert predictions(scorer, images, store, NAMES).failures == ((0, "does not fit into memory"),)
    *_, last = score(scorer, images, store)
    assert (last.failed, last.from_store) == (0, 0)
    assert len(predictions(scorer, images, store, NAMES).predictions) == 2


def test_a_batch_of_nothing_but_broken_images_does_not_reach_the_model(scorer, store, tmp_path):
    paths = [tmp_path / f"{index}.jpg" for index in range(6)]
    for path in paths:
        path.write_text("dear reader")
    faked_scorer, calls = faked(scorer)
    *_, last = score(faked_scorer, images_of(paths), store)
    assert (last.failed, calls) == (6, [])


def test_an_image_listed_twice_is_scored_once_and_found_twice(scorer, photos, store):
    (path,) = photos((40, 30)).path
    images = images_of([path, path])
    faked_scorer, calls = faked(scorer)
    *_, last = score(faked_scorer, images, store)
    assert (last.done, sum(calls)) == (2, 1)
    result = predictions(faked_scorer, images, store, NAMES)
    assert result.predictions.image.tolist() == [0, 0, 1, 1]


def test_predictions_come_in_the_order_of_the_images_best_first(scorer, photos, store):
    images = photos((64, 64), (128, 128), (32, 32))
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, NAMES).predictions
    assert found.image.tolist() == [0, 0, 1, 1, 2, 2]
    assert found.confidence == pytest.approx([0.9, 0.3] * 3)
    backwards = images_of(images.path[::-1])
    turned = predictions(scorer, backwards, store, NAMES).predictions
    assert np.array_equal(turned.box[:2], found.box[4:])


def test_classes_are_mapped_and_the_others_counted(scorer, photos, store):
    images = photos((64, 64), (64, 64))
    list(score(scorer, images, store))
    result = predictions(scorer, images, store, ["screw", "Bolt"])
    assert result.predictions.class_.tolist() == [1, 1]
    assert result.warnings == (
        "1 of the dataset's 2 classes are classes of the model; it cannot find screw; "
        "1 of its 2 classes are not in the dataset (nut). "
        "Matched without regard to case and spaces: 'bolt' is 'Bolt'.",
        "2 predictions of classes not in the dataset are left out.",
    )
    assert predictions(scorer, images, store, NAMES).warnings == ()


def test_images_of_another_size_than_the_dataset_says_are_counted(scorer, photos, store):
    paths = photos((64, 64), (64, 64)).path
    images = images_of(paths, [(64, 64), (640, 640)])
    list(score(scorer, images, store))
    (warning,) = predictions(scorer, images, store, NAMES).warnings
    assert warning.startswith("1 images are not of the size that the dataset gives")


def test_what_had_to_be_decided_of_images_is_told_again_from_the_store(scorer, store, tmp_path):
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    Image.new("RGBA", (40, 30), (0, 0, 0, 9)).save(tmp_path / "clear.png")
    images = images_of([tmp_path / "moving.gif", tmp_path / "clear.png"])
    list(score(scorer, images, store))
    for _ in range(2):
        assert predictions(scorer, images, store, NAMES).warnings == (
            "1 of 2 images have several frames: only the first is used.",
            "1 of 2 images are transparent in places: the colors underneath are used, "
            "as trainers do.",
        )


def test_buffers_do_not_grow_with_the_number_of_images(scorer, photos, store):
    images = photos(*[(40, 30)] * 60)
    seen = set()

    def detector(batch):
        seen.add(batch.__array_interface__["data"][0])
        return (np.repeat(ANSWER[None].astype(np.float32), len(batch), axis=0),)

    list(score(replace(scorer, detector=detector), images, store))
    assert len(seen) <= 4 * 4


def test_a_function_is_enough_of_a_model(scorer, photos, store):
    faked_scorer, calls = faked(scorer)
    list(score(faked_scorer, photos((64, 64)), store))
    found = predictions(faked_scorer, images_of([Path("nowhere.jpg")]), store, NAMES)
    assert calls == [1]
    assert len(found.predictions) == 0
