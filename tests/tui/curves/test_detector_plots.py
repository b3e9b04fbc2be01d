import re

import numpy as np
import pytest
from rich.console import Console
from rich.style import Style
from textual.color import Color

from engine.core.calibration import density, reliability
from engine.core.goals import Goal
from engine.core.thresholds import OperatingPoint
from engine.detection.curves import MeanCurve, Ranking, curve, sampled
from engine.plots.curve_values import MOST, NOW, OPTIMAL, CurvesState
from engine.plots.detector_plots import PLOTS, told_once
from engine.plots.detector_values import DetectorCurve, DetectorCurvesView
from engine.plots.styles import PlotStyles
from engine.util.words import DASH
from tui.curves.paint.cells import EIGHTHS, in_cells
from tui.curves.paint.detector_words import reading
from tui.curves.paint.theme_styles import theme_curve_styles

DARK = Color.parse("#121212")
PARTS = ("base", "title", "label", "note", "axis", "grid", "iso", "rule", "mean", "cursor", "now")
SIZE = (60, 20)


def styles(plain=False):
    """A colour for each part, so that tests can tell them apart."""
    names = (*PARTS, "optimal", "flat")
    back = Style.from_color(bgcolor=DARK.rich_color)
    parts = {name: Style(color=f"color({place + 20})") + back for place, name in enumerate(names)}
    parts["flat"] = Style(bgcolor="dark_green")
    white = Color.parse("white")
    return PlotStyles(**parts, **theme_curve_styles(DARK, white, plain), plain=plain)


def ranking(predictions=400, seed=0, ground_truths=None):
    """Predictions that are the more often right the more confident they are."""
    random = np.random.default_rng(seed)
    confidence = np.sort(random.random(predictions))[::-1]
    hit = random.random(predictions) < confidence
    return Ranking(
        hit, confidence, int(hit.sum() * 1.2) if ground_truths is None else ground_truths
    )


def named(name, **made):
    return DetectorCurve(name, curve(ranking(**made)))


def view(*curves, **changes):
    curves = curves or (named("bolt"), named("nut", seed=1))
    made = {
        "point": OperatingPoint(0.5, 0.62),
        "optimum": 0.3,
        "mean": MeanCurve(np.linspace(0, 1, 101), np.linspace(1, 0, 101)),
        "flat": (0.25, 0.4),
        "reliability": reliability(ranking()),
        "density": density(ranking()),
        "title": "IoU .50",
    }
    return DetectorCurvesView(curves=curves, **(made | changes))


def painted(name, shown=None, size=SIZE, plain=False, **state):
    shown = view() if shown is None else shown
    inks = styles(plain)
    plot = in_cells(PLOTS[name](shown, CurvesState(**state), inks), *size, inks)
    return "\n".join(plot.raster.lines), plot


def letters(plot, letter):
    return np.argwhere(plot.raster.letters == ord(letter))


@pytest.mark.parametrize("name", PLOTS)
@pytest.mark.parametrize("size", [(0, 0), (1, 1), (7, 5), (20, 8), (60, 20), (200, 60)])
@pytest.mark.parametrize(
    "shown",
    [
        view(),
        view(named("none", predictions=0), reliability=None, density=None),
        view(named("one", predictions=1), optimum=np.nan, flat=(np.nan, np.nan), mean=None),
        view(named("no truth", ground_truths=0)),
        view(
            reliability=reliability(ranking(predictions=0)), density=density(ranking(predictions=0))
        ),
        DetectorCurvesView(OperatingPoint(0.5, 0.5)),
    ],
    ids=["usual", "empty", "one", "no-truth", "no-predictions", "nothing"],
)
def test_every_plot_fills_its_place_whatever_there_is_to_see(name, size, shown):
    for cursor in (None, 0.2, 2.0):
        state = CurvesState(cursor=cursor, iso_f1=True)
        plot = in_cells(PLOTS[name](shown, state, styles()), *size, styles())
        assert len(plot.raster.strips) == size[1]
        assert all(strip.cell_length == size[0] for strip in plot.raster.strips)


def test_precision_by_recall_has_a_title_a_legend_and_numbers():
    words, _ = painted("precision-recall")
    bolt = view().curves[0].curve
    index = int((bolt.confidence >= 0.62).sum()) - 1
    assert words.startswith("Precision by recall · IoU .50")
    ratios = (bolt.precision[index], bolt.recall[index], bolt.f1[index])
    said = "P {:.3f}  R {:.3f}  F1 {:.3f}".format(*ratios).replace("0.", ".")
    assert f"{NOW} {said}" in words.splitlines()[0]
    assert "▸━━ bolt  ── nut  ╌╌ mean of classes" in re.sub(" {2,}", "  ", words.splitlines()[1])


