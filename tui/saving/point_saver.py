"""The operating point of the screen, saved in the card of the model."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from textual.screen import Screen

from engine.cards.operating_point import SavedPoint, model_digest
from engine.core.goals import Goal
from engine.util.visible import visible
from engine.util.words import threshold
from tui import __version__
from tui.desk.assessed import Assessed
from tui.desk.desk import Desk
from tui.desk.start_point import card_of
from tui.saving.paint.save_lines import PointColumn, comparison, saving_words
from tui.saving.save_point import PointInFile, Proposal, SavePointScreen


class PointSaver:
    """Saves where the sliders of a screen stand, and says so; then the screen goes there."""

    def __init__(self, screen: Screen[None], desk: Desk[Any], then: Callable[[], None]) -> None:
        self.screen = screen
        self.desk = desk
        self.then = then  # called when the desk knows the saved point

    def ask(self, assessed: Assessed, intervals: Any) -> None:
        """Ask whether to save, with what that changes; or say why it cannot be done.

        intervals are those of the numbers at the point, None where no tab has worked them out.
        """
        if problem := cannot_be_saved(self.desk, assessed):
            self.screen.notify(problem, severity="warning", markup=False, timeout=8)
            return
        inputs = self.desk.opened.inputs
        assert inputs.model is not None
        propose = partial(proposal, self.desk, assessed, intervals)
        write = partial(write_point, inputs.model, inputs.card)
        self.screen.app.push_screen(SavePointScreen(propose, write), self.take)

    def take(self, kept: PointInFile | None) -> None:
        """The point is in the card: the app begins there from now on."""
        if kept is not None:
            self.desk.saved = kept.point
            self.then()
            tell_saved(self.screen, kept, named=self.desk.opened.inputs.card is not None)


def cannot_be_saved(desk: Desk[Any], assessed: Assessed) -> str:
    """Why there is nothing to save or nowhere to, with the way out; nothing where there is."""
    inputs, point = desk.opened.inputs, assessed.wish.point
    if card_of(desk.opened) is None:
        at = threshold(point.confidence)
        return (
            f"{desk.opened.answers} has predictions but no model: the operating point is kept in "
            f"a model's card. Open the model itself (offdiag open MODEL.onnx --data "
            f"{inputs.data.name}), or give the confidence there: offdiag score --confidence {at}."
        )
    if isnan(point.confidence):
        return "There is no confidence to save: set one with [ and ], or type it after a full stop."
    return ""


def proposal(desk: Desk[Any], assessed: Assessed, intervals: Any) -> Proposal:
    """What may be saved where the sliders stand. A fingerprint and an assessment: in a worker."""
    inputs, card = desk.opened.inputs, card_of(desk.opened)
    assert inputs.model is not None
    assert card is not None
    point = replace(
        desk.to_save(assessed, intervals),
        sha256=desk.opened.digest or model_digest(inputs.model),
        made_with=desk.opened.made_with,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        offdiag=__version__,
    )
    now = PointColumn("now", assessed.wish.point, assessed.card, len(point.classes))
    before = _before(desk, assessed)
    columns = [now] if before is None else [before, now]
    goal = Goal.parse(point.goal)
    named = inputs.card is not None
    words = saving_words(card, goal.words, point.value, *point.interval, named=named)
    table = comparison(columns, boxes=len(desk.knobs) > 1, goal=goal)
    return Proposal(point, table, words)


def _before(desk: Desk[Any], assessed: Assessed) -> PointColumn | None:
    """The saved point or, without one, the optimum; None where the sliders stand there."""
    wish, best = replace(assessed.wish, selection=None), assessed.optimum
    saved, at = desk.saved, desk.saved_at
    if saved is not None and at is not None:
        title, own = f"saved {saved.date[:10]}".rstrip(), len(saved.classes)
    elif np.isnan(best):
        return None
    else:
        title, own = "optimal", 0
        at = replace(wish.point, confidence=best, per_class=False, own=())
    if at == wish.point:
        return None
    return PointColumn(title, at, assessed.for_wish(replace(wish, point=at)).card, own)


def tell_saved(screen: Screen[Any], kept: PointInFile, *, named: bool) -> None:
    """Where it is now; named is whether the card has a path of its own, not beside the model."""
    told = f"Saved in {kept.path}. offdiag score and serve apply it{' with --card' * named}."
    screen.notify(visible(told), title="Operating point", markup=False, timeout=8)


def write_point(model: Path, card: Path | None, point: SavedPoint) -> Path:
    """Put a point into the card of a model; gives the file."""
    from engine.cards.point_writer import save_point  # its library takes as long as a tab

    return save_point(model, point, card)
