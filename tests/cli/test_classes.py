"""The command on labels and probabilities, as a user runs it."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics

from engine.core.errors import DataError
from engine.opening import Inputs, Opened, Stage, opening
from tests.cli.test_command import DEMO, offdiag
from tests.engine.formats.tabular import LABELS, NAMES, PROBABILITIES, TABLE, npz, written
from tui.commands import plain

CLASSES = DEMO.parent / "classification"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with labels and the probabilities for them in each form."""
    written(tmp_path, "labels.csv", LABELS)
    written(tmp_path, "p.csv", TABLE)
    npz(tmp_path / "p.npz", image=NAMES, classes=("cat", "dog"), probabilities=PROBABILITIES)
    written(tmp_path, "parts.csv", "image,prob_bolt,prob_nut\n0000.jpg,.5,.5\n")
    written(tmp_path, "logits.csv", TABLE.replace(".75", "7.5"))
    return tmp_path


def last(inputs: Inputs) -> Opened:
    *_, opened = opening(inputs)
    assert isinstance(opened, Opened)
    return opened


def test_the_json_report_of_two_tables_is_that_of_scikit_learn(tmp_path):
    rng = np.random.default_rng(7)
    names, classes = [f"{row}.jpg" for row in range(60)], ["ant", "bee", "cat"]
    truth = rng.integers(0, 3, 60)
    value = rng.dirichlet([1, 1, 1], 60)
    value[np.arange(60), truth] += 0.4
    value = (value / value.sum(axis=1, keepdims=True)).round(9)
    labels = "".join(f"{name},{classes[c]}\n" for name, c in zip(names, truth, strict=True))
    written(tmp_path, "labels.csv", f"filename,label\n{labels}")
    rows = "".join(
        f"{name}," + ",".join(map(repr, row)) + "\n"
        for name, row in zip(names, value.tolist(), strict=True)
    )
    written(tmp_path, "p.csv", f"image,{','.join(classes)}\n{rows}")
    given = ("--data", "labels.csv", "--predictions", "p.csv", "--format", "json")
    done = offdiag("report", *given, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    predicted = value.argmax(axis=1)
    expected = {
        "accuracy": metrics.accuracy_score(truth, predicted),
        "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
        "f1_macro": metrics.f1_score(truth, predicted, average="macro"),
        "mcc": metrics.matthews_corrcoef(truth, predicted),
        "kappa": metrics.cohen_kappa_score(truth, predicted),
    }
    assert {name: report["metrics"][name] for name in expected} == pytest.approx(
        expected, abs=1e-12
    )
    assert report["metrics"]["roc_auc_ovr"] == pytest.approx(
        np.mean([metrics.roc_auc_score(truth == c, value[:, c]) for c in range(3)]), abs=1e-12
    )
    assert report["matrix"]["counts"] == metrics.confusion_matrix(truth, predicted).tolist()
    assert report["task"] == "classification"


@pytest.mark.slow
def test_class_folders_are_opened_with_a_model_and_without_a_terminal(tmp_path):
    model, data = CLASSES / "model.onnx", CLASSES / "images"
    done = offdiag("open", model, "--data", data, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"model.onnx on images: {len(list(data.rglob('*.*')))} images" in done.stdout
    assert offdiag("demo", "--task", "classification", cwd=tmp_path).stdout == done.stdout


def test_logits_are_taken_for_logits_when_the_option_says_so(files):
    with pytest.raises(DataError) as caught:
        last(Inputs(data=files / "labels.csv", predictions=files / "logits.csv"))
    assert str(caught.value).endswith("7.5 for 'a.jpg': are they logits? Then add --logits")
    given = ("--data", "labels.csv", "--predictions", "logits.csv", "--format", "json")
    done = offdiag("report", *given, "--logits", cwd=files)
    assert json.loads(done.stdout)["metrics"]["log_loss"] > 0


def test_the_facts_say_what_was_read_and_how_classes_are_ordered(files):
    opened = last(Inputs(data=files / "labels.csv", predictions=files / "p.csv"))
    assert opened.facts == (
        ("Predictions", str(files / "p.csv")),
        ("Image names", "from column 'image'"),
        ("Probabilities", "as in the file, float64"),
        ("Ground truth", str(files / "labels.csv")),
        ("Images", "3"),
        ("Classes", "2"),
        ("Labels", "image from column 'image', class from 'class'"),
        ("Class order", "by name"),
    )
    assert opened.warnings == ()
    assert opened.answers == "p.csv"


def test_what_was_left_out_is_told_in_the_report(files):
    written(files, "p.csv", "image,cat,dog\na.jpg,1,0\nb.jpg,nan,0\nc.jpg,1,0\n")
    opened = last(Inputs(data=files / "labels.csv", predictions=files / "p.csv"))
    report = json.loads(plain.report(opened, plain.ReportAsked("json")).text)
    assert report["warnings"] == [
        "p.csv: 1 row with a number that is not finite ('b.jpg'): left out",
        "1 of 3 images without a prediction (b.jpg): they count nowhere",
    ]


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        (
            Inputs(data=DEMO / "truth.json", model=CLASSES / "model.onnx", provider="cpu"),
            "model.onnx is a classifier, but this ground truth has boxes: give it one class for "
            "each image with --data, or a detector as the model",
        ),
        (
            Inputs(data=CLASSES / "images", model=DEMO / "model.onnx", provider="cpu"),
            "model.onnx is a detector, but this ground truth has one class for each image: give "
            "it boxes with --data, or a classifier as the model",
        ),
        (
            Inputs(data=DEMO / "truth.json", predictions=Path("p.npz")),
            "p.npz: these are probabilities of classes, but the ground truth truth.json has boxes",
        ),
        (
            Inputs(data=DEMO / "truth.json", predictions=Path("parts.csv")),
            "parts.csv: these are probabilities of classes, but the ground truth truth.json has",
        ),
        (
            Inputs(data=CLASSES / "images", predictions=DEMO / "truth.json"),
            "these are no probabilities, but the ground truth images has one class for each image",
        ),
    ],
)
def test_a_model_for_another_task_than_the_labels_is_a_sentence_that_names_both(
    files, monkeypatch, inputs, sentence
):
    monkeypatch.chdir(files)
    with pytest.raises(DataError) as caught:
        last(inputs)
    assert sentence in str(caught.value)


def test_opening_labels_shows_its_stages(files):
    inputs = Inputs(data=files / "labels.csv", predictions=files / "p.npz")
    stages = [event.words for event in opening(inputs) if isinstance(event, Stage)]
    assert stages == ["Reading labels.csv", "Reading p.npz"]


def test_a_classifier_has_no_error_types_of_boxes(files):
    given = ("--data", "labels.csv", "--predictions", "p.csv", "--error-types")
    done = offdiag("report", *given, cwd=files)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith(
        "labels.csv: has one class for each image: --error-types is for detectors, whose boxes can "
        "be wrong in six ways; the matrix has all errors of a classifier\n"
    )
