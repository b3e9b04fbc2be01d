from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import softmax as reference

from engine.core.errors import DataError
from engine.formats.predictions.probability_files import read_probabilities
from engine.formats.predictions.probability_values import checked, softmax
from tests.engine.formats.tabular import (
    LABELS,
    NAMES,
    PROBABILITIES,
    TABLE,
    labelled,
    npz,
    parquet,
    written,
)

CAT_DOG = ("cat", "dog")


def read(path, **how):
    return read_probabilities(path, labelled(), **how)


@settings(max_examples=50, deadline=None)
@given(
    hnp.arrays(
        np.float64, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=st.floats(-1e6, 1e6)
    )
)
def test_softmax_is_scipys(logits):
    expected = reference(logits.astype(np.float64), axis=1)
    assert np.allclose(softmax(logits), expected, rtol=1e-14, atol=0)


def test_softmax_takes_half_precision_and_minus_infinity_and_refuses_the_rest():
    logits = np.array(
        [[60000, 0], [-np.inf, 1], [-np.inf, -np.inf], [np.inf, 0], [np.nan, 0]], "f2"
    )
    made = softmax(logits)
    assert made[:2].tolist() == [[1, 0], [0, 1]]
    assert np.isnan(made[2:]).any(axis=1).all()


def test_csv_parquet_and_npz_give_the_same(tmp_path):
    values = "UNION ALL ".join(
        f"SELECT '{name}' AS filename, {row[0]}::FLOAT AS cat, {row[1]}::FLOAT AS dog "
        for name, row in zip(NAMES, PROBABILITIES, strict=True)
    )
    single = np.array(PROBABILITIES, np.float32)
    for path, kind in (
        (written(tmp_path, "p.csv", TABLE), "float64"),
        (parquet(tmp_path / "p.parquet", values), "float32"),
        (npz(tmp_path / "p.npz", image=NAMES, classes=CAT_DOG, probabilities=single), "float32"),
        (
            npz(tmp_path / "q.npz", filename=NAMES, class_names=[b"cat", b"dog"], probs=single),
            "float32",
        ),
    ):
        found = read(path)
        assert list(found.images) == list(NAMES)
        assert found.classes == CAT_DOG
        assert found.value.dtype == kind
        assert np.array_equal(found.value, PROBABILITIES)
        assert found.warnings == ()
        assert ("Probabilities", f"as in the file, {kind}") in found.facts


def test_a_compressed_npz_is_read_too(tmp_path):
    np.savez_compressed(
        tmp_path / "p.npz", image=NAMES, classes=CAT_DOG, probabilities=PROBABILITIES
    )
    assert np.array_equal(read(tmp_path / "p.npz").value, PROBABILITIES)


def test_logits_become_probabilities_when_asked_for_or_named_so(tmp_path):
    logits = [[2.0, -1.0], [0, 0], [-3, 4]]
    expected = reference(logits, axis=1)
    rows = "".join(f"{name},{a},{b}\n" for name, (a, b) in zip(NAMES, logits, strict=True))
    table = read(written(tmp_path, "p.csv", "image,cat,dog\n" + rows), logits=True)
    assert np.allclose(table.value, expected, rtol=1e-15)
    assert table.facts[-1] == ("Probabilities", "softmax of logits, float64")
    named = npz(tmp_path / "p.npz", image=NAMES, classes=CAT_DOG, logits=logits)
    assert np.allclose(read(named).value, expected, rtol=1e-15)


