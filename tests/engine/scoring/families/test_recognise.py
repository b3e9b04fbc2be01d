import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from engine.core.errors import CardError, EngineError, ModelError
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.making import (
    NAMES,
    constant_answer_model,
    ultralytics_metadata,
    yolo_answer,
)

ONE_BOX = yolo_answer([(32, 32, 10, 20, 0.9, 0.1)])


def model(folder: Path, answer: np.ndarray = ONE_BOX, **options) -> Path:
    return constant_answer_model(folder / "model.onnx", answer, **options)


def card(folder: Path, text: str) -> None:
    (folder / "model.card.toml").write_text(text)


def test_an_ultralytics_model_is_known_by_its_metadata(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata(author="Ultralytics"))
    scorer = open_scorer(path)
    assert scorer.card.provenance.family == "ultralytics-v8"
    assert scorer.card.provenance.detected_by == "metadata_props"
    assert scorer.card.provenance.confidence == "certain"
    assert scorer.class_names == NAMES
    assert (scorer.card.input.size, scorer.provider, scorer.fixed_batch) == ((64, 64), "CPU", False)
    assert scorer.preprocessing == "RGB 0 to 1, letterbox to 64 x 64"
    assert not scorer.card.input.antialias


def test_the_card_has_the_last_word_over_metadata(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata())
    before = open_scorer(path)
    card(tmp_path, '[input]\ncolor = "BGR"\n[output.nms]\niou = 0.5\n')
    after = open_scorer(path)
    assert (after.card.input.color, after.card.output.nms.iou) == ("BGR", 0.5)
    assert after.class_names == NAMES
    assert before.digest == after.digest
    assert before.run_key != after.run_key


def test_only_what_changes_predictions_changes_the_run_key(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata())
    key = open_scorer(path).run_key
    card(tmp_path, '[input]\ncolor = "BGR"')
    assert open_scorer(path).run_key != key
    card(tmp_path, "[input]\ndraft = true")
    assert open_scorer(path).run_key != key
    card(tmp_path, '[classes]\nmap = { nut = "Nut" }\n[operating_point]\nconfidence = 0.3')
    assert open_scorer(path).run_key == key
    assert open_scorer(path, confidence_floor=0.1).run_key != key
    model(tmp_path, ONE_BOX * 0.5, metadata=ultralytics_metadata())
    assert open_scorer(path).run_key != key


def test_the_sides_that_the_graph_fixes_come_before_those_of_metadata(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata(imgsz="[32, 96]"))
    assert open_scorer(path).card.input.size == (64, 64)


def test_symbolic_sides_come_from_metadata_or_the_card(tmp_path):
    path = model(
        tmp_path, size=("h", "w"), metadata=ultralytics_metadata(imgsz="[32, 96]"), channels="c"
    )
    assert open_scorer(path).card.input.size == (32, 96)
    path = model(tmp_path, size=("h", "w"), metadata=ultralytics_metadata())
    with pytest.raises(ModelError, match=r"size = \[640, 640\]"):
        open_scorer(path)
    card(tmp_path, "[input]\nsize = [64, 32]")
    assert open_scorer(path).card.input.size == (64, 32)


def test_an_unknown_model_is_shown_with_a_card_to_start_from(tmp_path):
    path = model(tmp_path)
    with pytest.raises(ModelError) as error:
        open_scorer(path)
    message = str(error.value)
    assert "input  images [batch, 3, 64, 64] float" in message
    assert "output output0 [" in message
    assert f"Say what it is in {tmp_path / 'model.card.toml'}" in message
    # The card that is shown is itself a good card.
    shown = message.partition("for example")[2]
    card(tmp_path, shown)
    assert open_scorer(path).class_names == ("first class", "second class")


