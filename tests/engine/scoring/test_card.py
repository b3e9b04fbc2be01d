from pathlib import Path

import pytest

from engine.core.errors import CardError
from engine.scoring.card import ModelCard, card_beside, overlaid, read_card

YOLOX = Path(__file__).parents[2] / "cards" / "yolox_nano.card.toml"


@pytest.fixture
def card(tmp_path):
    def read(text: str) -> ModelCard:
        path = tmp_path / "model.card.toml"
        path.write_text(text)
        return read_card(path)

    return read


def test_the_card_lies_beside_the_model():
    assert card_beside(Path("a/yolox_nano.onnx")) == Path("a/yolox_nano.card.toml")


def test_a_card_is_read_whole():
    read = read_card(YOLOX)
    assert read.input.size == (416, 416)
    assert (read.input.color, read.input.resize, read.input.scale) == (
        "BGR",
        "letterbox-topleft",
        1.0,
    )
    assert (read.output.decoder, read.output.nms.iou) == ("yolox", 0.45)
    assert len(read.classes.names) == 80
    assert "output.nms.iou" in read.said
    assert "output.nms.max_det" not in read.said


def test_a_card_changes_only_what_it_says(card):
    base = read_card(YOLOX)
    over = overlaid(base, card('[input]\ncolor = "RGB"\n[output.nms]\nmax_det = 7'))
    assert (over.input.color, over.output.nms.max_det) == ("RGB", 7)
    assert (over.input.size, over.output.nms.iou, over.classes) == (
        (416, 416),
        0.45,
        base.classes,
    )


def test_class_names_may_stand_in_their_own_file(card, tmp_path):
    (tmp_path / "labels.txt").write_text("bolt\nnut\n\n")
    assert card('[classes]\nfile = "labels.txt"').classes.names == ("bolt", "nut")
    with pytest.raises(CardError, match=r"there is no .*missing\.txt"):
        card('[classes]\nfile = "missing.txt"')


def test_the_operating_point_of_another_part_is_let_through(card):
    assert card("[operating_point]\nconfidence = 0.4").operating_point == {"confidence": 0.4}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[input]\ncolour = "BGR"', "unknown key 'input.colour'; known here are name, layout"),
        ("[output.nms]\nthreshold = 1", "unknown key 'output.nms.threshold'"),
        ('[input]\ncolor = "bgr"', "input.color must be one of 'RGB', 'BGR', 'GRAY', got 'bgr'"),
        ("[input]\nsize = 640", r"input.size must be \[height, width\]"),
        ("[input]\nsize = [true, 64]", "input.size must be"),
        ("[input]\npad = 300", "input.pad must be a whole number from 0 to 255, got 300"),
        ('[input]\npad = "grey"', "input.pad must be a whole number"),
        ("[input]\nscale = 0", "input.scale must be a number other than 0"),
        ("[input]\nstd = [1.0, 0.0, 1.0]", "input.std must be a list of 3 numbers"),
        ("[output.nms]\niou = 1.5", "output.nms.iou must be a number from 0 to 1"),
        ("[output.nms]\nneeded = 1", "output.nms.needed must be true or false"),
        ("[input]\nextra = { a = 'b' }", "input.extra must be one of 'original_wh'"),
        ("input = 5", r"input must be a table, written \[input\]"),
        ("schema = 2", "schema must be one of 1"),
        ('[classes]\nnames = "bolt"', "classes.names must be a list of strings"),
        ("[classes]\nmap = { bolt = 1 }", "classes.map must be names in pairs"),
        ('sha256 = "abc"', "sha256 must be 64 hexadecimal digits"),
    ],
)
def test_what_a_card_may_not_say_is_refused_with_what_it_may(card, text, sentence):
    with pytest.raises(CardError, match=sentence) as error:
        card(text)
    assert "model.card.toml" in str(error.value)


def test_a_slip_in_the_toml_is_shown_with_its_line(card):
    with pytest.raises(CardError, match=r"model.card.toml:2: not valid TOML"):
        card("schema = 1\ncolor = = 3\n")


def test_a_card_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(CardError, match="cannot be read: No such file"):
        read_card(tmp_path / "none.toml")
