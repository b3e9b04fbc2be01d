"""What CVAT and LabelMe draw besides upright boxes."""

import json
import math

import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset
from tests.engine.formats.dialects import pictures, rows_of

IMAGE = '<image id="0" name="000.png" width="100" height="80">{}</image>'
BOX = '<box label="a" xtl="1" ytl="2" xbr="5" ybr="6"/>'
META = "<meta><task><size>4</size><labels><label><name>b</name></label></labels></task>{}</meta>"
SIZE = "<original_size><width>640</width><height>480</height></original_size>"


def cvat(folder, inside):
    (path := folder / "annotations.xml").write_text(f"<annotations>{inside}</annotations>")
    return path


def shape(frame, outside=0, tag="box"):
    return f'<{tag} frame="{frame}" outside="{outside}" xtl="1" ytl="2" xbr="5" ybr="6"/>'


def test_polygons_of_cvat_become_boxes_and_what_has_none_is_counted(tmp_path):
    polygon = '<polygon label="a" points="1,2;9,4;5.5,8"/>'
    other = '<points label="a" points="1,1"/><polyline label="a" points="1,1;2,2"/>'
    dataset = read_dataset(cvat(tmp_path, IMAGE.format(BOX + polygon + other)))
    assert rows_of(dataset) == [(0, "a", 1, 2, 5, 6), (0, "a", 1, 2, 9, 8)]
    assert dataset.warnings == (
        "1 box drawn as points, which has no box (image 000.png, shape 3): left out",
        "1 box drawn as polyline, which has no box (image 000.png, shape 4): left out",
        "1 polygon: the box around each is taken",
    )


def test_a_turned_box_of_cvat_becomes_the_upright_one_around_it(tmp_path):
    turned = '<box label="a" xtl="10" ytl="20" xbr="50" ybr="40" rotation="{}"/>'
    dataset = read_dataset(cvat(tmp_path, IMAGE.format(turned.format(90) + turned.format(-45))))
    half = 30 / math.sqrt(2)
    expected = [(0, "a", 20, 10, 40, 50), (0, "a", 30 - half, 30 - half, 30 + half, 30 + half)]
    assert rows_of(dataset) == sorted(
        (*r[:2], *(round(float(x), 3) for x in r[2:])) for r in expected
    )
    assert "2 turned boxes" in dataset.warnings[0]


def test_tracks_of_a_video_are_boxes_of_its_frames_while_they_are_inside(tmp_path):
    track = f'<track id="0" label="a">{shape(0)}{shape(2)}{shape(3, outside=1)}</track>'
    dataset = read_dataset(cvat(tmp_path, META.format(SIZE) + track))
    assert rows_of(dataset) == [(0, "a", 1, 2, 5, 6), (2, "a", 1, 2, 5, 6)]
    assert len(dataset.images) == 4  # as the task says, frames without boxes among them
    assert dataset.images.size.tolist() == [[640, 480]] * 4
    assert dataset.classes == ("b", "a")


def test_a_frame_that_no_video_has_is_refused_before_it_takes_all_memory(tmp_path):
    track = f'<track id="0" label="a">{shape(999999999999)}</track>'
    with pytest.raises(DataError, match="it names frame 999,999,999,999, which no video has"):
        read_dataset(cvat(tmp_path, track))


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        (
            IMAGE.format(BOX.replace('"2"', '"x"')),
            "image 000.png, shape 1: expected a number in ytl",
        ),
        (IMAGE.format('<polygon label="a" points="1,2;3"/>'), "expected points as 'x,y;x,y'"),
        ("", "it has neither images nor tracks"),
        (IMAGE.format(""), "it lists no labels and has no boxes"),
        ('<image id="4"/>', "image 4: it has no name"),
    ],
)
def test_cvat_that_says_too_little_is_refused_with_its_element(tmp_path, inside, problem):
    with pytest.raises(DataError) as error:
        read_dataset(cvat(tmp_path, inside))
    assert problem in str(error.value)


def labelme(folder, *shapes, **more):
    says = {"imagePath": "000.png", "shapes": shapes, **more}
    (folder / "000.json").write_text(json.dumps(says))
    return folder


def drawn(kind, *points, **more):
    return {"label": "a", "points": points, "shape_type": kind, **more}


def test_shapes_of_labelme_become_boxes_and_lines_are_counted(tmp_path):
    polygon, circle = drawn("polygon", [1, 2], [9, 4], [5, 8]), drawn("circle", [20, 20], [23, 24])
    line = drawn("line", [1, 1], [4, 4])
    unnamed = {**polygon, "label": " "}
    dataset = read_dataset(labelme(tmp_path, polygon, circle, line, unnamed))
    assert rows_of(dataset) == [(0, "a", 1, 2, 9, 8), (0, "a", 15, 15, 25, 25)]
    assert dataset.warnings[-1] == "2 outlines: the box around each is taken"
    assert "1 box drawn as line, which has no box (000.json, shape 3)" in dataset.warnings[0]
    assert "1 box without a label (000.json, shape 4)" in dataset.warnings[1]


def test_labelme_without_a_size_takes_that_of_the_image(tmp_path):
    pictures(tmp_path)
    box = drawn("rectangle", [1, 2], [5, 6], difficult=True)
    dataset = read_dataset(labelme(tmp_path, box, imageWidth=None, imageHeight=None))
    assert dataset.images.size.tolist() == [[100, 80]]
    assert dataset.ground_truths.difficult.tolist() == [True]


def test_labelme_with_a_shape_of_the_wrong_kind_names_it(tmp_path):
    labelme(tmp_path, drawn("rectangle", [1, 2], ["x", 6]))
    with pytest.raises(
        DataError, match=r"000.json: expected LabelMe.*shapes\[0\]\.points\[1\]\[0\]"
    ):
        read_dataset(tmp_path)


def test_an_image_that_was_renamed_with_its_labelme_file_keeps_its_boxes(tmp_path):
    pictures(tmp_path)
    shapes = [{"label": "a", "points": [[1, 2], [5, 6]], "shape_type": "rectangle"}]
    for stem, said in (("000", "001.png"), ("001", "..\\000.png")):
        text = {"shapes": shapes if stem == "000" else [], "imagePath": said}
        (tmp_path / f"{stem}.json").write_text(json.dumps(text))
    dataset = read_dataset(tmp_path)
    assert rows_of(dataset) == [(0, "a", 1, 2, 5, 6)]
    assert dataset.images.size.tolist() == [[100, 80], [64, 64]]
    assert (
        "2 files of annotations name another image (000.json names 001.png)"
        in (dataset.warnings[0])
    )
