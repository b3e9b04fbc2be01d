"""What is known of a model, what is asked, and that the card written says the same again."""

import dataclasses

import numpy as np
import pytest

from engine.cards.facts import facts_of, values_in_words
from engine.cards.known import known_of
from engine.cards.written import write_card
from engine.core.errors import CardError, ModelError
from engine.scoring.card import InputCard, card_beside, read_card
from engine.scoring.families.family import IMAGENET, RAW
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.classifier_cases import CASES as CLASSIFIERS
from tests.engine.scoring.detector_cases import CASES as DETECTORS
from tests.engine.scoring.detector_cases import QUERIES
from tests.engine.scoring.detector_cases_2 import CASES_2
from tests.engine.scoring.detector_cases_3 import CASES_3, YOLOX
from tests.engine.scoring.family_cases import CENTERS, SCORES, rows, shares_of
from tests.engine.scoring.graphs import Out, graph, names_metadata

CASES = DETECTORS | CASES_2 | CASES_3 | CLASSIFIERS


def assumed(known):
    """The model as if a person had agreed to all that is assumed."""
    while known.missing:
        known = known.answered(known.missing[0].assumed.values)
    return known


@pytest.fixture
def yolox(tmp_path):
    return graph(tmp_path / "model.onnx", {"output": Out(YOLOX)}, shape=[1, 3, 64, 64])


@pytest.mark.parametrize("name", CASES)
def test_the_card_of_every_family_runs_its_model_as_before(name, tmp_path):
    case = CASES[name]
    for file, text in case.files.items():
        (tmp_path / file).write_text(text)
    if getattr(case, "card", ""):
        (tmp_path / "model.card.toml").write_text(case.card)
    model = case.made(tmp_path / "model.onnx")
    before = open_scorer(model).card
    write_card(assumed(known_of(model)))
    after = open_scorer(model)
    for part in ("task", "input", "output", "classes"):
        assert getattr(after.card, part) == getattr(before, part), part
    assert after.card.provenance.family == before.provenance.family
    assert after.open_questions == ()
    assert not any("ASSUMED" in note for note in after.notes)


def test_a_second_writing_changes_nothing(yolox):
    place = write_card(assumed(known_of(yolox)))
    text = place.read_text()
    write_card(known_of(yolox))
    assert (
        place.read_text().replace('"card"', '"person"').split("reason")[0]
        == (text.split("reason")[0])
    )


def test_a_guess_lists_what_is_missing_with_what_is_assumed_first(yolox):
    known = known_of(yolox)
    assert [(asked.about, asked.assumed.words) for asked in known.missing] == [
        ("color order", "BGR"),
        ("pixel values", "0 to 255"),
        ("resize", "letterbox-topleft"),
    ]
    assert not known.complete
    facts = {fact.name: fact for fact in facts_of(known)}
    assert (facts["Family"].value, facts["Family"].source) == ("yolox", "guess")
    assert facts["Color order"].source == facts["Pixel values"].source == "ASSUMED"
    assert "stride 8, 16 and 32" in facts["Because"].value
    assert facts["Classes"].value == "2, not named"
    answered = known.answered({"input.color": "RGB"})
    facts = {fact.name: fact for fact in facts_of(answered)}
    assert (facts["Color order"].value, facts["Color order"].source) == ("RGB", "you")
    card_beside(yolox).write_text('[input]\ncolor = "RGB"\n')
    facts = {fact.name: fact for fact in facts_of(known_of(yolox))}
    assert (facts["Color order"].value, facts["Color order"].source) == ("RGB", "card")


def test_answers_end_up_in_the_card_and_in_the_model(yolox):
    known = known_of(yolox).answered({"input.color": "RGB", "classes.names": ("bolt", "nut")})
    place = write_card(assumed(known))
    scorer = open_scorer(yolox)
    assert scorer.card.input.color == "RGB"
    assert scorer.class_names == ("bolt", "nut")
    assert read_card(place).provenance.detected_by == "person"


def test_a_model_that_nobody_recognises_is_asked_for_a_layout_that_its_outputs_fit(tmp_path):
    outputs = {
        "logits": Out(rows(SCORES, (0, 0)), ["batch", 3, 3]),
        "pred_boxes": Out(shares_of(rows(CENTERS)), ["batch", 3, 4]),
    }
    model = graph(tmp_path / "model.onnx", outputs, image="pixel_values")
    known = known_of(model)
    assert known.card is None
    (layout,) = known.missing
    words = [choice.words.partition(":")[0] for choice in layout.choices]
    assert words == ["detr, sigmoid", "detr, softmax-drop-last", "none of these"]
    with pytest.raises(ModelError, match="of a layout that is not known here") as error:
        known.answered(layout.choices[-1].values)
    assert "output logits [1, 3, 3] float" in str(error.value)
    known = known.answered(layout.choices[1].values)
    assert {asked.about for asked in known.missing} == {"color order", "pixel values", "resize"}
    write_card(assumed(known))
    assert open_scorer(model).card.output.activation == "softmax-drop-last"


def test_a_model_that_no_layout_fits_is_refused_with_its_ports(tmp_path):
    odd = graph(tmp_path / "model.onnx", {"odd": Out(np.zeros((1, 2, 3, 4, 5)))})
    with pytest.raises(ModelError, match=r"output odd \[1, 2, 3, 4, 5\]"):
        known_of(odd)


def test_an_input_of_unknown_meaning_and_a_size_are_asked_for(tmp_path):
    model = graph(
        tmp_path / "model.onnx",
        {"output0": Out(QUERIES, ["batch", "queries", 6])},
        shape=["batch", 3, "height", "width"],
        further={"im_shape": (["N", 2], 1)},
        metadata={**names_metadata(), "imgsz": "[]"},
    )
    known = known_of(model)
    assert [asked.about for asked in known.missing] == ["what the input im_shape is fed with"]
    while known.missing:
        known = known.answered(known.missing[0].choices[3].values)
    if known.size_missing:
        known = known.answered({"input.size": (48, 64)})
    assert known.complete
    write_card(known)
    card = open_scorer(model).card
    assert card.input.extra == {"im_shape": "input_hw"}
    assert card.input.size == (48, 64)


def test_pixel_values_have_the_words_of_their_question():
    def fed(values):
        return InputCard(**{key.removeprefix("input."): value for key, value in values.items()})

    assert values_in_words(fed(RAW)) == "0 to 255"
    assert values_in_words(fed(IMAGENET)) == "ImageNet mean and deviation"
    odd = dataclasses.replace(fed(RAW), mean=(104.0, 117.0, 123.0))
    assert values_in_words(odd) == "times 1, minus 104 117 123, over 1 1 1"


def test_a_card_that_names_classes_by_numbers_names_them(yolox):
    nameless = assumed(known_of(yolox))
    assert nameless.names_missing == 2
    assert nameless.card.classes.names is None
    assert {fact.name: fact.value for fact in facts_of(nameless)}["Classes"] == "2, not named"
    named = nameless.answered({"classes.names": ("0", "1")})
    assert (named.names_missing, named.card.classes.names) == (0, ("0", "1"))
    write_card(named)
    scorer = open_scorer(yolox)
    assert scorer.card.classes.names == scorer.class_names == ("0", "1")


def test_what_is_found_out_is_no_key_of_a_card(yolox):
    write_card(assumed(known_of(yolox)))
    assert "unnamed" not in card_beside(yolox).read_text()
    card_beside(yolox).write_text("[classes]\nunnamed = 2\n")
    with pytest.raises(CardError, match=r"unknown key 'classes.unnamed'"):
        known_of(yolox)
