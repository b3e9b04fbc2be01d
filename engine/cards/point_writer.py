"""Writing an operating point into a card."""

from pathlib import Path

from engine.cards.file import write_keys
from engine.cards.operating_point import TABLE, SavedPoint, table_of
from engine.scoring.card import card_beside


def save_point(model: Path, point: SavedPoint, card_path: Path | None = None) -> Path:
    """Put the point into the card of a model, and return where that is.

    The card is that at `card_path`, else the one beside the model; it is made if there is
    none. Comments, order and all other keys stay as they are. The file is written whole or
    not at all. Raises `CardError` for a card that cannot be read or written.
    """
    return write_keys(card_path or card_beside(model), {TABLE: table_of(point)})
