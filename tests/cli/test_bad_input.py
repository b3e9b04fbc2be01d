"""Files that hold what nobody expects end in one sentence, with 2 and without a traceback."""

from pathlib import Path

import pytest

from engine.core.errors import CardError
from engine.images.pixels import UnreadableImage, read_image
from engine.scoring.card import read_card
from tests.cli.test_command import offdiag

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
CARDS = {
    "number": ("[input]\nscale = 1" + 400 * "0", "input.scale must be a number"),
    "digits": ("[input]\nscale = 1" + 5000 * "0", "a number or a table in it is too large"),
    "nul": ('[classes]\nfile = "a\\u0000b"', "cannot be read as text"),
    "missing": ('[classes]\nfile = "names.txt"', "there is no"),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_beyond_all_bounds_is_refused(tmp_path, name):
    content, problem = CARDS[name]
    card = tmp_path / "m.card.toml"
    card.write_text(content)
    with pytest.raises(CardError, match=problem):
        read_card(card)


def test_an_image_of_no_pixels_is_damaged(tmp_path):
    image = tmp_path / "four_bytes.jpg"
    image.write_bytes(b"BUFR0000")
    with pytest.raises(UnreadableImage):
        read_image(image, enough=lambda size: (1 // size[0], 1 // size[1]))


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not here")
@pytest.mark.parametrize(
    ("model", "card", "problem"),
    [
        ("16_digit_model/sorted.onnx", "deep.card.toml", "a number or a table in it is too large"),
        ("bad_input/batchhuge.onnx", "", "1,073,741,824 images a call"),
        ("bad_input/ext_nul.onnx", "", "a file whose name no system has"),
    ],
)
def test_a_hostile_model_or_card_ends_in_one_sentence(tmp_path, model, card, problem):
    named = ["--card", CASES / "bad_input" / card] if card else []
    data = CASES / "16_digit_model" / "sorted_val"
    done = offdiag("report", CASES / model, *named, "--data", data, cwd=tmp_path)
    assert done.returncode == 2
    assert problem in done.stderr
    assert "Traceback" not in done.stderr
