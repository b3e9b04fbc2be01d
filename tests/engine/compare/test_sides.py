"""Two openings of one ground truth: what is common, what is left out, what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.compare.comparison import compared
from engine.compare.points import saved_notes, side_point
from engine.compare.sides import CompareInputs, Sides, opening_beside, opening_sides
from engine.compare.status import ObjectStatus
from engine.core.errors import DataError
from engine.core.goals import GOALS
from engine.opening import Inputs, Opened, Stage, opening
from engine.report.reporting import reported

DEMO = Path(__file__).resolve().parents[3] / "demo_data"
MODEL, IMAGES = DEMO / "detection" / "model.onnx", DEMO / "detection" / "images"
NAMES = ("bolt", "nut")


def sides(inputs: CompareInputs) -> Sides:
    *_, last = opening_sides(inputs)
    assert isinstance(last, Sides)
    return last


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Four images of two classes, with an object of each."""
    truth = {
        "images": [{"id": i, "file_name": f"{i}.jpg", "width": 9, "height": 9} for i in range(4)],
        "categories": [{"id": c, "name": name} for c, name in enumerate(NAMES)],
        "annotations": [
            {"id": 10 + 2 * i + c, "image_id": i, "category_id": c, "bbox": [4 * c, 0, 4, 4]}
            | {"area": 16, "iscrowd": 0}
            for i in range(4)
            for c in range(2)
        ],
    }
    path = tmp_path / "truth.json"
    path.write_text(json.dumps(truth))
    return path


def results(folder: Path, rows: list[tuple[int, int, float]], name: str = "a.json") -> Path:
    """Boxes on the objects: image, class, score."""
    folder.mkdir(exist_ok=True)
    told = [
        {"image_id": i, "category_id": c, "bbox": [4 * c, 0, 4, 4], "score": s} for i, c, s in rows
    ]
    path = folder / name
    path.write_text(json.dumps(told))
    return path


EVERY = [(i, c, 0.9 - i / 10) for i in range(4) for c in range(2)]


def test_both_are_assessed_on_one_and_the_same_ground_truth(data, tmp_path):
    a = results(tmp_path / "old", EVERY)
    b = results(tmp_path / "new", EVERY[:-1])
    events = [*opening_sides(CompareInputs(a, b, Inputs(data)))]
    made = events[-1]
    assert isinstance(made, Sides)
    assert made.a.assessment.dataset is made.b.assessment.dataset
    assert (made.a.name, made.b.name) == ("old/a.json", "new/a.json")
    assert (made.images, made.left_out.images, made.same, made.warnings) == (4, 0, False, ())
    read = [each.words for each in events if isinstance(each, Stage)]
    assert read == ["Reading truth.json", "Reading a.json", "Reading a.json"]
    assert made.swapped().a is made.b


def test_a_side_that_is_open_is_not_opened_again(data, tmp_path):
    a, b = results(tmp_path, EVERY), results(tmp_path, EVERY[:-1], "b.json")
    *_, opened = opening(Inputs(data, predictions=a))
    assert isinstance(opened, Opened)
    *_, made = opening_beside(opened, b)
    assert isinstance(made, Sides)
    assert made.a.assessment is opened.assessment
    assert (made.a.name, made.b.name) == ("a.json", "b.json")


def test_the_same_file_twice_is_said_and_changes_nothing(data, tmp_path):
    a = results(tmp_path, EVERY)
    (tmp_path / "link.json").symlink_to(a)
    made = sides(CompareInputs(a, tmp_path / "link.json", Inputs(data)))
    assert made.same
    assert "the same file" in made.warnings[0]
    point = side_point(made.a, 0.5, "class-first", GOALS[0], None)
    assert compared(made, point, point).objects.count(ObjectStatus.BOTH_RIGHT) == 8


def test_a_copy_of_a_file_is_said_to_hold_the_same(data, tmp_path):
    a, b = results(tmp_path, EVERY), results(tmp_path, EVERY, "b.json")
    made = sides(CompareInputs(a, b, Inputs(data)))
    assert not made.same
    assert made.warnings == ("a.json and b.json hold the very same predictions: nothing differs.",)