@pytest.mark.parametrize(
    ("metadata", "sentence"),
    [
        (ultralytics_metadata() | {"task": "semantic"}, "for 'semantic', which is not supported"),
        (
            ultralytics_metadata() | {"task": "segment"},
            "are those of no export of it that is known",
        ),
        (ultralytics_metadata(end2end="True"), r"\[1, 6, 2\] and not \[batch, boxes, 6\]"),
        (ultralytics_metadata(args="{'nms': True}"), "suppresses boxes itself"),
        (ultralytics_metadata() | {"names": "{0: __import__('os')}"}, "cannot be read"),
        (ultralytics_metadata() | {"names": "{1: 'bolt'}"}, "cannot be read"),
        (ultralytics_metadata() | {"names": "{0: 'a', 1: 'b', 1: 'c'}"}, "names class 1 twice"),
        (ultralytics_metadata(("a", "b", "c")), r"expects \[batch, 4 \+ 3 classes, anchors\]"),
    ],
)
def test_an_export_that_cannot_be_read_is_refused_and_not_guessed(tmp_path, metadata, sentence):
    with pytest.raises(ModelError, match=sentence):
        open_scorer(model(tmp_path, metadata=metadata))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('task = "classify"', "task = 'classify', but the model shows itself to be for 'detect'"),
        ('task = "classify"\n[output]\ndecoder = "yolo"', "its decoder 'yolo' is for 'detect'"),
        ('task = "detect"\n[output]\ndecoder = "classify"', "decoder 'classify' is for 'classify'"),
        ('[classes]\nnames = ["bolt"]', "has 1 names, but the model's own metadata has 2"),
        ("[input.extra]\nmask = 'ones_mask'", "extra.mask: the model has no such input: none"),
        ('[input]\nresize = "shortest-edge"', "gives each image its own size, but the model takes"),
        ('[output]\ndecoder = "dets5-labels"', r"reads 2 outputs \(boxes, labels\), but the model"),
        ("[input]\nsize = [32, 32]", r"input.size = \[32, 32\], but the model takes images"),
        ('[input]\ndtype = "uint8"', "the model takes float32"),
        ('[input]\ncolor = "GRAY"', "needs 1 channels in layout NCHW"),
        ('[output]\nboxes = "boxes"', "the model has output0"),
        ("[classes]\nmap = { screw = 'Screw' }", "the model has no class 'screw'"),
        (f'sha256 = "{"a" * 64}"', "was written for another model"),
    ],
)
def test_a_card_that_contradicts_the_model_is_refused(tmp_path, text, sentence):
    path = model(tmp_path, metadata=ultralytics_metadata())
    card(tmp_path, text)
    with pytest.raises(CardError, match=sentence) as error:
        open_scorer(path)
    assert "model.card.toml" in str(error.value)


def broken_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    whole = model(folder, metadata=ultralytics_metadata()).read_bytes()
    custom = helper.make_model(
        helper.make_graph(
            [helper.make_node("MyNMS", ["x"], ["y"], domain="mmdeploy")],
            "custom",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, 8, 8])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        ),
        opset_imports=[helper.make_opsetid("", 13), helper.make_opsetid("mmdeploy", 1)],
        ir_version=8,
    )
    newer = onnx.load_from_string(whole)
    newer.opset_import[0].version = 9999
    return {
        "empty": (b"", "is empty"),
        "pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0", "git lfs pull"),
        "page": (b"\n<!DOCTYPE html><html>", "is a web page"),
        "archive": (b"PK\x03\x04rest", "is a ZIP archive"),
        "cut": (whole[:-200], "not an ONNX model, or is cut short"),
        "noise": (bytes(range(255, 0, -1)), "not an ONNX model"),
        "custom": (custom.SerializeToString(), "needs custom operators"),
        "newer": (newer.SerializeToString(), "is newer than this onnxruntime"),
    }


def test_a_file_that_is_no_model_is_told_by_what_it_is(tmp_path, capfd):
    for name, (content, sentence) in broken_files(tmp_path).items():
        path = tmp_path / f"{name}.onnx"
        path.write_bytes(content)
        with pytest.raises(ModelError, match=sentence) as error:
            open_scorer(path)
        assert str(error.value).startswith(f"{path}: ")
    with pytest.raises(ModelError, match="cannot be opened: No such file"):
        open_scorer(tmp_path / "none.onnx")
    with pytest.raises(ModelError, match="is a folder"):
        open_scorer(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_weights_beside_the_model_are_part_of_it(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata())
    inside = open_scorer(path)
    proto = onnx.load(path)
    proto.graph.initializer.append(numpy_helper.from_array(np.ones(999, np.float32), "unused"))
    onnx.save(proto, path, save_as_external_data=True, location="w.data", size_threshold=1000)
    assert (tmp_path / "w.data").stat().st_size >= 3996
    beside = open_scorer(path)
    assert beside.digest != inside.digest
    (tmp_path / "w.data").write_bytes(bytes((tmp_path / "w.data").stat().st_size))
    assert open_scorer(path).digest != beside.digest
    (tmp_path / "w.data").unlink()
    with pytest.raises(ModelError, match=r"weights in 'w.data', which is missing"):
        open_scorer(path)


def test_weights_outside_the_folder_of_the_model_are_refused(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata())
    proto = onnx.load(path)
    tensor = proto.graph.initializer[0]
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secret")
    path.write_bytes(proto.SerializeToString())
    with pytest.raises(ModelError, match="outside its own folder"):
        open_scorer(path)


def test_a_provider_that_is_not_there_is_a_sentence(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata())
    with pytest.raises(ModelError, match="choose one of auto, cpu, cuda"):
        open_scorer(path, provider="tpu")
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        with pytest.raises(ModelError, match=r'pip install "offdiag\[gpu\]"'):
            open_scorer(path, provider="cuda")


def test_without_onnxruntime_the_engine_starts_and_says_what_to_install(tmp_path):
    path = model(tmp_path, metadata=ultralytics_metadata())
    code = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "from pathlib import Path; from engine.scoring.run.scorer import open_scorer\n"
        "from engine.core.errors import ModelError\n"
        "import engine.scoring.run.runner\n"
        f"try: open_scorer(Path({str(path)!r}))\n"
        "except ModelError as error: print(error)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "offdiag[cpu]"' in run.stdout


def test_every_refusal_is_an_error_of_the_engine():
    assert issubclass(ModelError, EngineError)
    assert issubclass(CardError, EngineError)
