import numpy as np

from engine.core.matrix import ConfusionMatrix
from engine.report.matrix_text import aligned, most_confused
from engine.util.words import a, number, percent, share


def test_the_classes_of_the_largest_confusions_are_shown_in_their_order():
    counts = np.zeros((13, 13), np.int64)
    counts[11, 2] = 9
    counts[5, 6] = 4
    counts[0, 12] = 99  # a class that is often missed comes after those that are confused
    shown = most_confused(ConfusionMatrix(counts), 5)
    assert shown.tolist() == [0, 2, 5, 6, 11]


def test_few_classes_are_all_shown():
    assert most_confused(ConfusionMatrix(np.zeros((4, 4), np.int64)), 5).tolist() == [0, 1, 2]


def test_undefined_is_a_dash():
    assert share(float("nan")) == "\N{EN DASH}"
    assert percent(0, 0) == share(float("nan"))
    assert (share(0.0), share(0.4666, 3), share(1.0)) == (".00", ".467", "1.00")


def test_counts_and_nouns_agree():
    assert [number(n, "box", "boxes") for n in (0, 1, 1204)] == ["0 boxes", "1 box", "1,204 boxes"]
    assert (a("apple"), a("bolt")) == ("an apple", "a bolt")


def test_the_first_column_stands_left_and_numbers_right():
    assert aligned([["a", "count"], ["long name", "7"]]) == [
        "  a          count",
        "  long name      7",
    ]
