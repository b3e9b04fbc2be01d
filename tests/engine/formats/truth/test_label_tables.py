import pytest

from engine.core.dataset import DetectionDataset
from engine.core.errors import DataError
from engine.formats import read_dataset
from engine.formats.truth import label_tables
from tests.engine.formats.tabular import LABELS, NAMES, parquet, written


def read(folder, text, images=None):
    return read_dataset(written(folder, "labels.csv", text), images, "label-table")


def test_a_row_gives_an_image_its_class(tmp_path):
    dataset = read_dataset(written(tmp_path, "labels.csv", LABELS))
    assert not isinstance(dataset, DetectionDataset)
    assert dataset.classes == ("cat", "dog")
    assert dataset.images.name == NAMES
    assert dataset.label.tolist() == [0, 1, 0]
    assert dataset.images.missing == 3
    assert dataset.warnings == ()


@pytest.mark.parametrize(
    ("image", "class_"), [("filename", "label"), ("Path", "Category"), ("image_id", "class_name")]
)
def test_columns_have_the_names_that_tools_give_them_and_those_used_are_told(
    tmp_path, image, class_
):
    dataset = read_dataset(
        written(tmp_path, "l.csv", f"{class_};note;{image}\nb;0;1.jpg\na;1;2.jpg")
    )
    assert dataset.images.name == ("1.jpg", "2.jpg")
    assert dataset.facts[0] == ("Labels", f"image from column '{image}', class from '{class_}'")


def test_parquet_is_read_too_and_classes_that_are_numbers_are_in_their_order(tmp_path):
    path = parquet(
        tmp_path / "l.parquet", "SELECT i || '.jpg' AS image, i AS label FROM range(12) r(i)"
    )
    dataset = read_dataset(path)
    assert dataset.classes == tuple(str(number) for number in range(12))
    assert ("Class order", "by number") in dataset.facts


def test_image_files_are_found_by_name_and_without_their_suffix(tmp_path):
    for name in ("p/a.jpg", "p/b.jpg"):
        written(tmp_path, name, "pixels")
    found = (tmp_path / "p" / "a.jpg", tmp_path / "p" / "b.jpg", None)
    assert read(tmp_path, LABELS).images.path == found
    assert read(tmp_path, LABELS.replace(".jpg", "")).images.path == found
    assert read(tmp_path, LABELS, tmp_path / "p").images.path == found


@pytest.mark.parametrize("column", ["x1", "xmin", "bbox"])
def test_a_table_of_boxes_is_no_label_table(tmp_path, column):
    path = written(tmp_path, "t.csv", f"image,class,{column}\n")
    assert not label_tables.recognises(path)


@pytest.mark.parametrize(
    ("rows", "sentence", "kept"),
    [
        (
            "a.jpg,cat\n\n,dog\nb.jpg,\nc.jpg,dog",
            "2 rows have no image or no class (line 4): left out",
            ("a.jpg", "c.jpg"),
        ),
        (
            "a.jpg,cat\nb.jpg,dog\na.jpg,cat",
            "1 row repeated: 'a.jpg' is in line 2 and in line 4; each image counts once",
            ("a.jpg", "b.jpg"),
        ),
        (
            "a.jpg,cat\nb.jpg,dog\nc.jpg,dog\na.jpg,dog",
            "1 image in two classes: 'a.jpg' is 'cat' in line 2 and 'dog' in line 5; "
            "left out, correct the table",
            ("b.jpg", "c.jpg"),
        ),
    ],
)
def test_rows_that_cannot_be_used_are_left_out_and_told(tmp_path, rows, sentence, kept):
    dataset = read(tmp_path, f"image,class\n{rows}\n")
    assert dataset.warnings == (f"labels.csv: {sentence}",)
    assert dataset.images.name == kept


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "image,kind\na,b\n",
            "labels.csv:1: has no column for the class among image, kind; expected",
        ),
        ("what,class\na,b\n", "labels.csv:1: has no column for the image among what, class"),
        ("image,class\n", "has no row with an image and a class"),
        (
            "image,class\na,x\na,y\nb,x\nb,y\nc,x\n",
            "2 of 3 images are in two classes: 'a' is 'x' in line 2 and 'y' in line 3; "
            "an image has one class here, and multi-label data is not assessed",
        ),
        ("", "the file is empty"),
    ],
)
def test_a_table_that_says_too_little_or_too_much_is_refused(tmp_path, content, sentence):
    with pytest.raises(DataError) as caught:
        read(tmp_path, content)
    assert sentence in str(caught.value)


def test_whole_numbers_with_a_point_are_whole_numbers_and_others_stay(tmp_path):
    dataset = read(tmp_path, "image,class\na.jpg,10.0\nb.jpg,2.0\nc.jpg,\nd.jpg,2\n")
    assert dataset.classes == ("2", "10")
    assert dataset.label.tolist() == [1, 0, 0]
    assert read(tmp_path, "image,class\na.jpg,1.0\nb.jpg,1.5\n").classes == ("1.0", "1.5")


def test_an_empty_column_of_classes_gives_way_to_a_filled_one(tmp_path):
    dataset = read(tmp_path, "image,class,class_id\na.jpg,,1\nb.jpg,,0")
    assert dataset.classes == ("0", "1")
    assert dataset.facts[0][1] == "image from column 'image', class from 'class_id'"
    kept = read(tmp_path, "image,class,class_id\na.jpg,cat,1\nb.jpg,dog,0")
    assert kept.classes == ("cat", "dog")


@pytest.mark.parametrize(("yes", "no"), [("True", "False"), ("1", "0"), ("1.0", "0.0")])
def test_a_column_of_true_and_false_tells_which_rows_are_for_validation(tmp_path, yes, no):
    text = f"image,label,is_valid\na.jpg,cat,{no}\nb.jpg,dog,{yes}\nc.jpg,cat,{no}"
    dataset = read(tmp_path, text)
    assert dataset.images.name == ("b.jpg",)
    assert "(train 2, valid 1): valid is read; --split chooses" in dataset.warnings[0]
    path = written(tmp_path, "labels.csv", text)
    assert read_dataset(path, split="train").images.name == ("a.jpg", "c.jpg")


def test_such_a_column_of_other_words_tells_nothing(tmp_path):
    dataset = read(tmp_path, "image,label,is_valid\na.jpg,cat,perhaps\nb.jpg,dog,True")
    assert (len(dataset.images), dataset.warnings) == (2, ())


@pytest.mark.parametrize(
    ("column", "here", "there"), [("split", "val", "train"), ("is_valid", 1, 0)]
)
def test_a_one_hot_table_has_parts_too_and_they_are_no_class(tmp_path, column, here, there):
    text = f"filename,cat,dog,{column}\na.jpg,1,0,{there}\nb.jpg,0,1,{here}\nc.jpg,1,0,{there}"
    path = written(tmp_path, "_classes.csv", text)
    dataset = read_dataset(path)
    assert (dataset.classes, dataset.images.name) == (("cat", "dog"), ("b.jpg",))
    assert dataset.label.tolist() == [1]
    assert "--split chooses" in dataset.warnings[0]
    assert read_dataset(path, split="train").images.name == ("a.jpg", "c.jpg")
    with pytest.raises(DataError, match=r"has no part test, which --split names"):
        read_dataset(path, split="test")
