from dataclasses import replace
from datetime import date
from math import nan

import pytest

from engine.core.goals import GOALS, Goal, GoalOptimum, best_words
from engine.core.thresholds import OperatingPoint
from tui.drawing.standing import Standing, day_words, saved_point_words

TODAY = date(2026, 11, 30)
BEST = GoalOptimum(Goal("f1"), 0.4871, 0.773, (0.4, 0.5))
AT_BEST = Standing(OperatingPoint(0.5, 0.4871), BEST)
ELSEWHERE = replace(AT_BEST, point=OperatingPoint(0.5, 0.55))


def test_the_sentence_names_what_the_confidence_is_best_for():
    assert AT_BEST.words(TODAY) == ("confidence .487 = best F1",)


def test_who_moved_it_reads_the_way_back_and_who_did_not_is_not_told_so():
    long, short = replace(ELSEWHERE, moved=True).words(TODAY)
    assert short == "you moved it; 0 goes back to .487 (best F1)"
    assert long == f"confidence .550, {short}"
    assert ELSEWHERE.words(TODAY) == ("confidence .550; 0 goes to .487 (best F1)",)


def test_two_confidences_that_look_alike_are_told_apart():
    near = Standing(OperatingPoint(0.5, 0.487), BEST, moved=True)
    assert near.words(TODAY)[0] == (
        "confidence .4870, you moved it; 0 goes back to .4871 (best F1)"
    )


def test_a_saved_point_says_when_and_only_what_is_best_is_called_so():
    saved = replace(AT_BEST, saved="2026-03-03T10:00:00")
    assert saved.words(TODAY)[1] == "saved on 3 March, best F1"
    elsewhere = replace(ELSEWHERE, saved="2026-03-03T10:00:00")
    assert elsewhere.words(TODAY)[1] == "saved on 3 March; 0 goes to .487 (best F1)"
    assert replace(saved, saved="").words(TODAY)[1] == "saved, best F1"


def test_thresholds_of_classes_are_no_one_confidence():
    own = replace(AT_BEST, point=OperatingPoint(0.5, 0.4871, per_class=True))
    assert own.words(TODAY) == ("confidence of each class = its own best F1",)


def test_where_nothing_can_be_best_nothing_is_promised():
    why = "no ground truth: nothing to optimise"
    nothing = replace(ELSEWHERE, best=replace(BEST, confidence=nan, value=nan), no_optimum=why)
    for moved in (False, True):
        assert replace(nothing, moved=moved).words(TODAY) == (f"confidence .550; {why}",)


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.spec)
def test_each_goal_and_the_way_there_fit_the_second_line_of_eighty_columns(goal):
    moved = replace(ELSEWHERE, best=replace(BEST, goal=goal), moved=True)
    assert best_words(goal) in moved.words(TODAY)[-1]
    assert len(f"{moved.words(TODAY)[-1]}   F1 .770") <= 78


def test_a_day_of_another_year_has_its_year():
    assert day_words("2026-03-03", TODAY) == "on 3 March"
    assert day_words("2024-03-03T01:00:00", TODAY) == "on 3 March 2024"
    assert day_words("soon", TODAY) == ""


def test_a_saved_point_is_told_with_the_classes_that_have_their_own_threshold():
    words = saved_point_words(0.41, 0.41, 2, "2026-11-20", TODAY)
    assert words[0] == "confidence .410, saved on 20 November; 2 classes at their own threshold"
    assert saved_point_words(0.41, 0.41, 0, "", TODAY)[0] == "confidence .410, saved"


def test_who_moved_it_away_reads_what_holds_for_all_and_what_is_given_back():
    long, _, short = saved_point_words(0.43, 0.41, 2, "2026-11-20", TODAY)
    assert short == "0 goes back to .410 and 2 classes at their own"
    assert long == f"confidence .430 for all classes, you moved it; {short}"
    assert saved_point_words(0.43, 0.41, 0, "", TODAY)[0] == (
        "confidence .430, you moved it; 0 goes back to .410"
    )
