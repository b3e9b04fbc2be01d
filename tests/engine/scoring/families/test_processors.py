"""Images are fed to models of Hugging Face as its own image processors do it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.core.errors import ModelError
from engine.scoring.card import ModelCard, changed
from engine.scoring.families.processors import DEFAULTS, processor_name, read_processor
from engine.scoring.run.resize import place
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.classifier_cases import ID2LABEL, LOGITS
from tests.engine.scoring.family_cases import as_json
from tests.engine.scoring.graphs import Out, graph
from tests.exports.photo import photo, sampled

RECORDED = json.loads((Path(__file__).parents[3] / "exports" / "processors.json").read_text())
PROCESSORS = RECORDED["processors"]


@pytest.mark.parametrize("name", PROCESSORS)
def test_a_picture_is_fed_as_the_processor_itself_feeds_it(name, tmp_path):
    recorded = PROCESSORS[name]
    photo().save(tmp_path / "photo.png")
    read = read_processor(recorded["file"], fixed=False)
    assert read.not_followed == ()
    fed = replace(changed(ModelCard(), read.keys).input, dtype="float32")
    slot = np.empty((3, *fed.size), np.float32) if fed.size else None
    placed = place(tmp_path / "photo.png", (0, 0), fed, slot)
    pixels = placed.pixels if slot is None else slot
    assert list(pixels.shape) == recorded["shape"]
    assert sampled(pixels) == pytest.approx(recorded["values"], abs=2e-5)


@pytest.mark.parametrize("name", PROCESSORS)
def test_what_a_file_leaves_out_is_taken_from_its_processor(name):
    whole = PROCESSORS[name]["file"]
    known = DEFAULTS[processor_name(whole)]
    less = {key: value for key, value in whole.items() if known.get(key) != value}
    assert read_processor(less, fixed=False) == read_processor(whole, fixed=False)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"do_thumbnail": True}, ("do_thumbnail",)),
        ({"do_color_quantize": True, "do_pad": True}, ("do_color_quantize",)),
        ({"pad_size": {"height": 640, "width": 640}}, ("pad_size",)),
        ({"resample": 5}, ("resample",)),
        ({"image_processor_type": "DonutImageProcessorFast"}, ("processor Donut",)),
        ({"do_center_crop": True, "crop_size": 256}, ("crop_size",)),
        ({"do_thumbnail": False, "do_convert_rgb": True}, ()),
    ],
)
def test_a_key_that_is_true_and_not_known_lowers_the_certainty_and_is_named(tmp_path, said, named):
    file = {"size": {"height": 32, "width": 32}, "image_mean": [0.5] * 3, "image_std": [0.5] * 3}
    assert read_processor(file | said, fixed=False).not_followed == named
    model = graph(
        tmp_path / "model.onnx",
        {"logits": Out(LOGITS, ["batch", 3])},
        image="pixel_values",
        shape=["batch", 3, "height", "width"],
    )
    (tmp_path / "config.json").write_text(as_json(model_type="vit", id2label=ID2LABEL))
    (tmp_path / "preprocessor_config.json").write_text(as_json(**file | said))
    scorer = open_scorer(model)
    assert scorer.card.provenance.confidence == ("likely" if named else "certain")
    assert any(all(key in note for key in named) for note in scorer.notes) == bool(named)


def test_a_processor_that_makes_no_sense_is_an_error_that_names_its_file(tmp_path):
    model = graph(tmp_path / "model.onnx", {"logits": Out(LOGITS)}, image="pixel_values")
    (tmp_path / "config.json").write_text(as_json(model_type="vit", id2label=ID2LABEL))
    (tmp_path / "preprocessor_config.json").write_text('{"size": {"height": "tall"}}')
    with pytest.raises(ModelError, match=r"preprocessor_config.json beside it that cannot be read"):
        open_scorer(model)