def test_predictions_for_other_images_are_refused(data, tmp_path):
    a, b = results(tmp_path, EVERY[:4]), results(tmp_path, EVERY[4:], "b.json")
    with pytest.raises(DataError, match=r"a\.json and b\.json have no image in common"):
        sides(CompareInputs(a, b, Inputs(data)))


def test_predictions_of_other_classes_are_refused(data, tmp_path):
    a, b = results(tmp_path, EVERY[::2]), results(tmp_path, EVERY[1::2], "b.json")
    with pytest.raises(DataError, match=r"no class in common \(a\.json has bolt, b\.json has nut"):
        sides(CompareInputs(a, b, Inputs(data)))


def test_what_one_side_never_predicts_is_said(data, tmp_path):
    a, b = results(tmp_path, EVERY), results(tmp_path, EVERY[:1], "b.json")
    made = sides(CompareInputs(a, b, Inputs(data)))
    assert made.warnings == (
        "b.json never predicts 1 class that a.json does: nut.",
        "b.json has predictions in 1 image, a.json in 4: an image without any counts as one where "
        "nothing was found.",
    )
    nothing = results(tmp_path, [], "c.json")
    assert sides(CompareInputs(nothing, nothing, Inputs(data))).notices == (
        "A and B are the same file (c.json): nothing can differ.",
        "c.json has no prediction at all for these images.",
    )
    empty = sides(CompareInputs(a, results(tmp_path, [], "c.json"), Inputs(data)))
    assert empty.warnings == (
        "c.json has no prediction at all for these images.",
        "c.json holds no prediction: nothing was found in any image",
    )


def part_of_demo(place: Path, images: slice) -> dict:
    """Ground truth with some images of the demo, which is written there."""
    truth = json.loads((DEMO / "detection" / "truth.json").read_text())
    kept = truth["images"][images]
    ids = {each["id"] for each in kept}
    shown = [each for each in truth["annotations"] if each["image_id"] in ids]
    truth |= {"images": kept, "annotations": shown}
    place.write_text(json.dumps(truth))
    return truth


def test_images_that_a_model_could_not_be_run_on_are_left_out_on_both_sides(tmp_path):
    data = tmp_path / "truth.json"
    truth = part_of_demo(data, slice(0, 5))
    kept, shown = truth["images"], truth["annotations"]
    folder = tmp_path / "images"
    folder.mkdir()
    for image in kept[1:]:
        (folder / image["file_name"]).symlink_to(IMAGES / image["file_name"])
    boxes = [
        {"image_id": each["image_id"], "category_id": each["category_id"], "bbox": each["bbox"]}
        for each in shown
    ]
    a = tmp_path / "perfect.json"
    a.write_text(json.dumps([each | {"score": 0.8} for each in boxes]))
    common = Inputs(data, images=folder, provider="cpu", store=tmp_path / "store")
    made = sides(CompareInputs(a, MODEL, common))
    assert made.a.assessment.dataset is made.b.assessment.dataset
    assert (made.images, made.left_out.images, made.left_out.of) == (4, 1, 5)
    assert made.warnings[0] == (
        "1 of 5 images left out on both sides (model.onnx could not be run on 1): "
        f"{kept[0]['file_name']}."
    )
    part_of_demo(data, slice(1, 5))
    a.write_text(json.dumps([e | {"score": 0.8} for e in boxes if e["image_id"] != kept[0]["id"]]))
    for side, inputs in (
        (made.a, replace(common, predictions=a)),
        (made.b, replace(common, model=MODEL)),
    ):
        *_, alone = opening(inputs)
        assert isinstance(alone, Opened)
        expected = reported(alone, 0.5, 0.4, with_intervals=False).values()
        ours = reported(
            replace(side.opened, assessment=side.assessment), 0.5, 0.4, with_intervals=False
        ).values()
        for name in ("coco", "per_class", "matrix", "ground_truths", "predictions"):
            assert ours[name] == expected[name]


