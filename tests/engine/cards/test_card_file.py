"""Keys go into a card, and all that a person wrote there stays."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cards.file import write_keys
from engine.core.errors import CardError
from engine.scoring.card import read_card

CARD = """\
# Parts, exported on Tuesday
task = "detect"

[input]           # as trained
color = "RGB"     # Pillow
scale = 1

[operating_point]
confidence = 0.4  # agreed
"""
NMS = st.fixed_dictionaries(
    {
        "output.nms.iou": st.floats(0, 1),
        "output.nms.max_det": st.integers(1, 100),
        "input.mean": st.tuples(*[st.floats(-1, 1)] * 3),
        "input.resize": st.sampled_from(["letterbox", "stretch"]),
    }
)


@given(values=NMS)
@settings(max_examples=15)
def test_what_is_written_is_read_back_to_the_last_bit(values, tmp_path_factory):
    place = tmp_path_factory.mktemp("card") / "m.card.toml"
    for text in ("", CARD, "input.color = 'BGR'\n", "output = { nms = { iou = 0.1 } }\n"):
        place.write_text(text)
        before = tomllib.loads(text)
        write_keys(place, values)
        card = read_card(place)
        assert card.output.nms.iou == values["output.nms.iou"]
        assert card.output.nms.max_det == values["output.nms.max_det"]
        assert card.input.mean == values["input.mean"]
        assert card.input.resize == values["input.resize"]
        after = tomllib.loads(place.read_text())
        assert after.get("operating_point") == before.get("operating_point")
        assert after.get("input", {}).get("color") == before.get("input", {}).get("color")


def test_comments_order_and_values_that_are_right_already_stay(tmp_path):
    place = tmp_path / "m.card.toml"
    place.write_text(CARD)
    write_keys(place, {"schema": 1, "input.color": "BGR", "input.scale": 1.0, "input.pad": 0})
    text = place.read_text()
    assert "# Parts, exported on Tuesday" in text
    assert 'color = "BGR"     # Pillow' in text
    assert "scale = 1\n" in text
    assert "confidence = 0.4  # agreed" in text
    assert text.index("schema = 1") < text.index("[input]") < text.index("[operating_point]")
    assert tomllib.loads(text)["input"] == {"color": "BGR", "scale": 1, "pad": 0}
    assert [path.name for path in tmp_path.iterdir()] == ["m.card.toml"]


def test_a_new_card_has_a_heading_and_a_line_for_each_of_many_classes(tmp_path):
    place = tmp_path / "m.card.toml"
    names = tuple(f"part {number}" for number in range(12))
    write_keys(place, {"schema": 1, "classes.names": names}, "How m.onnx is run.")
    lines = place.read_text().splitlines()
    assert lines[0] == "# How m.onnx is run."
    assert '    "part 11",' in lines
    assert read_card(place).classes.names == names


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("input.color", "GBR", "input.color must be one of 'RGB', 'BGR', 'GRAY'"),
        ("input.colour", "RGB", "unknown key 'input.colour'"),
        ("output.nms.iou", 1.5, "output.nms.iou must be a number from 0 to 1"),
    ],
)
def test_what_a_card_may_not_say_is_refused_with_its_key(tmp_path, key, value, words):
    place = tmp_path / "m.card.toml"
    place.write_text(CARD)
    with pytest.raises(CardError, match=words):
        write_keys(place, {key: value})
    assert place.read_text() == CARD


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path):
    with pytest.raises(CardError, match=r"m.card.toml: cannot be written: No such file"):
        write_keys(tmp_path / "gone" / "m.card.toml", {"schema": 1})
