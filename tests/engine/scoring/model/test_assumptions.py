"""What a model file does not say is assumed loudly, asked, and settled by a card."""

import numpy as np
import pytest

from engine.core.errors import CardError, ModelError
from engine.scoring.card import card_beside, changed, read_card
from engine.scoring.families import FAMILIES
from engine.scoring.model.embedded import Silence, silence_of
from engine.scoring.model.session import open_model
from engine.scoring.recognise import recognise
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.detector_cases import QUERIES
from tests.engine.scoring.detector_cases_3 import YOLOX
from tests.engine.scoring.family_cases import CENTERS, SCORES, as_json, rows, shares_of
from tests.engine.scoring.graphs import Out, graph, names_metadata

DETR = {
    "logits": Out(rows(SCORES, (0, 0)), ["batch", 3, 3]),
    "pred_boxes": Out(shares_of(rows(CENTERS)), ["batch", 3, 4]),
}


@pytest.fixture
def yolox(tmp_path):
    return graph(tmp_path / "model.onnx", {"output": Out(YOLOX)}, shape=[1, 3, 64, 64])


def test_a_guess_names_what_it_assumed_and_where_to_correct_it(yolox):
    scorer = open_scorer(yolox)
    (note,) = scorer.notes
    assert "color order BGR, pixel values 0 to 255, resize letterbox-topleft" in note
    assert str(card_beside(yolox)) in note
    assert [asked.assumed.words for asked in scorer.open_questions] == [
        "BGR",
        "0 to 255",
        "letterbox-topleft",
    ]


def test_every_choice_of_a_question_is_a_card_that_can_be_written(yolox):
    scorer = open_scorer(yolox)
    for asked in scorer.open_questions:
        assert len(asked.choices) > 1
        cards = [changed(scorer.card, choice.values) for choice in asked.choices]
        assert cards[0] == scorer.card
        assert len({str(card) for card in cards}) == len(cards)


def test_a_card_settles_the_questions_it_answers(yolox):
    card_beside(yolox).write_text('[input]\ncolor = "RGB"\nscale = 1.0')
    scorer = open_scorer(yolox)
    assert [asked.about for asked in scorer.open_questions] == ["resize"]
    assert scorer.card.provenance.confidence == "guess"
    assert scorer.card.input.color == "RGB"
    card_beside(yolox).write_text('[input]\ncolor = "RGB"\nscale = 1.0\nresize = "stretch"')
    scorer = open_scorer(yolox)
    assert scorer.open_questions == scorer.notes == ()
    assert scorer.card.provenance.confidence == "likely"
    assert scorer.card.provenance.detected_by == "shapes, card"


def test_a_decoder_in_the_card_leaves_no_guess_behind(yolox):
    card_beside(yolox).write_text('[output]\ndecoder = "yolox"')
    scorer = open_scorer(yolox)
    assert (scorer.card.input.color, scorer.card.input.resize) == ("RGB", "letterbox")
    assert scorer.card.provenance.confidence == "certain"


def test_what_is_known_can_be_asked_without_running_anything(yolox):
    place = card_beside(yolox)
    known = recognise(open_model(yolox), None, place)
    assert known.card.output.decoder == "yolox"
    place.write_text('[input]\ncolor = "RGB"')
    assert len(recognise(open_model(yolox), read_card(place), place).open_questions) == 2


def test_a_transformer_whose_activation_is_open_is_refused_with_a_card(tmp_path):
    path = graph(tmp_path / "model.onnx", DETR, image="pixel_values")
    with pytest.raises(ModelError, match=r'activation = "sigmoid"   # RT-DETR') as error:
        open_scorer(path)
    shown = str(error.value).partition("in its card\n")[2].partition("and how")[0]
    card_beside(path).write_text(shown)
    assert open_scorer(path).card.output.activation == "sigmoid"


def test_an_input_of_unknown_meaning_is_asked_for(tmp_path):
    path = graph(
        tmp_path / "model.onnx",
        {"output0": Out(QUERIES)},
        further={"im_shape": (["N", 2], 1)},
        metadata=names_metadata(),
    )
    with pytest.raises(ModelError, match=r'im_shape = "original_wh"'):
        open_scorer(path)
    card_beside(path).write_text('[input.extra]\nim_shape = "input_hw"')
    assert open_scorer(path).card.input.extra == {"im_shape": "input_hw"}


def test_metadata_that_contradicts_the_graph_is_an_error_that_names_both(tmp_path):
    contract = {
        "task": "detect",
        "input_shape": [1, 3, 560, 560],
        "outputs": {"pred_boxes": "dets", "pred_logits": "labels"},
    }
    outputs = {"dets": DETR["pred_boxes"], "labels": DETR["logits"]}
    said = {"rfdetr_inference": as_json(**contract)}
    path = graph(tmp_path / "model.onnx", outputs, metadata=said)
    with pytest.raises(ModelError, match=r"560 x 560 pixels, but its input is images \[1, 3, 48"):
        open_scorer(path)
    graph(path, outputs, metadata={"rfdetr_inference": "{"})
    with pytest.raises(ModelError, match="metadata 'rfdetr_inference' that cannot be read"):
        open_scorer(path)


def test_a_card_that_feeds_gray_to_a_model_of_colours_is_refused(yolox):
    card_beside(yolox).write_text('[input]\ncolor = "GRAY"')
    with pytest.raises(CardError, match="needs 1 channels"):
        open_scorer(yolox)


def test_a_threshold_shows_in_the_lowest_confidence_ever_seen():
    many = np.linspace(0.3049, 1, 200)
    seen = silence_of(0, many, 0.001)
    assert seen.below == pytest.approx(0.3)
    assert "below .305" in seen.sentence
    nothing = Silence()
    assert silence_of(0, many[:10], 0.001) == nothing
    assert silence_of(0, np.append(many, 0.002), 0.001) == nothing
    assert silence_of(0, np.zeros(0), 0.001) == nothing
    assert silence_of(0, many, 0.3) == nothing
    assert silence_of(0, many, 0.001, by_itself=False) == nothing


def test_a_threshold_that_the_run_refutes_is_not_stated():
    assert silence_of(0.25, np.array([0.9, 0.25]), 0.001).below == 0.25
    assert "drops confidences below .250" in silence_of(0.25, np.zeros(0), 0.001).sentence
    assert silence_of(0.25, np.array([0.9, 0.12]), 0.001) == Silence()
    assert silence_of(0.25, np.zeros(0), 0.3) == Silence()  # less is not kept anyway


def test_every_family_has_a_name_a_rule_and_a_test_of_a_model():
    assert len(FAMILIES) > 20
    for family in FAMILIES:
        assert family.name
        assert family.detected_by in ("metadata_props", "hf-config", "output-names", "shapes")
        assert callable(family.match)
