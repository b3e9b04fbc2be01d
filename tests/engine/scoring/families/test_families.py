"""Detectors of every family, from a graph of their exact signature back to image pixels."""

import numpy as np
import pytest

from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import CONFIDENCE_FLOOR, open_scorer
from tests.engine.scoring.detector_cases import CASES as FIRST_CASES
from tests.engine.scoring.detector_cases_2 import CASES_2
from tests.engine.scoring.detector_cases_3 import CASES_3
from tests.engine.scoring.detector_cases_4 import CASES_4
from tests.engine.scoring.detector_cases_5 import CASES_5
from tests.engine.scoring.family_cases import (
    CLASSES,
    CONFIDENCES,
    IMAGE,
    NAMES,
    in_image,
)

CASES = FIRST_CASES | CASES_2 | CASES_3 | CASES_4 | CASES_5


def opened(case, folder):
    for name, text in case.files.items():
        (folder / name).write_text(text)
    if case.card:
        (folder / "model.card.toml").write_text(case.card)
    return open_scorer(case.made(folder / "model.onnx"))


@pytest.mark.parametrize("name", CASES)
def test_a_family_is_recognised_fed_and_read_back_to_image_pixels(name, tmp_path, photos, store):
    case = CASES[name]
    scorer = opened(case, tmp_path)
    provenance = scorer.card.provenance
    assert (provenance.family, provenance.confidence) == (case.family, case.level)
    assert provenance.reason
    assert scorer.preprocessing == case.fed
    assert tuple(asked.about for asked in scorer.open_questions) == case.assumed
    assert any("ASSUMED" in note for note in scorer.notes) == bool(case.assumed)
    # A threshold is stated where it stands in the graph, and never acted on.
    assert scorer.card.output.nms.embedded_conf == pytest.approx(case.floor)
    assert scorer.confidence_floor == CONFIDENCE_FLOOR
    assert (scorer.class_names[:2] == NAMES) == case.named

    images = photos(IMAGE, IMAGE)
    assert [progress.done for progress in score(scorer, images, store)][-1] == 2
    result = predictions(scorer, images, store, NAMES)
    assert result.failures == ()
    found = result.predictions
    assert found.image.tolist() == [0, 0, 1, 1]
    assert found.class_.tolist() == CLASSES * 2
    assert found.confidence == pytest.approx(CONFIDENCES * 2, abs=1e-3)
    boxes = in_image(case.resize, case.size)
    assert found.box == pytest.approx(np.concatenate([boxes, boxes]), abs=0.02)
    if not case.named:
        assert any("the order of the dataset" in warning for warning in result.warnings)
