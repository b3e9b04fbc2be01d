import csv
from multiprocessing import get_context

import numpy as np
import pytest
from PIL import Image

from engine.batch.judged import Boxed, Classed, FailedImage, boxed, classed
from engine.cards.operating_point import given
from engine.core.dataset import ClassificationDataset, DetectionDataset
from engine.core.errors import DataError
from engine.formats import read_dataset
from engine.images.pixels import UnreadableImage
from engine.scoring.run.found import FoundBoxes
from engine.whatif.keeping import add_to_label, annotated_png, draft_of

NAMES = ("bolt", "nut")
POINT = given(0.5, 2)


def found(path, *rows, size=(100, 80)) -> Boxed:
    """Rows of class, confidence, box."""
    return boxed(
        str(path),
        size,
        FoundBoxes(
            np.array([row[0] for row in rows], np.int32),
            np.array([row[1] for row in rows], np.float32),
            np.array([row[2] for row in rows], np.float32).reshape(-1, 4),
        ),
        POINT,
    )


def answered(path, *probability) -> Classed:
    return classed(str(path), (100, 80), np.array(probability, np.float32), POINT)


BOXES, CLASSES = found("/a.jpg"), answered("/a.jpg", 1, 0)


@pytest.fixture
def photos(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(2)]
    for path in paths:
        Image.new("RGB", (100, 80)).save(path)
    return paths


def test_the_draft_is_a_ground_truth_that_can_be_opened(tmp_path, photos):
    listing = tmp_path / "todo.txt"
    one = found(photos[0], (1, 0.9, (10, 20, 30, 40)), (0, 0.3, (0, 0, 5, 5)))
    assert add_to_label(listing, one, NAMES) == 1
    assert add_to_label(listing, found(photos[1]), NAMES) == 2
    assert listing.read_text() == f"{photos[0]}\n{photos[1]}\n"
    dataset = read_dataset(draft_of(listing, BOXES))
    assert isinstance(dataset, DetectionDataset)
    assert dataset.classes == NAMES
    assert dataset.images.path == tuple(photos)
    assert dataset.ground_truths.box.tolist() == [[10, 20, 30, 40]]
    assert dataset.ground_truths.class_.tolist() == [1]


def test_an_image_that_is_added_again_has_one_line_and_its_newest_draft(tmp_path, photos):
    listing = tmp_path / "todo.txt"
    add_to_label(listing, found(photos[0], (1, 0.9, (10, 20, 30, 40))), NAMES)
    add_to_label(listing, found(photos[1], (0, 0.9, (1, 2, 3, 4))), NAMES)
    assert add_to_label(listing, found(photos[0], (0, 0.8, (5, 5, 5, 5))), NAMES) == 2
    dataset = read_dataset(draft_of(listing, BOXES))
    assert sorted(dataset.ground_truths.box.tolist()) == [[1, 2, 3, 4], [5, 5, 5, 5]]


def test_the_answers_of_a_classifier_are_a_label_table(tmp_path, photos):
    listing = tmp_path / "todo.txt"
    add_to_label(listing, answered(photos[0], 0.2, 0.8), NAMES)
    add_to_label(listing, answered(photos[1], 0.9, 0.1), NAMES)
    add_to_label(listing, answered(photos[0], 0.7, 0.3), NAMES)
    dataset = read_dataset(draft_of(listing, CLASSES))
    assert isinstance(dataset, ClassificationDataset)
    rows = list(csv.reader(draft_of(listing, CLASSES).read_text().splitlines()))
    assert [row[:2] for row in rows[1:]] == [[str(photos[1]), "bolt"], [str(photos[0]), "bolt"]]


def test_a_file_that_is_something_else_is_left_alone(tmp_path, photos):
    listing = tmp_path / "todo.txt"
    draft_of(listing, BOXES).write_text('{"mine": 1}')
    with pytest.raises(DataError, match="name another list"):
        add_to_label(listing, found(photos[0]), NAMES)
    assert draft_of(listing, BOXES).read_text() == '{"mine": 1}'
    assert not listing.exists()
    draft_of(listing, CLASSES).write_text("a,b\n")
    with pytest.raises(DataError, match="is no table"):
        add_to_label(listing, answered(photos[0], 1, 0), NAMES)


def test_a_name_with_a_line_break_is_refused(tmp_path):
    with pytest.raises(DataError, match="line break"):
        add_to_label(tmp_path / "todo.txt", found("/data/two\nlines.jpg"), NAMES)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(DataError, match="cannot be written"):
        add_to_label(tmp_path / "nowhere" / "todo.txt", found("/a.jpg"), NAMES)


def _add_many(listing, start):
    for number in range(start, start + 15):
        add_to_label(listing, found(f"/data/{number}.jpg", (0, 0.9, (1, 2, 3, 4))), NAMES)


def test_two_processes_add_to_one_list_and_nothing_is_lost(tmp_path):
    listing = tmp_path / "todo.txt"
    fork = get_context("fork")
    others = [fork.Process(target=_add_many, args=(listing, start)) for start in (0, 15)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert len(listing.read_text().splitlines()) == 30
    assert len(read_dataset(draft_of(listing, BOXES)).ground_truths) == 30


def test_the_annotated_picture_has_the_size_of_the_image_and_its_boxes(tmp_path, photos):
    image = found(photos[0], (1, 0.9, (10, 20, 30, 40)))
    (tmp_path / "out.png").write_bytes(annotated_png(image, NAMES))
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.size == (100, 80)
        assert picture.getpixel((10, 40)) != (0, 0, 0)
        assert picture.getpixel((80, 70)) == (0, 0, 0)


def test_the_picture_of_a_file_that_is_gone_says_so(tmp_path):
    with pytest.raises(UnreadableImage):
        annotated_png(found(tmp_path / "gone.png"), NAMES)
    assert FailedImage("x", "y").reason == "y"
