from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from engine.classification.joining import from_file, from_model
from engine.classification.one_vs_rest import ranking
from engine.classification.probability_metrics import probability_metrics
from engine.classification.roc import roc
from engine.core.dataset import Probabilities
from engine.core.errors import DataError
from engine.formats.predictions.probability_files import ProbabilityFile, read_probabilities
from tests.engine.formats.tabular import NAMES, labelled


def given_file(images, classes, value):
    value = np.array(value, np.float32)
    names = None if classes is None else tuple(classes)
    value = value.reshape(len(images), value.size // len(images) if names is None else len(names))
    return ProbabilityFile(Path("p.npz"), images, range(len(images)), names, value)


ROWS = [[0.9, 0.1], [0.4, 0.6], [0.7, 0.3]]


@given(st.permutations(range(4)), st.permutations(range(5)))
def test_the_order_of_columns_and_rows_changes_nothing(columns, rows):
    names, classes = [f"{row}.jpg" for row in range(5)], [f"class {c}" for c in range(4)]
    dataset = labelled(names, classes, [0, 1, 2, 3, 0])
    value = np.random.default_rng(0).random((5, 4))
    shuffled = given_file(
        [names[row] for row in rows],
        [classes[column] for column in columns],
        value[np.ix_(rows, columns)],
    )
    made = from_file(dataset, shuffled).assessment
    assert made.classes == tuple(classes)
    assert np.array_equal(made.probabilities.value, value[made.probabilities.image].astype("f4"))


def test_images_are_found_by_file_name_then_by_path():
    dataset = labelled(("cat/1.jpg", "dog/1.jpg", "dog/2.jpg"), label=(0, 1, 1))
    file = given_file(["data/dog/1.jpg", "2.jpg", "cat\\1.jpg"], ("cat", "dog"), ROWS)
    assert from_file(dataset, file).assessment.probabilities.image.tolist() == [1, 2, 0]


def test_a_class_that_only_the_model_knows_follows_those_of_the_dataset():
    file = given_file(NAMES, ("owl", "dog", "ant", "cat"), np.eye(4)[[3, 1, 3]])
    classified = from_file(labelled(), file)
    assert classified.assessment.classes == ("cat", "dog", "ant", "owl")
    assert classified.assessment.probabilities.value.tolist() == [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [1, 0, 0, 0],
    ]
    assert classified.warnings == (
        "p.npz knows 2 classes that no image has (ant, owl): after those of the dataset",
    )


def test_a_class_without_a_column_has_probability_0_and_is_told():
    classified = from_file(labelled(), given_file(NAMES, ("Cat",), [[1], [1], [1]]))
    assert classified.assessment.probabilities.value.tolist() == [[1, 0]] * 3
    assert classified.warnings == (
        "p.npz has no output for 1 class of the dataset (dog): the probability is 0",
        "p.npz never gives 1 class the highest probability: dog",
    )


def test_two_columns_for_one_class_are_kept_apart():
    made = from_file(labelled(), given_file(NAMES, ("CAT", "cat", "dog"), [[0.5, 0.3, 0.2]] * 3))
    assert made.assessment.classes == ("cat", "dog", "CAT")
    assert np.allclose(made.assessment.probabilities.value[0], [0.3, 0.2, 0.5])


def test_numbered_columns_take_the_order_of_the_dataset():
    classified = from_file(labelled(), given_file(NAMES, ("0", "1"), ROWS))
    assert classified.warnings == ("p.npz: names no classes: taken in the dataset's order",)
    assert np.allclose(classified.assessment.probabilities.value, ROWS)


def test_rows_that_have_no_image_of_their_own_are_left_out_and_told():
    dataset = labelled(("x/1.jpg", "y/1.jpg", "2.jpg", "3.jpg", "4.jpg"), label=(0, 1, 0, 0, 1))
    names = ["2.jpg", "3.jpg", "gone.jpg", "1.jpg", "2.jpg", "4.jpg"]
    value = [[0.9, 0.1], [0.9, 0.1], [1, 0], [1, 0], [0, 1], [0.1, 0.9]]
    classified = from_file(dataset, given_file(names, ("cat", "dog"), value))
    assert classified.assessment.probabilities.image.tolist() == [2, 3, 4]
    assert np.allclose(classified.assessment.probabilities.value[:, 0], [0.9, 0.9, 0.1])
    assert classified.warnings == (
        "p.npz: 1 prediction for an image that the dataset does not have (gone.jpg): left out",
        "p.npz: 1 prediction for an image whose name several images of the dataset share: write "
        "its path (1.jpg): left out",
        "p.npz: 1 prediction for an image that has one already: '2.jpg' is in row 1 and row 5; "
        "the first counts",
        "2 of 5 images without a prediction (x/1.jpg, y/1.jpg): they count nowhere",
    )


def test_predictions_for_another_dataset_are_refused():
    file = given_file(("x", "y", "a.jpg"), ("cat", "dog"), ROWS[:3])
    with pytest.raises(DataError) as caught:
        from_file(labelled(), file)
    assert "p.npz: 2 of 3 predictions are for images that" in str(caught.value)
    assert "where labels.csv has a.jpg, b.jpg, c.jpg" in str(caught.value)


def test_a_file_without_a_row_is_refused():
    with pytest.raises(DataError, match=r"p\.npz: holds no prediction"):
        from_file(labelled(), given_file((), ("cat", "dog"), ROWS[:0]))


@pytest.mark.parametrize("names", [("1", "2", "3"), ("1.0", "2.0", "3.0")])
def test_images_may_be_the_numbers_in_the_names_of_their_files(names):
    dataset = labelled(("x/0003.jpg", "x/0001.jpg", "x/0002.jpg"))
    made = from_file(dataset, given_file(names, ("cat", "dog"), ROWS[:3]))
    assert made.assessment.probabilities.image.tolist() == [1, 2, 0]
    said = f"p.npz: images are the numbers in the names of files: {names[0]} is x/0001.jpg"
    assert said in made.warnings


def test_a_model_with_other_outputs_than_classes_is_a_sentence():
    found = Probabilities(np.arange(3), np.full((3, 4), 0.25))
    nowhere = np.full(4, -1)
    with pytest.raises(DataError) as caught:
        from_model(labelled(), found, None, nowhere, Path("m.onnx"))
    assert str(caught.value) == (
        "m.onnx: has 4 classes and names none of them, where labels.csv has 2 classes (cat, dog): "
        "none is the same. Name the outputs, in their order, in labels.txt beside the model or in "
        "its card"
    )
    with pytest.raises(DataError, match=r"p.npz: has 1 class \(owl\), where labels.csv has 2"):
        from_file(labelled(), given_file(NAMES, ("owl",), [[1]] * 3))


def test_a_model_that_scored_nothing_is_an_empty_assessment():
    none = Probabilities(np.zeros(0, np.intp), np.zeros((0, 2), np.float32))
    made = from_model(labelled(), none, ("cat", "dog"), np.arange(2), Path("m.onnx")).assessment
    assert made.unanswered == 3
    assert made.judged(None).matrix(0.0).counts.sum() == 0


def test_what_logits_tell_apart_stays_apart(tmp_path):
    """Margins from 18 on are 1 to the last bit in float32, where 13 of 14 pairs are in order."""
    margins = [20.0, 19.5, 19.0, 18.75, 18.5, 18.25, 18.0, 18.1, 12.0]
    right = [True] * 7 + [False, False]
    names = [f"{row}.jpg" for row in range(len(margins))]
    truth = labelled(names, ("cat", "dog"), [0 if each else 1 for each in right])
    path = tmp_path / "logits.npz"
    logits = np.stack([np.array(margins), np.zeros(len(margins))], axis=1).astype(np.float32)
    np.savez(path, image=names, classes=truth.classes, logits=logits)
    made = from_file(truth, read_probabilities(path, truth)).assessment
    expected = roc_auc_score(right, margins)
    assert 0.9 < expected < 1
    assert roc(ranking(made, 0)).auc == pytest.approx(expected, abs=1e-12)
    assert probability_metrics(made).rank.roc_auc[0] == pytest.approx(expected, abs=1e-12)
    fused = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.savez(path, image=names, classes=truth.classes, probabilities=fused)
    told = from_file(truth, read_probabilities(path, truth))
    assert probability_metrics(told.assessment).rank.roc_auc[0] < expected - 0.1
    assert "a probability of exactly 1 in float32" in told.warnings[-1]
    assert "--logits" in told.warnings[-1]


TWELVE = [str(index) for index in range(12)]
AS_TEXT = sorted(TWELVE)


def numbered(*, by_name):
    """Twelve images, one of each class of folders 0, 1, 10, 11, 2, ..., and right columns."""
    names = [f"{class_}/a.jpg" for class_ in AS_TEXT]
    right = [int(name) if by_name else index for index, name in enumerate(AS_TEXT)]
    return labelled(names, AS_TEXT, range(12)), names, np.eye(12)[right]


@given(st.booleans(), st.permutations(range(12)))
def test_columns_that_are_numbers_are_names_or_indices_as_the_labels_show(by_name, order):
    dataset, names, value = numbered(by_name=by_name)
    file = given_file(names, [TWELVE[column] for column in order], value[:, order])
    classified = from_file(dataset, file)
    assert (classified.assessment.top.class_ == dataset.label).all()
    way, other = ("as names", "as indices from 0")[:: 1 if by_name else -1]
    assert classified.warnings[0] == (
        f"p.npz: its columns are numbers, read {way} and not {other}: 12 of 12 images are right "
        "so, 2 otherwise"
    )


def test_numbers_for_columns_are_names_where_the_labels_show_nothing():
    dataset, names, _ = numbered(by_name=True)
    classified = from_file(dataset, given_file(names, TWELVE, np.full((12, 12), 1 / 12)))
    assert "read as names and not as indices" in classified.warnings[0]


def test_a_file_without_names_says_which_order_is_taken_where_people_count_otherwise():
    dataset, names, value = numbered(by_name=False)
    classified = from_file(dataset, given_file(names, None, value))
    assert classified.warnings == (
        "p.npz: names no classes: taken in the dataset's order, sorted as text "
        "(0, 1, 10, 11, 2 and 7 more), not sorted as numbers",
    )
    assert (classified.assessment.top.class_ == dataset.label).all()


def test_columns_of_other_names_for_the_same_classes_are_taken_and_said():
    dataset = labelled(classes=("couch", "tv"))
    file = given_file(NAMES, ("sofa", "tvmonitor"), ROWS)
    classified = from_file(dataset, file)
    assert classified.warnings == (
        "p.npz: taken as synonyms: sofa is couch, tvmonitor is tv (--no-synonyms keeps them apart)",
    )
    assert np.allclose(classified.assessment.probabilities.value, ROWS)
    with pytest.raises(DataError, match="none is the same"):
        from_file(dataset, file, synonyms=False)


def test_a_model_that_names_its_classes_by_numbers_is_refused_by_these_names():
    found = Probabilities(np.arange(3), np.full((3, 2), 0.5))
    with pytest.raises(DataError, match=r"has 2 classes \(0, 1\), where labels.csv has 2"):
        from_model(labelled(), found, ("0", "1"), np.full(2, -1), Path("m.onnx"))


def test_columns_may_count_the_classes_from_1():
    made = from_file(labelled(), given_file(NAMES, ("1", "2"), ROWS[:3]))
    assert made.assessment.classes == ("cat", "dog")
    assert made.warnings[0].endswith("taken in the dataset's order, counted from 1")
    value = [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]] * 2
    numbered = labelled([f"{n}.jpg" for n in range(6)], ("0", "1"), (0, 1, 0) * 2)
    made = from_file(numbered, given_file(numbered.images.name, ("1", "2"), value))
    assert made.assessment.answers.scorecard(0.0).true_positives == 6
    assert "read as numbers from 1 and not as names: 6 of 6 images are right so" in made.warnings[0]
