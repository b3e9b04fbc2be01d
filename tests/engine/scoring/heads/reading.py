"""What a decoder reads of outputs, beside what a loop after its authors' code reads."""

from dataclasses import replace

import numpy as np

from engine.scoring.card import InputCard, ModelCard, OutputCard, changed
from engine.scoring.heads import HEADS


def card_of(decoder: str, size: tuple[int, int], **output: object) -> ModelCard:
    """A card of this decoder, with what its layout implies."""
    card = ModelCard(input=InputCard(size=size), output=OutputCard(decoder=decoder))
    card = changed(card, HEADS[decoder].defaults)
    return replace(card, output=replace(card.output, **output))


def read(decoder: str, outputs, card: ModelCard, floor: float) -> np.ndarray:
    """[N, 6] left, top, right, bottom, confidence and class, the most confident first."""
    found = HEADS[decoder](outputs, card, floor)
    columns = [found.corners, found.confidence[:, None], found.class_[:, None]]
    return in_order(np.concatenate(columns, axis=1))


def in_order(rows) -> np.ndarray:
    """Rows [N, 6] by confidence, then by place: equal ones have no order of their own."""
    table = np.array(rows, float).reshape(-1, 6)
    keys = table[:, [3, 2, 1, 0, 5]].round(6).T
    return table[np.lexsort((*keys, -table[:, 4].round(6)))]
