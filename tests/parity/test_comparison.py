"""A comparison of two models against hotcoco's."""

import numpy as np
import pytest

from engine.compare.numbers import numbers_without_intervals
from engine.core.intervals import drawn_weights
from engine.core.thresholds import OperatingPoint
from engine.detection.coco.hits import coco_ranked
from engine.detection.coco.reweighting import Reweighting
from engine.detection.coco.summary import CocoSummary
from engine.detection.detection import Detection
from engine.formats import read_dataset, read_predictions
from tests.benchmarks.coco_shaped import SIZES, Size, make, write
from tests.benchmarks.comparisons import second_model

hotcoco = pytest.importorskip("hotcoco")

SMALL = Size(images=60, classes=6, ground_truths=440, predictions=1_800, seed=4)
AT = OperatingPoint(0.5, 0.4)


def both(folder, size, resamples):
    """The sides as Offdiag has them, and hotcoco's comparison of the same files."""
    made = make(size)
    truth_file, results_a = write(made, folder / "a")
    _, results_b = write(second_model(made), folder / "b")
    dataset = read_dataset(truth_file, cache=None)
    truth, sides, evaluations = hotcoco.COCO(str(truth_file)), [], []
    for results in (results_a, results_b):
        found, _ = read_predictions(results, dataset, None)
        sides.append(Detection(dataset, found))
        evaluations.append(hotcoco.COCOeval(truth, truth.load_res(str(results)), "bbox"))
        evaluations[-1].evaluate()
    return sides, hotcoco.compare(*evaluations, n_bootstrap=resamples, seed=3, confidence=0.95)


def assert_same_differences(made, expected):
    metrics = {each.name: each for each in made.metrics}
    for name, delta in expected["deltas"].items():
        assert metrics[name].delta == pytest.approx(delta, abs=1e-12)
        assert metrics[name].a == pytest.approx(expected["metrics_a"][name], abs=1e-12)
    of_classes = {each["cat_id"]: each["delta"] for each in expected["per_category"]}
    ours = [each.ap.delta for each in made.per_class if not np.isnan(each.ap.delta)]
    assert sorted(ours) == pytest.approx(sorted(of_classes.values()), abs=1e-12)


def test_differences_of_summary_and_classes_are_hotcocos(tmp_path, capfd):
    (a, b), expected = both(tmp_path, SMALL, 0)
    assert_same_differences(numbers_without_intervals(a, AT, b, AT), expected)


@pytest.mark.slow
def test_standard_errors_are_hotcocos_where_an_image_counts_once_however_often_it_is_drawn(
    tmp_path, capfd
):
    # So hotcoco 1.3 resamples: about 63 % of the images, each once. Its intervals are a fifth
    # too narrow; counted as often as drawn, ours are SciPy's (see engine/compare).
    (a, b), expected = both(tmp_path, SIZES["XS"], 200)
    assert_same_differences(numbers_without_intervals(a, AT, b, AT), expected)
    weights = next(drawn_weights(len(a.images), 400, 0, 400))
    sides = [Reweighting.of(coco_ranked(side), len(side.images)) for side in (a, b)]
    for drawn, too_narrow in ((np.minimum(weights, 1), False), (weights, True)):
        of_a, of_b = (side.drawn(drawn).summary for side in sides)
        errors = dict(zip(CocoSummary._fields, (of_b - of_a).std(axis=0, ddof=1), strict=True))
        ratios = [expected["ci"][name]["std_err"] / error for name, error in errors.items()]
        assert np.mean(ratios) == pytest.approx(0.79 if too_narrow else 1, abs=0.06)
