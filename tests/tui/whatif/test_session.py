"""The session of What if without a screen: jobs are done here one after the other."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.core.goals import GOALS
from engine.detection.class_thresholds import ClassOptima
from engine.images.pixels import UnreadableImage
from engine.scoring.run.found import FoundBoxes
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import ImageAnswer, ImageFile
from engine.util.timing import Timing
from engine.whatif.perturbing import NONE, Perturbation
from engine.whatif.trial import Problem
from tests.tui.asking import CLASSIFIER, MODEL, PHOTOS
from tui.desk.model_source import ModelSource
from tui.pictures.paint.crops import DecodedImages
from tui.whatif.models import ModelOpened, TrialModels
from tui.whatif.scoring_run import FirstDecoded, RunEnd
from tui.whatif.seen_image import SeenImage
from tui.whatif.session import WhatIfSession

SIGHT = range(4)


@pytest.fixture(scope="module")
def scorer():
    return open_scorer(MODEL, provider="cpu")


@pytest.fixture
def session(scorer):
    made = made_with(scorer)
    yield made
    made.close()


def made_with(scorer):
    session = WhatIfSession(ModelSource(MODEL, None, "cpu"), DecodedImages(1 << 24))
    session.take(ModelOpened(scorer, second=False))
    return session


def done(session, job):
    """What a job tells, taken as the tab does."""
    told = []
    job(told.append, lambda: False)
    for event in told:
        if (arrived := session.take(event)) is not None:
            session.look_at(arrived)
    return told


def drained(session, sight=SIGHT):
    """All that is due, and what comes of it."""
    told = []
    while jobs := list(session.due(sight)):
        for _, job in jobs:
            told += done(session, job)
    return told


def answer(number, confidence=0.9, spent=1.0):
    found = FoundBoxes(
        np.zeros(1, np.int32), np.array([confidence], np.float32), np.ones((1, 4), np.float32)
    )
    file = ImageFile(f"/images/{number}.png", 1, number, (0, 0))
    return ImageAnswer(file, (40, 30), False, found, timing=Timing(spent, 1.0, 1.0))


def with_answers(session, count, in_memory=1000):
    session.trials.results.in_memory = in_memory
    session.trials.results.add([answer(number) for number in range(count)])
    session.trials.take_results()


def unread(*_, **__):
    raise UnreadableImage("decoded again")


def at_once(session):
    """Changes need no run of the model."""
    session.image.worked_out = lambda look, original, *_: SeenImage(
        look, look.path, original, original
    )


def test_what_was_named_is_scored_in_order_and_the_first_image_is_looked_at(session):
    session.begin(f"{PHOTOS[0]}\n{PHOTOS[1]}", "/nowhere.png")
    assert not session.idle
    told = drained(session)
    assert session.idle
    assert session.trials.results.path(0) == str(PHOTOS[0])
    (problem,) = (entry for entry in session.trials.entries if isinstance(entry, Problem))
    assert problem.named == "/nowhere.png"
    assert [entry for entry in session.trials.entries if entry != problem] == [0, 1]
    assert isinstance(told[-1], RunEnd)
    index = session.trials.index_of(str(PHOTOS[1]))
    session.look_at(index)
    assert session.shown.look.path == str(PHOTOS[1])
    assert session.placing == (index, 3)
    session.look_at(session.trials.entries.index(problem))
    assert "is not on this machine" in session.shown or "no such file" in session.shown
    assert session.trials.text_of(index) == str(PHOTOS[1])


def test_what_is_decoded_for_the_model_is_kept_for_the_picture(session, monkeypatch):
    session.begin(str(PHOTOS[0]), str(PHOTOS[1]))
    told = drained(session)
    assert [event.path for event in told if isinstance(event, FirstDecoded)] == [str(PHOTOS[0])]
    monkeypatch.setattr("tui.pictures.paint.crops.read_image", unread)
    kept = session.pictures.open(PHOTOS[0], 1.0)
    with Image.open(PHOTOS[0]) as photo:
        assert np.array_equal(np.asarray(kept.pixels), np.asarray(photo.convert("RGB")))
    with pytest.raises(UnreadableImage, match="decoded again"):  # nobody looks at it at once
        session.pictures.open(PHOTOS[1], 1.0)


wishes = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.sampled_from(["blur", "noise", "turns"])),
        st.tuples(st.just("look"), st.integers(0, 3)),
        st.just(("reset", "")),
        st.just(("begin", "")),
        st.just(("finish", "")),
    ),
    max_size=20,
)


@given(wishes)
def test_what_is_seen_in_the_end_is_what_was_wished_last(scorer, wishes):
    session, begun = made_with(scorer), []
    with_answers(session, 3)
    at_once(session)
    session.look_at(0)
    for wish, what in wishes:
        if wish == "step":
            session.step(what, 1)
        elif wish == "look":
            session.look_at(what)
        elif wish == "reset":
            session.reset()
        elif wish == "begin":
            begun += session.due(SIGHT[:3])
            assert len(begun) <= 1  # one look at a time
        elif begun:
            done(session, begun.pop()[1])
    for _, job in begun:
        done(session, job)
    drained(session, SIGHT[:3])
    assert session.idle
    assert session.shown.look == session.image.wished
    assert session.shown.look.place == session.trials.entry(session.chosen)
    session.close()


def test_the_image_as_it_is_stays_when_a_change_comes_too_late(session):
    with_answers(session, 1)
    at_once(session)
    session.look_at(0)
    session.step("blur", 1)
    ((_, job),) = session.due(SIGHT[:1])
    session.reset()
    done(session, job)
    assert session.shown.look.change == NONE
    session.step("blur", 1)
    drained(session, SIGHT[:1])
    assert session.shown.look.change == Perturbation(blur=1.0)


def test_answers_out_of_memory_are_fetched_by_a_job_and_stay_at_hand(session):
    with_answers(session, 30, in_memory=2)
    session.trials.results.add([answer(29)])
    limits, names = session.limits, session.models.names
    assert session.trials.rows(SIGHT, limits, names) == {}
    session.look_at(1)
    assert session.image.seen is None
    ((group, job),) = session.due(SIGHT)
    assert group == "whatif-fetch"
    assert list(session.due(SIGHT)) == []
    done(session, job)
    assert list(session.trials.rows(SIGHT, limits, names)) == list(SIGHT)
    assert session.shown.look.path == "/images/1.png"
    assert list(session.due(range(4, 8))) == []  # the page after came with it
    session.trials.results.add([answer(1, 0.3)])
    assert session.trials.answer(1).found.confidence[0] == np.float32(0.3)


def test_lines_are_made_anew_only_when_something_came(session):
    with_answers(session, 2)
    before = session.trials.revision
    session.trials.take_results()
    assert session.trials.revision == before
    session.trials.results.add([answer(1, 0.3)])
    session.trials.take_results()
    assert session.trials.revision == before + 1
    assert session.trials.entries == [0, 1]


def test_an_image_that_is_scored_again_is_seen_anew_and_as_it_is(session):
    with_answers(session, 2)
    session.look_at(1)
    session.trials.results.add([answer(1, 0.3, spent=2.0)])
    session.take(RunEnd(stopped=False))
    assert session.shown.now.found.confidence[0] == np.float32(0.3)


def test_a_model_of_another_kind_is_refused_beside_the_first(session):
    session.open(CLASSIFIER, second=True)
    (told,) = drained(session)
    assert "cannot be compared" in told.problem
    assert session.models.second is None
    assert session.note == session.models.intro()


def test_a_model_that_cannot_be_opened_is_told_and_tried_again(tmp_path):
    (tmp_path / "bad.onnx").write_bytes(b"<html>")
    session = WhatIfSession(ModelSource(tmp_path / "bad.onnx", None, "cpu"), DecodedImages(1))
    session.ensure_model()
    session.ensure_model()
    (told,) = drained(session)
    assert session.shown == f"{told.problem}\n\nm opens another model."
    session.begin(str(PHOTOS[0]))
    assert drained(session) == []
    session.ensure_model()
    assert len(drained(session)) == 1
    session.close()


def test_nothing_is_cleared_while_images_are_scored(session):
    with_answers(session, 2)
    session.begin(str(PHOTOS[0]))
    ((_, job),) = session.due(range(2))
    assert not session.clear()
    done(session, job)
    assert session.clear()
    assert session.trials.entries == []
    assert session.shown == session.models.intro()
    assert not session.clear()
    assert Path(session.trials.folder).is_dir()


@pytest.mark.parametrize(("synonyms", "own"), [(True, 0.9), (False, 0.5)])
def test_a_class_takes_the_threshold_of_a_synonym_unless_synonyms_are_kept_apart(
    scorer, synonyms, own
):
    source = ModelSource(MODEL, None, "cpu", synonyms=synonyms)
    models = TrialModels(source)
    named = replace(scorer.card.classes, names=("motorbike",))
    card = replace(scorer.card, classes=named)
    models.take(ModelOpened(replace(scorer, card=card), second=False))
    limits = models.limits(0.5, ClassOptima(GOALS[0], *4 * [np.array([0.9])]), ("motorcycle",))
    assert limits.of_class[0] == own
