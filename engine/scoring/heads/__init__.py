"""How the raw output of each model family becomes candidate boxes."""

from collections.abc import Callable
from typing import Final, TypeAlias

from engine.scoring.card import ModelCard
from engine.scoring.heads.candidates import Candidates, NotANumber
from engine.scoring.heads.rows6 import rows6
from engine.scoring.heads.yolo import yolo
from engine.scoring.heads.yolox import yolox
from engine.scoring.session import Outputs

Head: TypeAlias = Callable[[Outputs, ModelCard, float], Candidates]
"""The outputs of one image, the card and a confidence floor -> candidates."""

HEADS: Final[dict[str, Head]] = {"yolo": yolo, "yolox": yolox, "rows6": rows6}

__all__ = ["HEADS", "Candidates", "Head", "NotANumber"]
