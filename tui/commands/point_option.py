"""At which point a model answers: what the verbs score and serve share."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui.commands.options import confidence_of

if TYPE_CHECKING:
    from engine.cards.operating_point import SavedPoint, Thresholds
    from engine.scoring.run.scorer import Scorer

CONFIDENCE: Callable[[Any], Any] = click.option(
    "--confidence",
    default="saved",
    show_default=True,
    help="Confidence threshold from 0 to 1, or 'saved': the operating point in the model's card.",
)


def opened_at(
    model: Path, card: Path | None, provider: str, confidence: str
) -> "tuple[Scorer, SavedPoint | None, Thresholds]":
    """The model, what was saved for it, and the thresholds that follow.

    Whether there is a point is found out before the model is opened. Raises `PointError`,
    `ModelError` and `CardError`.
    """
    from engine.cards.operating_point import applied, given
    from engine.scoring.run.scorer import open_scorer

    wanted = confidence_of(confidence, "saved")
    point = _saved(model, card) if wanted is None else None
    scorer = open_scorer(model, card, provider)
    names = scorer.class_names
    if point is None:
        return scorer, None, given(wanted or 0.0, len(names))
    return scorer, point, applied(point, scorer.model, scorer.digest, names, scorer.card)


def _saved(model: Path, card: Path | None) -> "SavedPoint":
    from engine.cards.operating_point import PointError, saved_point
    from engine.core.errors import ModelError
    from engine.scoring.model.onnx_file import checked_file

    if not model.exists():
        raise ModelError(model, "there is no such file")
    checked_file(model)
    point = saved_point(model, card)
    if point is None:
        raise PointError(
            model,
            "no operating point is saved for it: give --confidence 0.4, or save one with "
            "`offdiag report MODEL --data DATA --save`",
        )
    return point