def test_columns_beside_the_classes_are_told_and_a_prefix_is_no_part_of_a_class(tmp_path):
    table = ",image,proba_cat,proba_dog,prediction\n0,a.jpg,.5,.5,cat\n"
    found = read(written(tmp_path, "p.csv", table))
    assert found.classes == CAT_DOG
    assert found.warnings == ("p.csv: column 'prediction' is no class of the dataset: left out",)
    labels = read_probabilities(
        written(tmp_path, "q.csv", "image,label,class\na,0,1\n"),
        labelled(classes=("class", "label")),
    )
    assert labels.classes == ("label", "class")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("c.jpg,nan,1", "1 row with a number that is not finite ('c.jpg'): left out"),
        ("c.jpg,,1", "1 row with a number that is not finite ('c.jpg'): left out"),
        ("c.jpg,inf,0", "1 row with a number that is not finite ('c.jpg'): left out"),
        ("c.jpg,-0.5,1", "1 row with a negative probability ('c.jpg'): left out"),
    ],
)
def test_rows_that_are_no_probabilities_are_left_out_and_told(tmp_path, row, sentence):
    found = read(written(tmp_path, "p.csv", f"image,cat,dog\na.jpg,1,0\n{row}\nb.jpg,0,1\n"))
    assert found.warnings == (f"p.csv: {sentence}",)
    assert list(found.images) == ["a.jpg", "b.jpg"]
    assert found.value.tolist() == [[1, 0], [0, 1]]
    assert found.place(1) == "line 4"


def test_rows_that_do_not_sum_to_1_are_taken_and_told_once(tmp_path):
    found = read(written(tmp_path, "p.csv", "image,cat,dog\na,.5,.25\nb,.5,.5005\nc,.25,.25\n"))
    assert found.warnings == (
        "p.csv: 2 rows whose probabilities do not sum to 1 ('a': 0.75): taken as they are",
    )
    assert found.value[0].tolist() == [0.5, 0.25]


@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_rows_of_a_multi_label_model_are_refused_in_one_sentence(tmp_path, suffix):
    rows = [(0.9, 0.8), (0.9, 0.1), (0.2, 0.7)]
    if suffix == "csv":
        lines = "".join(f"{name},{a},{b}\n" for name, (a, b) in zip("abc", rows, strict=True))
        path = written(tmp_path, "p.csv", f"image,cat,dog\n{lines}")
    else:
        names = np.array(["a", "b", "c"])
        classes = np.array(["cat", "dog"])
        path = npz(tmp_path / "p.npz", image=names, classes=classes, probabilities=np.array(rows))
    with pytest.raises(DataError) as refused:
        read(path)
    assert str(refused.value) == (
        f"{path}: 1 row of 3 with half or more for each of several classes, such as 0.9 and 0.8 "
        "for 'a': those of a multi-label model are not assessed; where one class is right for each "
        "image, divide each row by its sum"
    )


@pytest.mark.parametrize(("sure_of_two", "refused"), [(1, False), (2, True)])
def test_classes_that_were_trained_by_themselves_are_seldom_sure_of_two(
    tmp_path, sure_of_two, refused
):
    rows = [(0.9, 0.8)] * sure_of_two + [(0.9, 0.2)] * (20 - sure_of_two)
    lines = "".join(f"{name},{a},{b}\n" for name, (a, b) in enumerate(rows))
    path = written(tmp_path, "p.csv", f"image,cat,dog\n{lines}")
    if refused:
        with pytest.raises(DataError, match="multi-label"):
            read(path)
        return
    assert "do not sum to 1" in read(path).warnings[0]


