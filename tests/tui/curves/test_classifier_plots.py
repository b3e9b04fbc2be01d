"""The plots of one class against the rest."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.classification.one_vs_rest import ranking
from engine.classification.roc import roc
from engine.plots.classifier_plots import CLASS_PLOTS, distances
from engine.plots.classifier_values import ClassifierCurvesView, roc_line
from engine.plots.curve_values import IN_MATRIX, NOW, OPTIMAL, CurvesState
from engine.plots.density import how_to_read
from engine.util.words import DASH
from tests.making_classes import classification, classifications
from tests.tui.curves.test_detector_plots import letters, styles
from tests.tui.tables.classifier_views import by_hand, curves_view, drawn
from tui.curves.paint.cells import below, in_cells
from tui.curves.paint.classifier_files import classifier_curves_csv, classifier_curves_file
from tui.curves.paint.classifier_words import classifier_point_explanation, classifier_reading

SIZE = (60, 24)
NOTHING = ClassifierCurvesView(curves_view(by_hand()).point)


def painted(name, view, size=SIZE, plain=False, **state):
    inks = styles(plain)
    plot = in_cells(CLASS_PLOTS[name](view, CurvesState(**state), inks), *size, inks)
    return "\n".join(plot.raster.lines), plot


def place(plot, x, y):
    """The cell of a point: row and column."""
    column, row = plot.axes.column(np.array(x)), plot.axes.row(np.array(y))
    return [int(row) // 4, int(column) // 2]


@pytest.mark.parametrize("name", CLASS_PLOTS)
@pytest.mark.parametrize("size", [(0, 0), (1, 1), (7, 5), (20, 8), (60, 20), (200, 60)])
@pytest.mark.parametrize(
    "view",
    [
        curves_view(drawn(), (0, 3), 1, confidence=0.4),
        curves_view(by_hand()),
        curves_view(classification([0, 0], [[0.9, 0.1], [0.4, 0.6]])),  # no nut
        curves_view(classification([0, 0], [[0.9, 0.1], [0.4, 0.6]]), (1,)),
        NOTHING,
    ],
    ids=["two", "one", "no-others", "no-image", "nothing"],
)
def test_every_plot_fills_its_place_whatever_there_is_to_see(name, size, view):
    for cursor in (None, 0.2, 2.0):
        _, plot = painted(name, view, size, cursor=cursor)
        assert len(plot.raster.strips) == size[1]
        assert all(strip.cell_length == size[0] for strip in plot.raster.strips)


@given(classifications(), st.integers(0, 6))
def test_the_drawn_roc_curve_goes_from_corner_to_corner_and_never_back(made, number):
    view = curves_view(made, (number % len(made.classes),))
    named = view.curves[0]
    across, up = roc_line(named.roc)
    if named.without_roc:
        assert len(across) == 0
        return
    assert (across[0], up[0], across[-1], up[-1]) == (0, 0, 1, 1)
    assert (np.diff(across) >= 0).all()
    assert (np.diff(up) >= 0).all()
    points = {(x, y) for x, y in zip(across, up, strict=True)}
    every = named.roc
    assert points <= set(zip(every.false_positive_rate, every.true_positive_rate, strict=True))


def test_roc_names_the_area_the_chance_line_and_what_is_marked():
    words, plot = painted("roc", curves_view(by_hand()))
    head, legend = words.splitlines()[:2]
    # 14 of the 15 pairs of a bolt and another are in order, one bolt is below two others.
    assert head.startswith("ROC · against the rest")
    assert head.rstrip().endswith("AUC .867")
    assert "▸━━ bolt .87" in legend
    assert "╌╌ chance" in legend
    diagonal = [place(plot, at, at) for at in np.linspace(0.1, 0.75, 14)]
    inks = [plot.raster.styles[plot.raster.style[row, column]] for row, column in diagonal]
    assert inks.count(styles().mean) > 4
    # The matrix answers bolt four times for bolts and once for the washer.
    assert place(plot, 1 / 3, 4 / 5) in letters(plot, IN_MATRIX).tolist()
    below_legend = letters(plot, NOW)[:, 0] >= 2
    assert not below_legend.any()  # every image is answered: no threshold is in force


def test_a_threshold_stands_on_the_curve_beside_the_best_one():
    view = curves_view(by_hand(), confidence=0.65)
    _, plot = painted("roc", view)
    assert place(plot, 0, 3 / 5) in letters(plot, NOW).tolist()
    assert view.optimum == 0.6
    assert place(plot, 0, 4 / 5) in letters(plot, OPTIMAL).tolist()


def test_the_cursor_stands_where_it_reads_off():
    view = curves_view(by_hand())
    words, plot = painted("roc", view, cursor=0.4)
    assert "┼" in words
    assert place(plot, 2 / 3, 4 / 5) in letters(plot, "┼").tolist()
    state = CurvesState(cursor=0.4)
    assert classifier_reading(view, state, 200) == (
        "bolt against the rest, p ≥ .400 · TPR .800  FPR .667  P .667  F1 .727 · "
        "4 of 5 images of it, 2 of 3 others · Enter takes this confidence"
    )
    for width in (40, 60, 78, 118, 198):
        assert len(classifier_reading(view, state, width)) <= max(width, 46)
    told = classifier_point_explanation(view, state)
    assert (
        told.filled
        == "TPR = 4 / 5 = .800, FPR = 2 / 3 = .667, P = 4 / 6 = .667, F1 = 8 / 11 = .727"
    )
    assert "confidence ≥ .400" in told.made_at
    assert "the matrix takes the most probable class" in told.made_at


def test_without_a_threshold_the_reading_begins_where_f1_is_best():
    view = curves_view(by_hand())
    assert classifier_reading(view, CurvesState(), 78).startswith(
        "bolt p ≥ .600 · TPR .800  FPR .000"
    )
    view = curves_view(by_hand(), confidence=0.85)
    assert classifier_reading(view, CurvesState(), 78).startswith("bolt p ≥ .900 · TPR .200")


def test_a_click_finds_the_nearest_point_in_the_units_of_its_plot():
    view = curves_view(by_hand())
    named = view.curves[0]
    nearest = int(np.argmin(distances("roc", named, 0.0, 0.8)))
    assert named.curve.confidence[nearest] == 0.6
    nearest = int(np.argmin(distances("calibration", named, 0.71, 0.0)))
    assert named.curve.confidence[nearest] == 0.7


def test_precision_by_recall_marks_the_matrix_and_names_average_precision():
    words, plot = painted("precision-recall", curves_view(by_hand()))
    assert place(plot, 4 / 5, 4 / 5) in letters(plot, IN_MATRIX).tolist()
    assert "▸━━ bolt .94" in words.splitlines()[1]
    assert f"{OPTIMAL} P 1.000  R .800" in words.splitlines()[0]


def test_calibration_counts_the_images_of_each_bin():
    view = curves_view(by_hand())
    words, _ = painted("calibration", view, size=(90, 24))
    assert words.startswith("Calibration · bolt")
    assert f"ECE {view.reliability.ece:.3f}".replace("0.", ".") in words.splitlines()[0]
    counted = [int(number) for number in words.splitlines()[-1].split()[1:]]
    assert counted == view.reliability.count[view.reliability.count > 0].tolist()
    assert sum(counted) == 8
    assert "share of it" in words.splitlines()[1]


def test_density_has_two_lines_their_medians_and_says_how_to_read_it():
    words, _ = painted("density", curves_view(by_hand()), size=(80, 30))
    head, legend = words.splitlines()[:2]
    assert head.rstrip().endswith("5 images, 3 others")
    assert "── this class median .700" in legend
    assert "╌╌ all others median .400" in legend
    said = " ".join(words.split())
    assert "the probability that the model gives to bolt" in said
    assert "A perfect model: all images of bolt at the right end, all others at the left" in said


def test_what_a_perfect_model_looks_like_is_the_last_thing_to_go():
    words = how_to_read("bolt")
    long, short = below(words, 60, 9), below(words, 60, 3)
    assert long[0].startswith("From left to right")
    assert short == long[-len(short) :]
    assert short[0].startswith("A perfect model")
    assert below(words, 60, 1) == []


def test_the_two_densities_differ_in_their_dots_and_not_by_colour_alone():
    _, plot = painted("density", curves_view(drawn()), size=(80, 30))
    raster, inks = plot.raster, styles()

    def drawn_with(pen):
        own = [index for index, style in enumerate(raster.styles) if style == pen.style]
        return {chr(letter) for letter in raster.letters[np.isin(raster.style, own)]}

    dense = "⠅"
    assert dense in drawn_with(inks.pen(0))
    assert dense not in drawn_with(inks.pen(1))
    plain = painted("density", curves_view(drawn()), size=(80, 30), plain=True)[1].raster
    assert ord(dense) in plain.letters
    assert not {"#5e9dff", "#f0a020"} & {str(style.color) for style in plain.styles}


@pytest.mark.parametrize("name", ["roc", "precision-recall"])
def test_where_there_is_no_curve_it_says_why(name):
    only_bolts = classification([0, 0], [[0.9, 0.1], [0.4, 0.6]])
    words, _ = painted(name, curves_view(only_bolts, (1,)))
    assert "nut has no image" in words
    if name == "roc":
        words, _ = painted(name, curves_view(only_bolts))
        assert "every image is of bolt" in words
        assert f"AUC {DASH}" in words
    assert "/ chooses one" in classifier_reading(NOTHING, CurvesState(), 78)


def test_the_csv_has_every_point_of_every_curve():
    view = curves_view(by_hand(), (0, 1))
    lines = list(csv.DictReader(io.StringIO(classifier_curves_csv(view).decode())))
    assert len(lines) == sum(len(named.curve) for named in view.curves)
    last = [line for line in lines if line["class"] == "bolt"][-1]
    assert (last["true_positives"], last["false_positive_rate"]) == ("5", "1.0")
    assert (last["images"], last["others"], last["rule"]) == ("5", "3", "one against the rest")
    curve = roc(ranking(by_hand(), 0))
    assert [
        float(line["false_positive_rate"]) for line in lines[: len(curve) - 1]
    ] == pytest.approx(curve.false_positive_rate[1:].tolist())


@pytest.mark.parametrize(("ending", "start"), [(".svg", b"<svg "), (".png", b"\x89PNG")])
def test_the_picture_has_four_plots(ending, start):
    found = classifier_curves_file(curves_view(by_hand(), confidence=0.5), CurvesState(), ending)
    assert found.startswith(start)
    if ending == ".svg":
        for title in (b"ROC", b"Precision by recall", b"Calibration", b"Density"):
            assert title in found
