"""Which ways of feeding are tried, in which order, and when that ends."""

from pathlib import Path

import numpy as np
import pytest

from engine.compare.exports.agreement import AnswerAgreement
from engine.compare.exports.ways import TriedWay, tried_ways
from engine.probing.running import Trying
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import ImageFile
from tests.probing import labelled, particular_model

AS_NOW, ONE_CHANGE, EVERY = 1, 5, 18


def apart(difference: float) -> AnswerAgreement:
    """An agreement with this gap."""
    one = np.zeros(1, np.intp)
    return AnswerAgreement(one, one, one, np.array([difference]))


@pytest.fixture
def tried(tmp_path):
    """Runs a search whose judge gives these gaps, one a way; returns events and the ways judged."""
    labelled(tmp_path, images=2)
    scorer = open_scorer(particular_model(tmp_path / "model.onnx"), provider="cpu")
    files = [ImageFile.at(path, (64, 32)) for path in sorted((tmp_path / "images").iterdir())]

    def run(gaps, cancelled=lambda: False):
        left = iter(gaps)
        events = list(tried_ways(scorer, files, lambda rows: apart(next(left)), cancelled))
        return events, len(gaps) - len(list(left))

    return run


def test_where_no_choice_helps_several_at_once_are_not_tried(tried):
    events, judged = tried([0.3] * ONE_CHANGE + [0.3] + [0.0] * EVERY)
    assert judged == ONE_CHANGE + AS_NOW
    assert all(isinstance(event, Trying) for event in events)
    assert events[-1].total == 2 * (ONE_CHANGE + AS_NOW)


def test_the_first_number_of_choices_that_explains_ends_the_search(tried):
    events, judged = tried([0.3, 0.01, 0.3, 0.3, 0.3] + [0.3] + [0.0] * EVERY)
    assert judged == ONE_CHANGE + AS_NOW
    best = events[-1]
    assert isinstance(best, TriedWay)
    assert best.explains
    assert (best.before.distance, best.after.distance, best.images) == (0.3, 0.01, 2)


def test_where_a_choice_helps_all_are_tried_and_the_best_is_last(tried):
    gaps = [0.3, 0.2, 0.3, 0.3, 0.3] + [0.3] + [0.25] * (EVERY - ONE_CHANGE - AS_NOW)
    events, judged = tried(gaps)
    assert judged == EVERY
    assert isinstance(events[-1], TriedWay)
    assert events[-1].after.distance == 0.2
    assert not events[-1].explains


def test_the_words_say_what_is_other_and_what_is_now(tried):
    said = []
    for best in range(ONE_CHANGE):
        gaps = [0.3] * (ONE_CHANGE + AS_NOW)
        gaps[best] = 0.01
        (*_, way), _ = tried(gaps)
        said.append((way.words, way.now))
    assert sorted(said) == [
        ("fed 0 to 255", "0 to 1"),
        ("fed BGR", "RGB"),
        ("fed ImageNet mean and deviation", "0 to 1"),
        ("resized by letterbox-topleft", "letterbox"),
        ("resized by stretch", "letterbox"),
    ]


def test_a_cancelled_search_finds_nothing(tried):
    events, judged = tried([0.3] * EVERY, lambda: True)
    assert judged == 0
    assert not any(isinstance(event, TriedWay) for event in events)


def test_images_that_cannot_be_read_have_no_answer(tmp_path):
    scorer = open_scorer(particular_model(tmp_path / "model.onnx"), provider="cpu")
    seen = []

    def judge(rows):
        seen.append(list(rows))
        return apart(0.3)

    missing = [ImageFile(str(Path(tmp_path) / "none.png"), 0, 0, (0, 0))]
    list(tried_ways(scorer, missing, judge))
    assert seen == [[None]] * (ONE_CHANGE + AS_NOW)
