import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.cards.operating_point import Thresholds
from engine.cards.operating_point import given as at
from engine.core.arrays import NOTHING
from engine.scoring.run.found import ClassProbabilities, FoundBoxes
from engine.whatif.comparing import answers_compared, compared, in_classes_of

NAMES = ("car", "truck", "bus")


def found(*rows):
    """Rows of class, confidence, left; each box is 10 x 10."""
    return FoundBoxes(
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.float32),
        np.array([(row[2], 0, 10, 10) for row in rows], np.float32).reshape(-1, 4),
    )


def words(before, after, threshold=0.5):
    return compared(before, after, at(threshold, 3), NAMES).words


def test_lost_new_and_less_certain_are_told():
    before = found((0, 0.91, 0), (1, 0.8, 100), (2, 0.7, 200))
    after = found((2, 0.75, 300), (0, 0.63, 1))
    assert words(before, after) == "2 lost, 1 new, car .91 to .63"


def test_nothing_changed_says_so():
    same = found((0, 0.9, 0))
    assert words(same, same) == "nothing lost, nothing new"
    assert words(same, found((0, 0.88, 0))) == "nothing lost, nothing new"


def test_another_class_at_the_same_place_is_a_change_of_class():
    assert words(found((0, 0.9, 0)), found((1, 0.6, 0))) == "car .90 to truck .60"


def test_what_fell_below_the_threshold_is_lost_and_can_be_found():
    change = compared(found((0, 0.9, 0)), found((0, 0.2, 0)), at(0.5, 3), NAMES)
    assert change.words == "1 lost"
    assert (change.changes[0].before, change.changes[0].after) == (0, 0)
    gone = compared(found((0, 0.9, 0)), found(), at(0.5, 3), NAMES)
    assert gone.lost[0].after == NOTHING


def test_what_is_below_the_threshold_on_both_sides_is_not_told():
    assert words(found((0, 0.3, 0)), found((1, 0.2, 50))) == "nothing lost, nothing new"


def test_a_threshold_of_its_own_class_decides():
    own = Thresholds(0.5, np.array([0.95, 0.5, 0.5]), "given")
    assert compared(found((0, 0.9, 0)), found(), own, NAMES).words == "nothing lost, nothing new"


boxes = st.lists(
    st.tuples(st.integers(0, 2), st.floats(0.015625, 1, width=32), st.integers(0, 12)), max_size=12
).map(lambda rows: found(*sorted(rows, key=lambda row: -row[1])))


@given(boxes, boxes, st.floats(0, 1))
def test_every_detection_that_counts_is_told_once(before, after, threshold):
    made = compared(before, after, at(threshold, 3), NAMES)
    counted = [
        np.flatnonzero(each.confidence.astype(float) >= threshold) for each in (before, after)
    ]
    assert sorted(c.before for c in made.changes if not c.new) == counted[0].tolist()
    now = [c.after for c in made.changes if not c.lost]
    assert sorted(now) == counted[1].tolist()
    faded = [c.after for c in made.lost if c.after != NOTHING]
    assert not set(faded) & set(counted[1].tolist())


@given(boxes, st.floats(0, 1))
def test_an_answer_compared_with_itself_changed_nothing(answer, threshold):
    made = compared(answer, answer, at(threshold, 3), NAMES)
    assert not any(change.lost or change.new for change in made.changes)


def test_another_model_is_compared_by_the_names_of_its_classes():
    renamed, names = in_classes_of(found((0, 0.9, 0), (1, 0.8, 50)), ("Truck", "tram"), NAMES)
    assert names == (*NAMES, "tram")
    assert renamed.class_.tolist() == [1, 3]
    probable, names = in_classes_of(
        ClassProbabilities(np.array([0.7, 0.3], np.float32)), ("truck", "tram"), NAMES
    )
    assert probable.value.tolist() == np.array([0, 0.7, 0, 0.3], np.float32).tolist()


def test_a_classifier_tells_what_comes_first_now():
    before = ClassProbabilities(np.array([0.9, 0.1, 0], np.float32))
    after = ClassProbabilities(np.array([0.4, 0.6, 0], np.float32))
    assert answers_compared(before, after, NAMES) == "car .900 to .400, now truck .600"
    assert answers_compared(before, before, NAMES) == "still car .900 to .900"
