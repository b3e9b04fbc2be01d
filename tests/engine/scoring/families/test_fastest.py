"""YOLO-FastestV2's anchors, which are not in its file, and maps that are not these models'."""

import numpy as np
import pytest

from engine.cards.known import known_of
from engine.cards.written import write_card
from engine.core.errors import ModelError
from engine.scoring.card import card_beside
from engine.scoring.heads.yolo_fastestv2 import ANCHORS
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.detector_cases_5 import fastestdet, fastestv2
from tests.engine.scoring.graphs import Out, graph

SQUARE = [1, 3, 64, 64]


def test_anchors_are_assumed_until_a_card_says_them(tmp_path):
    model = graph(tmp_path / "model.onnx", fastestv2(), shape=SQUARE)
    scorer = open_scorer(model)
    assert "anchors those of its authors for COCO" in scorer.assumed
    others = [float(number) for number in range(1, 13)]
    card_beside(model).write_text(f"[output]\nanchors = {others}\n")
    scorer = open_scorer(model)
    assert scorer.card.output.anchors == tuple(others)
    assert scorer.open_questions == ()


def test_a_card_that_is_written_holds_the_anchors(tmp_path):
    model = graph(tmp_path / "model.onnx", fastestv2(), shape=SQUARE)
    known = known_of(model)
    (asked,) = known.missing
    write_card(known.answered(asked.assumed.values))
    again = open_scorer(model)
    assert again.card.output.anchors == ANCHORS
    assert (again.open_questions, again.card.output.grids) == ((), ("b", "a"))


def test_anchors_of_another_number_are_refused(tmp_path):
    model = graph(tmp_path / "model.onnx", fastestv2(), shape=SQUARE)
    card_beside(model).write_text("[output]\nanchors = [1.0, 2.0]\n")
    with pytest.raises(ModelError, match="decoder 'yolo-fastestv2' expects"):
        open_scorer(model)


@pytest.mark.parametrize("at", [0, 5])
def test_a_map_whose_numbers_are_no_shares_is_not_fastestdet(tmp_path, at):
    table = fastestdet()
    table[:, at] += 0.3  # of more than 1 together, or an objectness beyond 1
    table[:, 0] += 0.3 * (at == 0)
    model = graph(tmp_path / "model.onnx", {"output": Out(table)}, shape=SQUARE)
    with pytest.raises(ModelError):
        open_scorer(model)
    card_beside(model).write_text('[output]\ndecoder = "fastestdet"\n')
    with pytest.raises(ModelError, match="cannot be what its outputs mean"):
        open_scorer(model)


def test_two_maps_of_logits_are_not_yolo_fastestv2(tmp_path):
    outputs = {name: Out(np.asarray(out.table) * 4 - 2) for name, out in fastestv2().items()}
    with pytest.raises(ModelError, match="of no kind that can be recognised"):
        open_scorer(graph(tmp_path / "model.onnx", outputs, shape=SQUARE))
