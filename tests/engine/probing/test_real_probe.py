"""The case that a probe was made for: a real detector that says nothing of itself, on photos."""

import os
import shutil
from pathlib import Path

import pytest

from engine.opening import Inputs, Noticed, Opened, opening
from engine.probing.probe import probing, write_winner
from engine.report.facts import coco_precision

REAL = Path(__file__).parents[4] / "shared" / "real"
TRUTH = REAL / "voc100" / "gts" / "coco_format_v2" / "instances_v2.json"


@pytest.mark.slow
@pytest.mark.skipif(not TRUTH.exists(), reason="the real photos are not on this machine")
@pytest.mark.skipif("OFFDIAG_SLOW_TESTS" not in os.environ, reason="runs 676 times: 20 s of CPU")
def test_a_probe_finds_how_yolox_is_fed_and_its_average_precision_follows(tmp_path):
    model = tmp_path / "yolox_nano.onnx"
    shutil.copy(REAL / "yolox_nano" / "yolox_nano.onnx", model)
    store = tmp_path / "store.sqlite"
    inputs = Inputs(TRUTH, model, REAL / "voc100" / "images", provider="cpu", store=store)
    noticed = next(event for event in opening(inputs) if isinstance(event, Noticed))
    told = " ".join(noticed.sentences)
    assert noticed.to_probe == inputs
    assert "does not say how images are fed to it; ASSUMED: color order" in told
    *_, ranking = probing(inputs)
    assert ranking.best.variant.words == ("BGR", "0 to 255", "letterbox-topleft")
    assert ranking.images == 32
    write_winner(ranking, model)
    *events, opened = opening(inputs)
    assert isinstance(opened, Opened)
    assert not opened.assumed
    assert (
        pytest.approx(0.509, abs=0.003)
        == coco_precision(opened.assessment, strict=False).summary.AP
    )
    told = " ".join(
        text for event in events if isinstance(event, Noticed) for text in event.sentences
    )
    assert "ASSUMED" not in told
