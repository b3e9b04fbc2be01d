"""The model cards that the documents show can be used as they stand there."""

import re
from pathlib import Path

import pytest

from engine.scoring.card import ModelCard, read_card

PAGE = Path(__file__).resolve().parent.parent / "docs" / "models.md"
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.DOTALL | re.MULTILINE)
CARDS = [text for text in BLOCK.findall(PAGE.read_text()) if re.search(r"^schema\s*=", text, re.M)]


@pytest.mark.parametrize("text", CARDS, ids=range(len(CARDS)))
def test_a_card_of_the_documents_is_read(text, tmp_path):
    place = tmp_path / "model.card.toml"
    place.write_text(text)
    for name in re.findall(r'^file = "(.*)"', text, re.M):
        (tmp_path / name).write_text("bolt\nnut\n")
    card = read_card(place)
    assert isinstance(card, ModelCard)
    assert card.schema == 1
    assert len(card.said) > 3


def test_every_block_of_toml_is_a_card():
    blocks = BLOCK.findall(PAGE.read_text())
    assert len(blocks) == PAGE.read_text().count("```toml")
    assert [text for text in blocks if text not in CARDS] == []
    assert len(CARDS) >= 3
