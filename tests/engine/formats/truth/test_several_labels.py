"""Labels of which an image may have several are refused in one sentence, whatever their form."""

import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.formats import read_dataset
from engine.formats.truth.several_labels import NOT_ASSESSED
from tests.engine.formats.tabular import parquet, written

ROWS = [["cat", "dog"], ["cat"], ["dog"]]
NAMES = ("a.jpg", "b.jpg", "c.jpg")


def joined(separator):
    return "".join(f"{n},{separator.join(c)}\n" for n, c in zip(NAMES, ROWS, strict=True))


def as_json(content):
    return json.dumps(content)


def coco(*pairs, **fields):
    return as_json(
        {
            "images": [{"id": 1, "file_name": "a.jpg"}, {"id": 2, "file_name": "b.jpg"}],
            "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}],
            "annotations": [{"image_id": i, "category_id": c, **fields} for i, c in pairs],
        }
    )


FILES = {
    "a column a class": ("labels.csv", "image,cat,dog\na.jpg,1,1\nb.jpg,1,0\n"),
    "Roboflow's": ("_classes.csv", "filename, cat, dog\na.jpg, 1, 1\nb.jpg, 0, 0\n"),
    "-1 and 1": ("attributes.csv", "image_id,cat,dog\na.jpg,1,1\nb.jpg,-1,1\n"),
    "a row a class": ("labels.csv", "image,class\na.jpg,cat\na.jpg,dog\nb.jpg,cat\nb.jpg,dog\n"),
    "a|b": ("labels.csv", f"image,class\n{joined('|')}"),
    "a;b": ("labels.csv", f"image,label\n{joined(';')}"),
    "a, b": ("labels.csv", 'image,class\na.jpg,"cat, dog"\nb.jpg,cat\nc.jpg,dog\n'),
    "a b": ("labels.csv", f"image,class\n{joined(' ')}"),
    "numbers": ("labels.csv", "image,class\na.jpg,0 3\nb.jpg,1\n"),
    "a list": ("labels.csv", 'image,class\na.jpg,"[""cat"", ""dog""]"\nb.jpg,cat\n'),
    "a column of labels": ("labels.csv", "image,labels\na.jpg,cat dog\nb.jpg,cat fox\nc.jpg,dog\n"),
    "a column of tags": ("tags.csv", f"image_name,tags\n{joined(' ')}"),
    "rows in JSON": (
        "labels.json",
        as_json([{"image": n, "labels": c} for n, c in zip(NAMES, ROWS, strict=True)]),
    ),
    "by name in JSON": ("labels.json", as_json(dict(zip(NAMES, ROWS, strict=True)))),
    "FiftyOne's": (
        "labels.json",
        as_json({"classes": ["cat", "dog"], "labels": {"a": [0, 1], "b": [1]}}),
    ),
    "marks in JSON": (
        "labels.json",
        as_json([{"file": "a.jpg", "label": [1, 0, 1]}, {"file": "b.jpg", "label": [0, 0, 1]}]),
    ),
    "JSON Lines": (
        "metadata.jsonl",
        "\n".join(as_json({"file_name": n, "labels": c}) for n, c in zip(NAMES, ROWS, strict=True)),
    ),
    "COCO's without boxes": ("labels.json", coco((1, 1), (1, 2), (2, 1))),
}


@pytest.mark.parametrize("form", FILES)
def test_several_labels_of_an_image_are_refused_in_one_sentence(form, tmp_path):
    name, text = FILES[form]
    with pytest.raises(DataError) as refused:
        read_dataset(written(tmp_path, name, text))
    sentence = str(refused.value)
    assert sentence.endswith(NOT_ASSESSED)
    assert "\n" not in sentence
    assert name in sentence


@pytest.mark.parametrize("value", ["'cat|dog'", "['cat', 'dog']"])
def test_a_parquet_file_too(value, tmp_path):
    path = parquet(tmp_path / "t.parquet", f"SELECT 'a.jpg' AS image, {value} AS class")
    with pytest.raises(DataError, match=r"1 row of 1 with several classes, as a\.jpg with"):
        read_dataset(path)


@pytest.mark.parametrize(
    "classes",
    [
        ["traffic light", "traffic sign", "car"],
        ["tench, Tinca tinca", "goldfish, Carassius auratus"],
        ["missile", "projectile, missile"],
        ["red car", "blue car", "red bus"],
        ["1,5", "2,5"],
        ["C++", "a; b"],
        ["[unknown]", "cat"],
    ],
)
def test_names_of_several_words_are_one_class(classes, tmp_path):
    rows = "".join(f'{index}.jpg,"{name}"\n' for index, name in enumerate(classes))
    dataset = read_dataset(written(tmp_path, "labels.csv", f"image,class\n{rows}"))
    assert sorted(dataset.classes) == sorted(classes)


def test_a_few_torn_images_are_slips_and_many_are_meant(tmp_path):
    rows = [f"{index}.jpg,cat\n" for index in range(40)]
    torn = [f"{index}.jpg,dog\n" for index in range(5)]
    text = "image,class\n" + "".join(rows)
    dataset = read_dataset(written(tmp_path, "labels.csv", text + "".join(torn[:4])))
    assert len(dataset.images) == 36
    with pytest.raises(DataError, match="5 of 40 images are in two classes"):
        read_dataset(written(tmp_path, "labels.csv", text + "".join(torn)))


def test_single_labels_in_cocos_form_are_shown_the_way(tmp_path):
    path = written(tmp_path, "labels.json", coco((1, 1), (2, 2), bbox=None))
    with pytest.raises(DataError, match="write it as CSV with the columns image and class"):
        read_dataset(path)
    boxes = written(tmp_path, "labels.json", coco((1, 1), (1, 2), bbox=[0, 0, 5, 5]))
    assert len(read_dataset(boxes).ground_truths) == 2


WORDS = st.text(string.ascii_lowercase, min_size=1, max_size=4)


@settings(max_examples=20)
@given(
    st.lists(WORDS, min_size=2, max_size=5, unique=True),
    st.sampled_from(["|", ";", ", ", " "]),
    st.data(),
)
def test_labels_of_known_classes_are_seen_however_they_are_joined(
    tmp_path_factory, words, separator, data
):
    several = data.draw(st.lists(st.sampled_from(words), min_size=2, max_size=3, unique=True))
    cells = [*words, separator.join(several)]
    rows = "".join(f'{index}.jpg,"{cell}"\n' for index, cell in enumerate(cells))
    path = written(tmp_path_factory.mktemp("t"), "labels.csv", f"image,class\n{rows}")
    with pytest.raises(DataError, match="1 row of"):
        read_dataset(path)
