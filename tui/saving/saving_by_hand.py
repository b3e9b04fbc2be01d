"""A threshold chosen by eye, saved in the card of a model that stands without a dataset."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from engine.cards.operating_point import SavedPoint
from tui import __version__
from tui.saving.paint.save_lines import by_hand, by_hand_words
from tui.saving.save_point import Proposal


def proposal_by_hand(
    confidence: float,
    digest: str,
    made_with: Mapping[str, str],
    card: Path,
    before: SavedPoint | None,
) -> Proposal:
    """The confidence as a point for the model with this digest: nothing was measured there.

    before is what the card holds now, for this model file or for another.
    """
    point = SavedPoint(
        confidence,
        sha256=digest,
        made_with=made_with,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        offdiag=__version__,
    )
    stale = before is not None and bool(before.changes(digest, made_with))
    keeping = None
    if before is not None and before.classes and not stale:
        keeping = replace(point, classes=before.classes)
    return Proposal(point, by_hand(before, point), by_hand_words(card, before, stale), keeping)
