"""Tables of boxes: what marks them, and what is wrong with a row."""

import json

import duckdb
import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from tests.engine.formats.dialects import SCENE, box_table, open_images, pictures, rows_of, table

HEAD = ["image", "class", "x1", "y1", "x2", "y2"]
ROW = ["000.png", "bolt", 1, 2, 5, 6]


def test_parquet_gives_what_csv_gives(tmp_path):
    path = box_table(tmp_path / "t", SCENE)
    copy = tmp_path / "t" / "boxes.parquet"
    duckdb.sql(f"COPY (FROM read_csv('{path}')) TO '{copy}' (FORMAT parquet)")
    assert rows_of(read_dataset(copy)) == rows_of(read_dataset(path))


def test_columns_say_crowds_difficult_boxes_and_sizes(tmp_path):
    head = [*HEAD, "iscrowd", "difficult", "width", "height"]
    rows = [[*ROW, 1, 0, 30, 20], [*ROW, 0, 1, 30, 20], [*ROW, "", "", "", ""]]
    dataset = read_dataset(table(tmp_path / "t.csv", [head, *rows]))
    assert dataset.ground_truths.crowd.tolist() == [True, True, False]
    assert dataset.ground_truths.difficult.tolist() == [False, True, False]
    assert dataset.images.size.tolist() == [[30, 20]]


def test_rows_without_an_image_a_class_or_a_box_are_left_out_and_counted(tmp_path):
    rows = [HEAD, ROW, ["", *ROW[1:]], ["000.png", "", *ROW[2:]], [*ROW[:5], ""], [*ROW[:4], 1, 6]]
    dataset = read_dataset(table(tmp_path / "t.csv", rows))
    assert len(dataset.ground_truths) == 1
    assert dataset.warnings == (
        "1 box without an image (line 3): left out",
        "1 box without a class (line 4): left out",
        "1 box without a box of four finite numbers: left out",
        "1 box whose right or lower edge is not beyond the left or upper one: left out",
    )


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([HEAD, ROW, ["a", "b", 1, "x", 3, 4]], "t.csv:3: column 'y1' has 'x'"),
        ([[*HEAD, "score"], [*ROW, 0.5]], "has a column score, as predictions do"),
        ([HEAD[:5], ROW[:5]], "has no column y2 among image, class, x1, y1, x2"),
        ([HEAD, ["000.png", "", "", "", "", ""]], "no row of the table has a class"),
    ],
)
def test_a_table_that_is_none_of_ground_truth_says_why(tmp_path, rows, problem):
    with pytest.raises(DataError) as error:
        read_dataset(table(tmp_path / "t.csv", rows), data_format="box-table")
    assert problem in str(error.value)


def test_open_images_has_groups_as_crowds_and_may_have_decimal_commas(tmp_path):
    path = open_images(tmp_path / "t", SCENE)
    expected = rows_of(read_dataset(path))
    lines = path.read_text().splitlines()
    comma = [lines[0]]
    for line in lines[1:]:
        cells = line.split(",")
        edges = ",".join(f'"{cell}"'.replace(".", ",") for cell in cells[4:8])
        comma.append(f"{','.join(cells[:4])},{edges},0,1")
    path.write_text("\n".join(comma))
    dataset = read_dataset(path)
    assert rows_of(dataset) == expected
    assert dataset.ground_truths.crowd.all()


def test_open_images_without_its_images_has_no_pixels_to_speak_of(tmp_path):
    path = open_images(tmp_path / "t", SCENE)
    (tmp_path / "t" / "001.png").unlink()
    some = read_dataset(path)
    assert {row[0] for row in rows_of(some)} == {0}
    assert "2 boxes of an image of unknown size (001): left out" in some.warnings
    (tmp_path / "t" / "000.png").unlink()
    with pytest.raises(DataError, match=r"the size of 000 is not known \(its file was not found\)"):
        read_dataset(path)


def dataiku(folder, *rows):
    return table(folder / "d.csv", [["record", "where", "target"], *rows])


def boxes(*rows, category="cat", **more):
    return json.dumps([{"bbox": row, "category": category, **more} for row in rows])


def test_dataiku_finds_its_columns_by_what_is_in_them(tmp_path):
    pictures(tmp_path)
    four = [1, 2, 3, 4]
    path = dataiku(tmp_path, [1, "/a/000.png", boxes(four)], [2, "001.png", "[]"], [3, "x.png", ""])
    dataset = read_dataset(path)
    assert rows_of(dataset) == [(0, "cat", 1, 2, 4, 6)]
    assert dataset.images.name == ("a/000.png", "001.png")
    assert dataset.warnings == ("1 row without a list of boxes: left out",)


def test_a_cell_of_dataiku_that_is_no_list_is_named_with_its_line(tmp_path):
    path = dataiku(tmp_path, [1, "0.png", boxes([1, 2, 3, 4])], [2, "1.png", "[{]"])
    with pytest.raises(DataError, match=r"d.csv:3: column 'target' is no list of boxes"):
        read_dataset(path)


def test_dataiku_predictions_have_a_confidence(tmp_path):
    truth = read_dataset(box_table(tmp_path / "t", SCENE))
    rows = [[1, "000.png", boxes([1, 2, 3, 4], confidence=0.5, category="Hex-Nut")]]
    found, notes = read_predictions(dataiku(tmp_path, *rows), truth)
    assert (found.confidence.tolist(), found.box.tolist()) == ([0.5], [[1, 2, 3, 4]])
    assert truth.classes[found.class_[0]] == "hex nut"
    assert notes == ()
    with pytest.raises(DataError, match="its boxes have no confidence"):
        read_predictions(dataiku(tmp_path, [1, "000.png", boxes([1, 2, 3, 4])]), truth)


def test_the_class_may_be_told_by_its_id_alone(tmp_path):
    rows = [["image", "class_id", "x1", "y1", "x2", "y2"], ["a.jpg", 10, 0, 0, 9, 9]]
    dataset = read_dataset(table(tmp_path / "t.csv", [*rows, ["a.jpg", 2, 0, 0, 5, 5]]))
    assert dataset.classes == ("2", "10")
    labels = table(tmp_path / "l.csv", [["image", "class_id"], ["a.jpg", 10], ["b.jpg", 2]])
    assert read_dataset(labels).classes == ("2", "10")


def test_predictions_as_ground_truth_are_said_to_be_predictions(tmp_path):
    path = table(tmp_path / "t.csv", [[*HEAD, "conf"], [*ROW, 0.5]])
    with pytest.raises(DataError, match="has a column conf, as predictions do"):
        read_dataset(path)