@pytest.mark.parametrize("name", ["precision-recall", "thresholds"])
def test_numbers_that_a_line_beside_the_plots_says_can_be_left_out(name):
    inks = styles(False)
    number = re.compile(r"\b(?:P|R|F1|precision|recall) \.?\d")
    described = PLOTS[name](view(), CurvesState(), inks)
    for plot, said in ((described, True), (told_once(name, described, view()), False)):
        head = " ".join(in_cells(plot, *SIZE, inks).raster.lines[:2])
        assert bool(number.search(head)) == said


def test_the_operating_point_and_the_optimum_stand_on_the_curve():
    _, plot = painted("precision-recall")
    bolt, axes = view().curves[0].curve, plot.axes
    for letter, confidence in ((NOW, 0.62), (OPTIMAL, 0.3)):
        index = int((bolt.confidence >= confidence).sum()) - 1
        column = int(axes.column(bolt.recall[index])) // 2
        row = int(axes.row(bolt.precision[index])) // 4
        assert [row, column] in letters(plot, letter).tolist()


def test_at_the_optimum_one_sign_says_so():
    below_legend = 2
    _, plot = painted("precision-recall", view(named("bolt"), optimum=0.62))
    assert not (letters(plot, NOW)[:, 0] >= below_legend).any()
    assert (letters(plot, OPTIMAL)[:, 0] >= below_legend).sum() == 1


def test_the_mean_and_lines_of_equal_f1_can_be_left_out():
    assert "mean" in painted("precision-recall")[0]
    assert "mean" not in painted("precision-recall", mean=False)[0]
    assert "F1 .8" not in painted("precision-recall")[0]
    assert "F1 .8" in painted("precision-recall", iso_f1=True)[0]


def test_the_cursor_stands_on_the_focused_curve():
    _, plot = painted("precision-recall", cursor=0.1, focus=1)
    (place,) = letters(plot, "┼").tolist()
    nut = view().curves[1].curve
    index = int((nut.confidence >= 0.1).sum()) - 1
    assert place[1] == int(plot.axes.column(nut.recall[index])) // 2


def test_by_confidence_shades_what_is_almost_optimal():
    words, plot = painted("thresholds", size=(90, 20))
    assert words.startswith("By confidence · bolt")
    assert f"{NOW} .620  {OPTIMAL} .300" in words
    assert "within 1 % of optimal" in words
    cells = plot.axes.span(0.25, 0.4)
    flat = styles().flat.bgcolor
    row = plot.raster.style[10]
    shaded = [plot.raster.styles[style].bgcolor == flat for style in row]
    assert shaded == [cells.x <= x < cells.right for x in range(90)]


def test_by_confidence_marks_stand_at_their_confidences():
    _, plot = painted("thresholds")
    for letter, confidence in ((NOW, 0.62), (OPTIMAL, 0.3)):
        (column,) = (x for y, x in letters(plot, letter) if y >= plot.axes.cells.y)
        assert column == int(plot.axes.column(np.array(confidence))) // 2
    _, plot = painted("thresholds", view(optimum=0.62))
    assert not (letters(plot, NOW)[:, 0] >= plot.axes.cells.y).any()


@pytest.mark.parametrize(
    ("goal", "drawn"), [("f2", "F2"), ("f0.5", "F0.5"), ("f1", "F1"), ("recall", "F1")]
)
def test_by_confidence_draws_the_f_of_the_goal_and_the_optimum_on_its_top(goal, drawn):
    goal, bolt = Goal.parse(goal), view().curves[0].curve
    values = goal.f_measure.values(bolt, 0)
    best = int(np.nanargmax(values))
    shown = view(goal=goal, optimum=float(bolt.confidence[best]))
    described = PLOTS["thresholds"](shown, CurvesState(), styles())
    assert [entry.name for entry in described.entries] == ["precision", "recall", drawn]
    (mark,) = (part for part in described.parts if getattr(part, "letter", "") == OPTIMAL)
    assert mark.y == np.nanmax(values)


def test_the_line_below_measures_what_the_threshold_is_best_for():
    shown = view(goal=Goal.parse("f2"), optimum=0.5, point=OperatingPoint(0.5, 0.5))
    bolt = shown.curves[0].curve
    precision, recall = (
        float(each[int((bolt.confidence >= 0.5).sum()) - 1])
        for each in (bolt.precision, bolt.recall)
    )
    f2 = 5 * precision * recall / (4 * precision + recall)
    assert f"  F2 {f2:.3f}".replace(" 0.", " .") in reading(shown, CurvesState(), 78)
    assert "F2" not in reading(view(), CurvesState(), 78)


def test_calibration_has_bars_as_high_as_their_precision():
    words, plot = painted("calibration")
    found = view().reliability
    assert words.startswith("Calibration · bolt")
    assert f"ECE {found.ece:.3f}".replace("0.", ".") in words.splitlines()[0]
    cells = plot.axes.cells
    bar = styles().bar.color
    for place in range(10):
        middle = int(plot.axes.column(np.array(place / 10 + 0.04))) // 2
        column = plot.raster.style[cells.y : cells.bottom, middle]
        full = sum(plot.raster.styles[style].bgcolor == bar for style in column)
        assert full == int(np.floor(round(found.precision[place] * cells.height * 8) / 8))
    assert any(letter in words for letter in EIGHTHS[1:-1])


