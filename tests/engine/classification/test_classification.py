import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from engine.core.arrays import NOTHING
from engine.core.goals import Goal, optimum
from engine.core.matrix import count
from engine.core.outcomes import Selection
from engine.core.thresholds import OperatingPoint
from tests.making_classes import classification, classifications

BOLT, NUT, WASHER = range(3)
thresholds = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.5, 1.0]))

# Five images: two right, a nut for a bolt, a tie that the earlier class wins, one doubtful.
LABEL = (BOLT, NUT, BOLT, NUT, WASHER)
VALUE = ((0.9, 0.1, 0.0), (0.2, 0.7, 0.1), (0.1, 0.8, 0.1), (0.4, 0.4, 0.2), (0.3, 0.3, 0.35))


def by_hand():
    return classification(LABEL, VALUE)


def test_the_matrix_by_hand_without_extra_lines():
    matrix = by_hand().answers.matrix(0)
    assert matrix.counts.tolist() == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]]
    assert (matrix.extra_row, matrix.extra_column) == ("", "")


def test_below_the_threshold_the_model_gives_no_answer():
    made = by_hand()
    matrix, card = made.answers.matrix(0.5), made.answers.scorecard(0.5)
    assert matrix.counts.tolist() == [[1, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert (matrix.extra_row, matrix.extra_column) == ("", "No answer")
    assert (card.true_positives, card.false_positives, card.not_detected) == (2, 1, 3)
    assert (card.precision, card.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 5))


def test_a_probability_equal_to_the_threshold_is_an_answer():
    answers = by_hand().answers
    assert answers.answered(0.7) == 3
    assert answers.answered(np.nextafter(0.7, 1)) == 2


def test_the_column_of_no_answer_is_there_whenever_there_is_a_threshold():
    assert by_hand().answers.matrix(0.01).extra_column == "No answer"
    assert by_hand().answers.matrix(-np.inf).extra_column == ""


def test_outcomes_are_one_row_for_each_image_the_most_confident_first():
    rows = by_hand().answers.outcomes(0.5)
    assert rows.image.tolist() == [0, 2, 1, 3, 4]
    assert rows.prediction.tolist() == rows.ground_truth.tolist() == [0, 2, 1, 3, 4]
    assert rows.truth.tolist() == [BOLT, BOLT, NUT, NUT, WASHER]
    assert rows.predicted.tolist() == [BOLT, NUT, NUT, NOTHING, NOTHING]
    assert rows.confidence.tolist() == [0.9, 0.8, 0.7, 0.4, 0.35]
    assert np.isnan(rows.iou).all()
    assert rows.select(Selection(NUT, NOTHING)).image.tolist() == [3]


def test_images_without_a_prediction_are_no_rows_and_counted():
    made = classification([BOLT, NUT, WASHER], [[0, 0, 1], [1, 0, 0]], image=[2, 0])
    assert made.unanswered == 1
    assert made.unanswered_images.tolist() == [1]
    assert made.answers.matrix(0).ground_truths.tolist() == [1, 0, 1]
    assert sorted(made.answers.outcomes(0).image.tolist()) == [0, 2]
    detail = made.answers.detail(1, 0)
    assert (detail.predicted, detail.rank, len(detail.class_)) == (NOTHING, 0, 0)
    assert "no prediction" in detail.why


def test_no_prediction_at_all_leaves_everything_undefined():
    made = classification([BOLT, NUT], np.zeros((0, 3)), image=[])
    matrix = made.answers.matrix(0)
    seen = classification_metrics(matrix, 0, probability_metrics(made))
    assert matrix.counts.sum() == 0
    assert np.isnan(list(seen.headline.values())).all()
    assert np.isnan(seen.brier).all()
    assert np.isnan(made.answers.optimum.confidence)


def test_every_image_looks_the_same_at_every_iou_and_rule():
    made = by_hand()
    assert made.judged(OperatingPoint(0.5, 0)) is made.judged(OperatingPoint(0.9, 0, "iou"))
    assert made.start_confidence == 0


@given(classifications(), thresholds)
def test_the_matrix_counts_the_outcomes(made, confidence):
    answers, c = made.answers, len(made.classes)
    matrix = answers.matrix(confidence)
    assert np.array_equal(matrix.counts, count(answers.outcomes(confidence), c).counts)
    assert np.array_equal(matrix.ground_truths, made.images_of_class)
    card = answers.scorecard(confidence)
    assert card.true_positives == matrix.true_positives.sum()
    assert card.false_positives == matrix.predictions.sum() - card.true_positives
    assert card.not_detected == len(made.probabilities) - card.true_positives


@given(classifications())
def test_the_optimum_is_the_best_of_all_distinct_confidences(made):
    answers = made.answers
    tried = {c: answers.scorecard(c).f1 for c in answers.confidence.tolist()}
    best = answers.optimum
    assert best.value == pytest.approx(max(tried.values()))
    assert best.confidence == max(c for c, f1 in tried.items() if f1 == max(tried.values()))
    assert optimum(answers, Goal("f1"), len(made.images)).confidence == best.confidence


@given(classifications())
def test_a_goal_with_a_limit_keeps_it(made):
    found = optimum(made.answers, Goal("recall at precision", 0.6), len(made.images))
    cards = [made.answers.scorecard(c) for c in made.answers.confidence.tolist()]
    kept = [card.recall for card in cards if card.precision >= 0.6]
    assert found.value == pytest.approx(max(kept, default=np.nan), nan_ok=True)


@given(classifications(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_changes_nothing(made, random):
    order = list(range(len(made.probabilities)))
    random.shuffle(order)
    value, image = made.probabilities.value[order], made.probabilities.image[order]
    other = classification(
        made.dataset.label, value, image=image, classes=made.classes, dtype=value.dtype
    )
    assert np.array_equal(made.answers.matrix(0.3).counts, other.answers.matrix(0.3).counts)
    one, two = probability_metrics(made), probability_metrics(other)
    assert one.rank.roc_auc == pytest.approx(two.rank.roc_auc, nan_ok=True)
    assert one.bins.ece == pytest.approx(two.bins.ece, abs=1e-12)


@given(classifications(least_classes=2, dtypes=[np.float64]))
def test_a_perfect_model_is_perfect(made):
    value = np.eye(len(made.classes))[made.truth]
    perfect = classification(
        made.dataset.label, value, image=made.probabilities.image, classes=made.classes
    )
    matrix = perfect.answers.matrix(0)
    seen = classification_metrics(matrix, 0, probability_metrics(perfect)).headline
    assert np.array_equal(matrix.counts[:-1, :-1], np.diag(perfect.images_of_class))
    assert [seen[name] for name in ("accuracy", "f1_macro", "average_precision")] == [1, 1, 1]
    assert [seen[name] for name in ("brier", "ece")] == [0, 0]
    assert seen["log_loss"] == pytest.approx(0, abs=1e-15)
    if np.count_nonzero(perfect.images_of_class) > 1:
        assert [seen[name] for name in ("mcc", "kappa", "roc_auc_ovr", "roc_auc_ovo")] == [1] * 4


def test_the_detail_of_an_image_by_hand():
    detail = by_hand().answers.detail(3, 0)
    assert detail.class_.tolist() == [BOLT, NUT, WASHER]  # equal ones in the order of the classes
    assert detail.probability.tolist() == [0.4, 0.4, 0.2]
    assert (detail.truth, detail.predicted, detail.rank, detail.right) == (NUT, BOLT, 2, False)
    assert detail.margin == 0
    assert detail.why == (
        "Wrong: bolt and the label nut are equal at .400, "
        "and the class that comes first in the list wins."
    )


@pytest.mark.parametrize(
    ("image", "confidence", "why"),
    [
        (0, 0, "Right: bolt comes first at .900, and is the label."),
        (2, 0, "Wrong: nut comes first at .800; the label bolt is number 2, at .100."),
        (4, 0.5, "No answer: washer comes first at .350, below the threshold .500, and is the"),
        (2, 0.8001, "No answer: nut comes first at .80000, below the threshold .80010; the label"),
    ],
)
def test_a_sentence_says_what_the_answer_is(image, confidence, why):
    assert by_hand().answers.detail(image, confidence).why.startswith(why)


@given(classifications(), thresholds)
def test_the_detail_agrees_with_the_outcomes(made, confidence):
    rows = made.answers.outcomes(confidence)
    for place in range(min(len(rows), 5)):
        detail = made.answers.detail(int(rows.image[place]), confidence)
        assert detail.predicted == rows.predicted[place]
        assert detail.confidence == rows.confidence[place]
        assert detail.right == rows.correct[place]
        assert detail.class_[detail.rank - 1] == detail.truth
        assert sorted(detail.class_) == list(range(len(made.classes)))
