"""Exports as the frameworks write them today are read as the frameworks read them themselves."""

import re
from pathlib import Path

import pytest
from PIL import Image

from engine.core.errors import EngineError
from engine.scoring.run.scorer import open_scorer
from tests.exports.agreement import Agreement, agreed, answers
from tests.exports.kept import KeptExport, file_of, frameworks, kept

MOST_BYTES = 1_000_000  # of all that is kept of exports
EXPORTS = {f"{name} {each.variant}": each for name in frameworks() for each in kept(name)}
LEAST_CERTAIN = {"certain": 0, "likely": 1, "guess": 2, "refused": 3}


def opened(export: KeptExport, folder: Path):
    Image.new("RGB", export.size).save(folder / "photo.png")
    return open_scorer(export.written(folder), provider="cpu")


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_as_its_own_framework_reads_it_or_asked_about(name, tmp_path):
    export = EXPORTS[name]
    if export.level == "refused":
        with pytest.raises(EngineError, match=re.escape(export.refusal)):
            opened(export, tmp_path)
        return
    scorer = opened(export, tmp_path)
    level = scorer.card.provenance.confidence
    assert LEAST_CERTAIN[level] <= LEAST_CERTAIN[export.level]
    (found,) = answers(scorer, [tmp_path / "photo.png"])
    both = Agreement()
    agreed(export.answer, found, export.tolerance, both)
    if scorer.open_questions and export.level == "guess":
        assert both.ours == both.theirs
        return  # what is assumed of its pixels is said to be a guess
    assert both.within(export.pixels, export.tolerance, export.spare), both


def test_exports_of_all_ecosystems_are_kept_and_find_something():
    assert {"keras", "rfdetr", "timm", "torchvision", "transformers", "ultralytics"} <= set(
        frameworks()
    )
    found = [each for each in EXPORTS.values() if each.answer.get("scores")]
    assert len(found) > len(EXPORTS) / 3


def test_what_is_kept_is_small():
    assert sum(file_of(name).stat().st_size for name in frameworks()) < MOST_BYTES


def test_a_box_or_a_class_that_is_another_is_noticed(tmp_path):
    export = EXPORTS["ultralytics yolo11n 2 nms=None static"]
    (found,) = answers(opened(export, tmp_path), [tmp_path / "photo.png"])
    changes = {
        "corners": lambda corners: [side + 1 for side in corners],
        "classes": lambda class_: 1 - class_,
        "scores": lambda score: score - 0.02,
    }
    for part, changed in changes.items():
        first, *rest = export.answer[part]
        answer = export.answer | {part: [changed(first), *rest]}
        both = Agreement()
        agreed(answer, found, export.tolerance, both)
        assert not both.within(export.pixels, export.tolerance, 0)
