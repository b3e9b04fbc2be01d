"""A real detector on photos, against itself fed otherwise, and against its own predictions."""

import os
import shutil
from pathlib import Path

import pytest

from engine.compare.exports.check import ExportInputs, checking
from engine.compare.sides import CompareInputs
from engine.opening import Inputs

REAL = Path(__file__).parents[5] / "shared" / "real"
PHOTOS, MODEL = REAL / "voc100" / "images", REAL / "yolox_nano" / "yolox_nano.onnx"
CARD = (Path(__file__).parents[3] / "cards" / "yolox_nano.card.toml").read_text()

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MODEL.exists(), reason="the real photos are not on this machine"),
    pytest.mark.skipif(
        "OFFDIAG_SLOW_TESTS" not in os.environ, reason="runs 500 times: 20 s of CPU"
    ),
]


def side(folder: Path, name: str, old: str = "", new: str = "") -> Path:
    model = Path(shutil.copy(MODEL, folder / f"{name}.onnx"))
    assert old in CARD
    model.with_suffix(".card.toml").write_text(CARD.replace(old, new))
    return model


@pytest.mark.parametrize(
    ("old", "new", "verdict", "words"),
    [
        ('"BGR"', '"BGR"', "same", ""),
        ('"BGR"', '"RGB"', "preprocessing", "agrees with A to 1.0000 when fed BGR, not RGB"),
        (
            '"letterbox-topleft"',
            '"stretch"',
            "preprocessing",
            "agrees with A to 1.0000 when resized by letterbox-topleft, not stretch",
        ),
        ("scale = 1.0 ", "scale = 0.0039215686 ", "preprocessing", "when fed 0 to 255"),
        ("iou = 0.45", "iou = 1.0", "other", "B has lost its suppression"),
    ],
)
def test_the_verdict_on_yolox_and_itself(tmp_path, old, new, verdict, words):
    pair = side(tmp_path, "a"), side(tmp_path, "b", old, new)
    common = Inputs(Path(), provider="cpu", store=tmp_path / "store.sqlite")
    *_, check = checking(ExportInputs(CompareInputs(*pair, common), (str(PHOTOS),)))
    assert check.agreement.verdict == verdict
    assert words in check.agreement.reason


def test_another_detector_of_the_same_photos_is_another_model(tmp_path):
    dets = REAL / "voc100" / "dets" / "coco_format"
    common = Inputs(Path(), provider="cpu", store=tmp_path / "store.sqlite")
    sides = CompareInputs(side(tmp_path, "a"), dets, common)
    *_, check = checking(ExportInputs(sides, (str(PHOTOS),)))
    assert check.agreement.verdict == "other"
    assert check.counted.source == "file"
