"""Small inputs that once gave a wrong number without a word, and input that must be refused."""

from pathlib import Path

import pytest

from engine.core.dataset import ClassificationDataset
from engine.core.errors import DataError
from engine.detection.detection import Detection
from engine.formats import read_dataset, read_predictions
from engine.formats.predictions.probability_files import read_probabilities
from engine.opening import Inputs, Opened, opening
from tests.engine.formats.making import ap_of

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not in the package")


def read(data, predictions):
    dataset = read_dataset(CASES / data)
    found, notes = read_predictions(CASES / predictions, dataset)
    return dataset, found, (*dataset.warnings, *notes)


def true_positives(dataset, found):
    """At IoU .5, whatever the confidence."""
    counts = Detection(dataset, found).at_iou(0.5).matrix(0.0).counts
    return int(counts[:-1, :-1].diagonal().sum())


@pytest.mark.parametrize(
    ("data", "predictions", "place"),
    [
        ("02_duplicate_lines", "02_duplicate_lines/pred", " (labels/a.txt:2)"),
        ("02_duplicate_lines/gt_dup.json", "02_duplicate_lines/dt.json", ""),
    ],
)
def test_a_box_that_stands_twice_is_said_first(data, predictions, place):
    dataset, found, notes = read(data, predictions)
    assert true_positives(dataset, found) == 1
    assert notes[0].startswith(f"1 box stands twice in its image{place}: ")


def test_two_files_of_one_stem_are_the_reason_that_is_given():
    with pytest.raises(DataError, match=r"a\.jpg and a\.png share the stem a: rename one"):
        read("03_one_stem", "03_one_stem/pred")


def test_two_images_of_one_file_name_are_told_apart_by_ids_alone():
    assert true_positives(*read("06_same_file/gt.json", "06_same_file/pred_scored.json")[:2]) == 2
    _, found, notes = read("06_same_file/gt.json", "06_same_file/pred.json")
    assert found.image.tolist() == [0]
    assert notes[0].startswith("1 image with the file name of an earlier one (frame_000001.png)")
    with pytest.raises(DataError, match=r"2 images are called frame_000001\.png: only COCO"):
        read("06_same_file/gt.json", "06_same_file/pred.csv")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("pred_unknown_ids", "not that of their file_name (501 for 0001.jpg): the file_name"),
        ("pred_file_names", "image ids are the names of image files"),
    ],
)
def test_ids_made_from_names_find_their_images_and_that_is_said(file, said):
    dataset, found, notes = read("08_stem_ids/gt.json", f"08_stem_ids/{file}.json")
    assert true_positives(dataset, found) == 3
    assert said in notes[0]


def test_the_id_of_a_track_is_no_confidence():
    with pytest.raises(DataError, match=r"last column \(1, 2, 3\) is no confidence.*of a track"):
        read("11_track_ids", "11_track_ids/id")
    notes = read("11_track_ids", "11_track_ids/id1")[2]
    assert "every confidence is 1: if the last column is the id of a track" in notes[0]
    dataset, found, notes = read("11_track_ids", "11_track_ids/confid")
    assert (true_positives(dataset, found), found.confidence.tolist()) == (3, [0.9] * 3)
    assert any("3 lines with the id of a track" in note for note in notes)


def test_the_limit_of_coco_is_said_where_it_bites():
    case = CASES / "18_over_100"
    *_, opened = opening(Inputs(case / "gt.json", predictions=case / "pred.json"))
    assert isinstance(opened, Opened)
    assert opened.warnings[0].startswith(
        "COCO's limit of 100 predictions of a class in an image bites in 1 image: AP counts "
        "100 objects there as not detected"
    )
    dataset, found, _ = read("18_over_100/gt.json", "18_over_100/pred.json")
    assert ap_of(dataset, found) == pytest.approx(51 / 101)


@pytest.mark.parametrize(
    ("data", "predictions", "problem"),
    [
        ("latin1_truth.json", "good_pred.json", "latin1_truth.json:1: this is not text in UTF-8"),
        ("deep_truth.json", "good_pred.json", "its lists are nested deeper than any annotation"),
        ("nan_category.json", "good_pred.json", "category id nan is not a whole number"),
        ("good_truth.json", "latin1_pred.json", "latin1_pred.json:1: this is not text in UTF-8"),
        ("field.csv", "good_pred.json", "row 1: column 'y2' has 'q', where a number belongs"),
        ("empty.parquet", "good_pred.json", "has no rows"),
        ("voc", "good_pred.json", 'it says image_id 1, where voc has "a"'),
        ("yamll/data.yaml", "good_pred.json", "val: there is no xxxx"),
        ("lm", "good_pred.json", 'it says image_id 1, where lm has "a"'),
    ],
)
def test_bad_input_ends_in_one_short_sentence(data, predictions, problem):
    with pytest.raises(DataError) as error:
        read(f"bad_input/{data}", f"bad_input/{predictions}")
    assert problem in str(error.value)
    assert len(str(error.value)) < 900


@pytest.mark.parametrize("file", ["overflow", "token", "pickle", "bomb"])
def test_a_damaged_npz_ends_in_one_sentence(file):
    labels = read_dataset(CASES / "bad_input/labels.csv")
    assert isinstance(labels, ClassificationDataset)
    with pytest.raises(DataError, match=r"'probabilities' (is damaged|holds Python objects)"):
        read_probabilities(CASES / "bad_input" / f"{file}.npz", labels)
