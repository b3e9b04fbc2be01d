"""Of a model that is refused or not known, no layout is offered that its outputs rule out."""

import numpy as np
import pytest

from engine.cards.facts import facts_of
from engine.cards.known import known_of
from engine.cards.written import write_card
from engine.core.errors import ModelError
from engine.scoring.kinds import kind_of
from tests.engine.scoring.family_cases import CENTERS, SCORES, as_json, rows, shares_of
from tests.engine.scoring.graphs import Out, graph, names_metadata

NAMES = tuple(f"class {index}" for index in range(80))
BOXES = np.concatenate([np.full((1, 4, 84), 20.0), np.full((1, 80, 84), 0.1)], axis=1)


def offered(model):
    """The layouts a person may choose from, without "none of these"."""
    (layout,) = known_of(model).missing
    *words, last = (choice.words.partition(":")[0] for choice in layout.choices)
    assert last == "none of these"
    return words


def made(folder, table, metadata=None, shape=(1, 3, 64, 64), **others):
    outputs = {"output0": Out(table)} | {name: Out(more) for name, more in others.items()}
    return graph(folder / "model.onnx", outputs, shape=[*shape], metadata=metadata)


def values_of(known):
    return {fact.name: fact.value for fact in facts_of(known)}


def test_a_segmentation_is_known_by_its_boxes_and_its_masks_are_left_out_in_words(tmp_path):
    table = np.concatenate([BOXES, np.full((1, 32, 84), 0.5)], axis=1)
    metadata = names_metadata(NAMES, task="segment")
    known = known_of(made(tmp_path, table, metadata, output1=np.zeros((1, 32, 16, 16))))
    assert (known.complete, len(known.card.classes.shown)) == (True, 80)
    left_out = "masks (32 coefficients a box, and the output output1)"
    assert values_of(known)["Left out"] == left_out
    assert ("Left out", left_out) in kind_of("detect").facts(known.card, 0.001)


def test_a_segmentation_is_not_read_where_its_columns_contradict_its_names(tmp_path):
    table = np.concatenate([BOXES, np.full((1, 32, 84), 0.5)], axis=1)
    metadata = names_metadata(NAMES[:79], task="segment")
    model = made(tmp_path, table, metadata, output1=np.zeros((1, 32, 16, 16)))
    with pytest.raises(ModelError, match="for 'segment' with 79 classes, but its outputs"):
        known_of(model)


def test_a_pose_is_offered_no_layout_that_contradicts_its_names(tmp_path):
    table = np.full((1, 56, 84), 0.5)
    metadata = names_metadata(("person",), task="pose")
    with pytest.raises(ModelError, match="are those of no export of it that is known"):
        known_of(made(tmp_path, table, metadata))
    known = known_of(made(tmp_path, table, metadata | {"kpt_shape": "[17, 3]"}))
    assert values_of(known)["Left out"] == "17 points a box"


def test_a_card_that_is_written_of_a_pose_finds_the_same_boxes(tmp_path):
    points = np.tile(np.array([30.0, 20.0, 0.5])[None, :, None], (1, 5, 84))
    boxes = np.concatenate([BOXES[:, :4], np.full((1, 1, 84), 0.6), points], axis=1)
    known = known_of(made(tmp_path, boxes))
    assert known.card.provenance.confidence == "guess"
    while known.missing:
        known = known.answered(known.missing[0].assumed.values)
    write_card(known)
    again = known_of(known.model.path)
    assert again.complete
    assert again.card.output == known.card.output
    assert again.card.output.columns_left_out == 15


def test_a_finer_map_is_no_custom_vision_net(tmp_path):
    # One objectness, four sides and eighty classes on a grid of stride 16.
    finer = np.full((1, 85, 8, 8), 0.1)
    with pytest.raises(ModelError, match="of no kind that can be recognised"):
        known_of(made(tmp_path, finer, shape=(1, 3, 128, 128)))
    finer[:, 5:] = 1 / 80  # shares of the classes, as FastestDet has them
    model = made(tmp_path, finer, shape=(1, 3, 128, 128))
    assert known_of(model).card.output.decoder == "fastestdet"
    coarse = made(tmp_path, np.full((1, 85, 4, 4), 0.1), shape=(1, 3, 128, 128))
    assert known_of(coarse).card.output.decoder == "custom-vision"


def test_a_file_of_names_rules_out_other_numbers_of_classes(tmp_path):
    outputs = {
        "logits": Out(rows(SCORES, (0, 0)), ["batch", 3, 3]),
        "pred_boxes": Out(shares_of(rows(CENTERS)), ["batch", 3, 4]),
    }
    model = graph(tmp_path / "model.onnx", outputs, image="pixel_values")
    assert offered(model) == ["detr, sigmoid", "detr, softmax-drop-last"]
    (tmp_path / "labels.txt").write_text("bolt\nnut\n")
    assert offered(model) == ["detr, softmax-drop-last"]
    (tmp_path / "labels.txt").write_text("\n".join(NAMES))
    with pytest.raises(ModelError, match="of a transformer"):
        known_of(model)
    (tmp_path / "config.json").write_text(as_json(id2label={"0": "a", "1": "b", "2": "c"}))
    assert offered(model) == ["detr, sigmoid"]


def test_a_guess_that_the_trial_refutes_is_a_question_and_never_a_card(tmp_path):
    # The shape of Ultralytics' layout, with numbers that are no confidences.
    table = np.concatenate([np.full((1, 4, 84), 20.0), np.full((1, 3, 84), 1.53)], axis=1)
    model = made(tmp_path, table)
    known = known_of(model)
    assert known.card is None
    assert "confidences such as 1.53" in known.notes[0]
    assert "yolo" not in offered(model)


def test_a_layout_that_leaves_an_output_out_is_not_offered(tmp_path):
    outputs = {"logits": Out(rows(SCORES)), "pred_boxes": Out(shares_of(rows(CENTERS)))}
    model = graph(tmp_path / "model.onnx", outputs, image="pixel_values")
    assert "detr, sigmoid" in offered(model)
    outputs["pred_masks"] = Out(np.zeros((1, 3, 8, 8)))
    graph(model, outputs, image="pixel_values")
    with pytest.raises(ModelError, match="of a transformer"):
        known_of(model)
