import pytest
from PIL import Image

from engine.core.dataset import ClassificationDataset
from engine.core.errors import DataError
from engine.formats import READERS, read_dataset
from engine.formats.truth import class_folders
from tests.engine.formats.tabular import written


def folders(root, *files):
    for index, name in enumerate(files):
        written(root, name, f"pixels of {index}")
    return root


def test_a_folder_is_the_class_of_what_is_in_it_and_classes_are_in_the_order_of_names(tmp_path):
    root = folders(tmp_path, "dog/2.jpg", "cat/b/3.png", "cat/1.JPG", "Ant/1.jpg")
    dataset = read_dataset(root)
    assert isinstance(dataset, ClassificationDataset)
    assert dataset.classes == ("Ant", "cat", "dog")
    assert dataset.images.name == ("Ant/1.jpg", "cat/1.JPG", "cat/b/3.png", "dog/2.jpg")
    assert dataset.images.path == tuple(root / name for name in dataset.images.name)
    assert dataset.label.tolist() == [0, 1, 1, 2]
    assert dataset.facts == (("Class order", "by folder name"),)
    assert dataset.warnings == ()


def test_the_validation_part_is_read_and_the_choice_is_told(tmp_path):
    root = folders(tmp_path, "train/a/1.jpg", "train/b/1.jpg", "val/a/2.jpg", "val/b/3.jpg")
    dataset = read_dataset(root)
    assert dataset.images.name == ("a/2.jpg", "b/3.jpg")
    assert dataset.source == root / "val"
    assert dataset.facts[0] == (
        "Part",
        "val/; train/ left out: --split names another",
    )
    assert read_dataset(root / "train").images.name == ("a/1.jpg", "b/1.jpg")


def test_train_and_test_may_be_classes(tmp_path):
    assert read_dataset(folders(tmp_path, "train/1.jpg", "test/1.jpg")).classes == ("test", "train")


def test_empty_folders_loose_images_and_one_image_in_two_classes_are_told(tmp_path):
    root = folders(tmp_path, "a/1.jpg", "b/2.jpg", "loose.jpg", "notes.txt")
    (root / "empty").mkdir()
    (root / ".hidden").mkdir()
    written(root, "b/1.jpg", (root / "a/1.jpg").read_bytes())
    dataset = read_dataset(root)
    assert dataset.classes == ("a", "b", "empty")
    assert dataset.warnings == (
        "1 class folder without an image: empty",
        "1 image in no class folder (loose.jpg): left out; move each into the folder of its class",
        "1 image in two classes: a/1.jpg and b/1.jpg are the same file; delete the wrong one",
    )


def test_images_of_one_name_in_two_classes_are_two_images(tmp_path):
    root = folders(tmp_path, "a/1.jpg", "b/1.jpg")
    assert read_dataset(root).warnings == ()


def test_image_files_are_found_where_the_option_says(tmp_path):
    root = folders(tmp_path / "data", "a/1.jpg", "b/2.jpg")
    pixels = folders(tmp_path / "pixels", "a/1.jpg")
    assert read_dataset(root, pixels).images.path == (pixels / "a/1.jpg", None)


@pytest.mark.parametrize("others", [("images/1.jpg", "labels/1.txt"), ("JPEGImages/1.jpg",)])
def test_folders_of_other_formats_are_no_classes(tmp_path, others):
    assert not class_folders.recognises(folders(tmp_path, "cat/1.jpg", *others))


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (("a/1.jpg", "b/1.txt"), "has no images of two classes, only of 'a'; expected class fold"),
        (("a/1.txt",), "has no images of two classes; expected class folders"),
        ((), "has no images of two classes"),
    ],
)
def test_fewer_than_two_classes_are_refused(tmp_path, files, sentence):
    with pytest.raises(DataError, match=sentence):
        READERS["class-folders"].read_dataset(folders(tmp_path, *files), None)


def test_a_file_is_no_class_folder(tmp_path):
    Image.new("RGB", (2, 2)).save(tmp_path / "a.png")
    with pytest.raises(DataError, match="this is a file; expected class folders"):
        read_dataset(tmp_path / "a.png", data_format="class-folders")


@pytest.mark.parametrize("parts", [("train", "valid"), ("train2017", "val2017")])
def test_folders_of_parts_with_a_file_of_labels_beside_them_are_no_classes(tmp_path, parts):
    folders(tmp_path, *(f"{part}/{part}.jpg" for part in parts))
    dataset = read_dataset(tmp_path)
    assert dataset.classes == parts
    assert dataset.warnings[0].startswith(f"its classes ({parts[0]}, {parts[1]}) are called as")
    labels = f"image,class\n{parts[0]}/{parts[0]}.jpg,cat\n{parts[1]}/{parts[1]}.jpg,dog\n"
    (tmp_path / "labels.csv").write_text(labels)
    dataset = read_dataset(tmp_path)
    assert dataset.classes == ("cat", "dog")
    assert dataset.images.missing == 0
    (tmp_path / "valid.json").write_text("{}")
    with pytest.raises(DataError, match=r"name one of the files in it: labels\.csv, valid\.json"):
        read_dataset(tmp_path)
