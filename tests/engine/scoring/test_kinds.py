"""One place says what differs between the kinds of model."""

import numpy as np
import pytest

from engine.core.dataset import ClassificationDataset, DetectionDataset
from engine.scoring.card import DECODERS, TASKS
from engine.scoring.kinds import KINDS, kind_for, kind_of, kind_of_decoder
from engine.scoring.run.found import (
    ClassProbabilities,
    FoundBoxes,
    from_blobs,
    only_boxes,
    only_probabilities,
)

BOX = FoundBoxes(np.zeros(1, np.int32), np.ones(1, np.float32), np.ones((1, 4), np.float32))
ANSWER = ClassProbabilities(np.array([0.25, 0.75], np.float32))


def test_every_task_of_a_card_has_a_kind_of_that_name():
    assert [kind_of(task).task for task in TASKS] == list(TASKS)


def test_every_decoder_of_a_card_is_read_by_one_kind():
    readers = {decoder: [kind for kind in KINDS if decoder in kind.heads] for decoder in DECODERS}
    assert {decoder: len(kinds) for decoder, kinds in readers.items()} == dict.fromkeys(DECODERS, 1)
    assert sum(len(kind.heads) for kind in KINDS) == len(DECODERS)


def test_a_decoder_says_the_task():
    assert kind_of_decoder("classify").task == "classify"
    assert {kind_of_decoder(name).task for name in DECODERS if name != "classify"} == {"detect"}


def test_a_ground_truth_says_which_kind_of_model_it_is_for():
    detection = DetectionDataset.__new__(DetectionDataset)
    classification = ClassificationDataset.__new__(ClassificationDataset)
    assert (kind_for(detection).task, kind_for(classification).task) == ("detect", "classify")


@pytest.mark.parametrize("found", [BOX, FoundBoxes.nothing(), ANSWER], ids=["box", "none", "class"])
def test_what_is_kept_comes_back_as_the_kind_that_it_was(found):
    assert type(from_blobs(*found.blobs())) is type(found)


@pytest.mark.parametrize("filled", [(1, 0, 0), (1, 1, 0), (0, 0, 1), (0, 1, 1), (1, 0, 1)])
def test_what_no_kind_keeps_is_not_read_as_boxes(filled):
    with pytest.raises(TypeError, match="neither boxes nor probabilities"):
        from_blobs(*(bytes(16 * each) for each in filled))


def test_an_answer_of_another_kind_is_refused():
    assert only_boxes(BOX) is BOX
    assert only_probabilities(ANSWER) is ANSWER
    with pytest.raises(TypeError, match="boxes of a detector, got ClassProbabilities"):
        only_boxes(ANSWER)
    with pytest.raises(TypeError, match="probabilities of a classifier, got FoundBoxes"):
        only_probabilities(BOX)