def test_confidences_are_counted_on_a_logarithmic_scale():
    found = density(Ranking(np.arange(5000) % 4 == 0, np.linspace(0.02, 0.0, 5000), 2000))
    words, _ = painted("confidences", view(density=found))
    assert "true positives 1,250" in words
    assert "false positives 3,750" in words
    assert [tick for tick in ("10┤", "100┤", "1k┤") if tick in words] == ["10┤", "100┤", "1k┤"]


def test_what_cannot_be_drawn_is_said():
    shown = view(named("gear", ground_truths=0), named("cog", predictions=0, ground_truths=5))
    assert "gear has no ground truth" in painted("precision-recall", shown)[0]
    assert "cog is never predicted" in painted("thresholds", shown, focus=1)[0]
    assert (
        "No class is drawn"
        in painted("precision-recall", DetectorCurvesView(OperatingPoint(0.5, 0.5)))[0]
    )
    assert "being worked out" in painted("calibration", view(reliability=None))[0]
    legend = painted("precision-recall", shown)[0].splitlines()[1]
    assert f"gear {DASH}" in legend


def test_names_in_a_legend_are_cut_so_that_all_are_there():
    curves = [
        DetectorCurve(f"a long name {place}", curve(ranking()), None, 0.5) for place in range(6)
    ]
    legend = painted("precision-recall", view(*curves), mean=False)[0].splitlines()[1]
    assert legend.count("──") + legend.count("━━") == MOST
    assert legend.count("…") == MOST


def test_without_colours_lines_differ_by_their_patterns():
    pens = [styles(plain=True).pen(place) for place in range(MOST)]
    assert len({pen.pattern for pen in pens}) == MOST
    assert len({pen.style for pen in pens}) == 1
    pens = [styles().pen(place) for place in range(MOST)]
    assert len({pen.pattern for pen in pens}) == 1
    assert len({pen.style for pen in pens}) == MOST


def test_a_sampled_curve_is_drawn_almost_as_the_whole():
    whole = curve(ranking(predictions=40_000))
    full, _ = painted("precision-recall", view(DetectorCurve("bolt", whole)))
    part, _ = painted("precision-recall", view(DetectorCurve("bolt", whole, sampled(whole, 1000))))
    differing = sum(one != other for one, other in zip(full, part, strict=True))
    assert differing <= len(full) // 50


def test_the_line_below_reads_the_point_and_says_as_much_as_fits():
    shown, state = view(), CurvesState(cursor=0.5)
    bolt = shown.curves[0].curve
    index = int((bolt.confidence >= 0.5).sum()) - 1
    line = reading(shown, state, 160)
    confidence = f"{bolt.confidence[index]:.3f}"[1:]
    assert line.startswith(f"bolt at confidence {confidence} · P ")
    assert f"{bolt.true_positives[index]} of {bolt.predictions[index]} predictions right" in line
    assert line.endswith("Enter takes this confidence")
    for width in range(30, 160, 7):
        assert len(reading(shown, state, width)) <= max(width, 34)
    empty = reading(view(named("gear", ground_truths=0)), state, 160)
    undefined = f"P {DASH}  R {DASH}  F1 {DASH}"
    assert empty == f"gear has no ground truth: recall is undefined · {undefined}"
    assert "never predicted at confidence 2.000" in reading(shown, CurvesState(cursor=2.0), 160)


def test_stops_are_real_points_that_lie_apart_and_hold_both_ends():
    one = DetectorCurve("bolt", curve(ranking(predictions=30_000)))
    stops = one.stops
    assert (stops[0], stops[-1]) == (0, len(one.curve) - 1)
    assert (np.diff(stops) > 0).all()
    assert len(stops) < 3000
    few = DetectorCurve("bolt", curve(ranking(predictions=9)))
    assert len(few.stops) == len(few.curve)


def test_a_redraw_of_three_curves_is_small():
    """6 kB for other curves, and 2 kB for a step of the cursor, at 100x30."""
    console = Console(force_terminal=True, color_system="truecolor")

    inks = styles()

    def sent(name, before, after):
        rasters = [
            in_cells(PLOTS[name](shown, CurvesState(cursor=at), inks), 100, 30, inks).raster
            for shown, at in (before, after)
        ]
        strips = rasters[1].strips
        regions = rasters[1].changed_since(rasters[0])
        return sum(8 + len(strips[y].crop(x, x + w).render(console)) for x, y, w, _ in regions)

    first, second = (
        view(*[named(f"class {place}", predictions=1000, seed=seed + place) for place in range(3)])
        for seed in (0, 5)
    )
    for name in ("precision-recall", "thresholds"):
        assert 0 < sent(name, (first, 0.3), (second, 0.3)) < 6000
        assert 0 < sent(name, (first, 0.3), (first, 0.32)) < 2000
        assert sent(name, (first, 0.3), (first, 0.3)) == 0