def test_classifiers_are_compared_on_the_images_that_both_answered(tmp_path):
    data = tmp_path / "labels.csv"
    data.write_text("image,class\n" + "".join(f"{i}.jpg,{NAMES[i % 2]}\n" for i in range(4)))
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    a.write_text("image,bolt,nut\n" + "".join(f"{i}.jpg,.9,.1\n" for i in range(3)))
    b.write_text("image,nut,gear,bolt\n" + "".join(f"{i}.jpg,.1,.6,.3\n" for i in (3, 2, 1)))
    made = sides(CompareInputs(a, b, Inputs(data)))
    assert made.classes == ("bolt", "nut", "gear")
    assert made.a.assessment.dataset is made.b.assessment.dataset
    assert made.left_out.images == 2
    assert made.warnings[0] == (
        "2 of 4 images left out on both sides (a.csv has no answer for 1 and b.csv has no answer "
        "for 1): 0.jpg, 3.jpg."
    )
    points = [side_point(each, 0.5, "class-first", GOALS[0], None) for each in (made.a, made.b)]
    assert [point.source for point in points] == ["top-1", "top-1"]
    comparison = compared(made, *points)
    assert comparison.objects.status.tolist() == [ObjectStatus.BOTH_WRONG, ObjectStatus.BROKEN]
    assert np.array_equal(comparison.delta[:3, :3], [[-1, 0, 1], [-1, 0, 1], [0, 0, 0]])


def test_two_tasks_are_refused(data, tmp_path):
    a = results(tmp_path, EVERY)
    model = DEMO / "classification" / "model.onnx"
    with pytest.raises(DataError, match=r"model\.onnx is a classifier, but this ground truth has"):
        sides(CompareInputs(a, model, Inputs(data)))


def test_the_point_of_each_side_is_its_own_or_one_for_both(data, tmp_path):
    a = results(tmp_path, EVERY)
    b = results(tmp_path, [(i, c, s / 2) for i, c, s in EVERY], "b.json")
    made = sides(CompareInputs(a, b, Inputs(data)))
    at = [side_point(each, 0.5, "class-first", GOALS[0], None) for each in (made.a, made.b)]
    assert [point.source for point in at] == ["optimal", "optimal"]
    assert [point.point.confidence for point in at] == pytest.approx([0.6, 0.3])
    given = side_point(made.b, 0.5, "class-first", GOALS[0], 0.4)
    assert (given.source, given.point.confidence) == ("given", 0.4)
    assert compared(made, at[0], given).objects.count(ObjectStatus.BROKEN) == 4
    with pytest.raises(DataError, match="no saved operating point: give --confidence optimal or a"):
        side_point(made.a, 0.5, "class-first", GOALS[0], "saved")
    with pytest.raises(DataError, match="--confidence top-1 is for classifiers"):
        side_point(made.a, 0.5, "class-first", GOALS[0], "top-1")


def test_a_saved_point_is_the_one_in_the_card(tmp_path):
    truth = tmp_path / "truth.json"
    part_of_demo(truth, slice(0, 3))
    cards = []
    for name, point in (("a", "confidence = 0.62\niou = 0.6\n"), ("b", "confidence = 0.31\n")):
        card = tmp_path / f"{name}.card.toml"
        card.write_text(f"[operating_point]\n{point}")
        cards.append(card)
    common = Inputs(truth, images=IMAGES, provider="cpu", store=tmp_path / "store")
    made = sides(CompareInputs(MODEL, MODEL, common, *cards))
    assert not made.same
    assert (made.a.name, made.b.name) == (
        "model.onnx with a.card.toml",
        "model.onnx with b.card.toml",
    )
    points = [side_point(each, 0.5, "class-first", GOALS[0], "saved") for each in (made.a, made.b)]
    assert [(each.source, each.point.confidence) for each in points] == [
        ("saved", 0.62),
        ("saved", 0.31),
    ]
    assert saved_notes(made.a, points[0])[0].endswith(
        "both sides are compared at IoU 0.5 with class-first."
    )
    assert not saved_notes(made.b, points[1])