def test_a_hair_beyond_0_or_1_is_cut_off():
    value = np.array([[1 + 1e-5, -1e-8], [0.5, 0.5]])
    cut, kept, notes = checked(Path("p"), value, str, logits=False)
    assert (cut.max(), cut.min(), kept.all(), notes) == (1, 0, True, ())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "image,cat,dog\na,1,0\nb,3.5,-2\nc,2,0\n",
            "2 rows with a probability above 1, such as 3.5 for 'b': are they logits? Then add "
            "--logits",
        ),
        (
            "image,cat,dog\na,-1,-2\nb,-3,-1\nc,0,1\n",
            "more than half cannot be used: 2 rows with a negative probability ('a'): left out; "
            "are they logits? Then add --logits",
        ),
        ("image,cat,dog\na,x,0\n", "p.csv:2: column 'cat' has 'x', where a number belongs"),
        ("cat,dog\n1,0\n", "p.csv:1: has no column for the image among cat, dog; expected"),
        ("image,label\na,cat\n", "p.csv:1: has no column for any class"),
        ("image,class,class_id,score\na,cat,0,1\n", "offdiag score` writes them with --all"),
        (
            "image,class,x1,y1,x2,y2,score\n",
            "these are boxes (column 'x1'), but the ground truth labels.csv has one class for each",
        ),
    ],
)
def test_a_table_of_something_else_is_refused(tmp_path, content, sentence):
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, "p.csv", content))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({}, "has no arrays; expected"),
        ({"p": [1]}, "has the arrays p; expected"),
        ({"image": NAMES}, "has the arrays image; expected probabilities or logits [N, C]"),
        (
            {"image": NAMES, "classes": CAT_DOG, "probabilities": [[1, 0]]},
            "'probabilities' is [1, 2], which does not fit 'image' [3] and 'classes' [2]",
        ),
        (
            {"image": NAMES, "probabilities": np.zeros((3, 5))},
            "'probabilities' is [3, 5], which does not fit 'image' [3] and the dataset's 2 classes",
        ),
        (
            {"image": NAMES, "probabilities": [1.0, 0, 0]},
            "is float64 [3], where numbers [N, C] belong",
        ),
        (
            {"image": [1.5], "probabilities": [[1.0]]},
            "'image' is float64 [1], where a list of names",
        ),
        (
            {"image": NAMES, "classes": ["cat", "cat"], "probabilities": PROBABILITIES},
            "'classes' has 'cat' twice: each class has one column",
        ),
        (
            {"image": np.array(NAMES, object), "probabilities": PROBABILITIES},
            "'image' holds Python objects, which are not read: save it as "
            "np.array(image, dtype=str)",
        ),
    ],
)
def test_an_npz_that_does_not_fit_together_is_refused(tmp_path, arrays, sentence):
    with pytest.raises(DataError) as caught:
        read(npz(tmp_path / "p.npz", **arrays))
    assert sentence in str(caught.value)


def test_an_npz_without_class_names_has_none_and_makes_none_up(tmp_path):
    found = read(npz(tmp_path / "p.npz", image=NAMES, probabilities=PROBABILITIES))
    assert (found.classes, found.warnings) == (None, ())


def test_numbers_behind_a_prefix_are_those_of_the_classes(tmp_path):
    path = written(tmp_path, "p.csv", TABLE.replace("cat,dog", "prob_0,prob_1"))
    assert read(path).classes == ("0", "1")
    path = written(tmp_path, "q.csv", TABLE.replace("cat,dog", "prob_0,prob_2"))
    assert read(path).classes == ("prob_0", "prob_2")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("p.npz", b"PK\x03\x04 and no more", "is no NPZ file, or was cut off"),
        ("p.npz", b"", "the file is empty"),
        (
            "p.json",
            b"[]",
            "these are no probabilities, but the ground truth labels.csv has one class",
        ),
    ],
)
def test_what_is_no_file_of_probabilities_is_a_sentence(tmp_path, name, content, sentence):
    with pytest.raises(DataError, match=sentence):
        read(written(tmp_path, name, content))
    with pytest.raises(DataError, match="there is no such file of predictions"):
        read(tmp_path / "none.npz")


def test_labels_are_no_probabilities(tmp_path):
    with pytest.raises(DataError, match="has no column for any class"):
        read(written(tmp_path, "labels.csv", LABELS))


def test_percent_and_probabilities_taken_for_logits_are_refused_with_what_they_are(tmp_path):
    percent = written(tmp_path, "p.csv", "image,cat,dog\na.jpg,90,10\nb.jpg,20,80\nc.jpg,1,99\n")
    with pytest.raises(DataError, match=r"in percent\? Then divide them by 100"):
        read(percent)
    with pytest.raises(DataError, match=r"probabilities already, .*: leave --logits out"):
        read(written(tmp_path, "q.csv", TABLE), logits=True)
