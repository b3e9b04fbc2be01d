"""What the detail of a classifier's image says in words."""

from collections.abc import Sequence
from typing import Final

from rich.text import Text

from engine.core.assessment import ProbabilityDetail
from engine.util.visible import clean
from engine.util.words import share, threshold
from tui.drawing.title_line import CROSS, DOT

STYLES: Final = {"Right": "bold green", "Wrong": "bold red"}


def threshold_words(confidence: float) -> str:
    """`conf .350`, and what it means where it means nothing."""
    return f"conf {threshold(confidence)}" if confidence > 0 else "conf .000, always answers"


def verdict_words(detail: ProbabilityDetail, classes: Sequence[str]) -> Text:
    """Whether the model is right and why, then the margin and the place of the truth."""
    verdict, colon, reason = detail.why.partition(":")
    text = Text.assemble((verdict + colon, STYLES.get(verdict, "bold")), reason)
    if len(detail.class_):
        runner_up = f" over {classes[int(detail.class_[1])]}" if len(detail.class_) > 1 else ""
        text.append(f"\nMargin {share(detail.margin, 3)}{runner_up}", "dim")
        text.append(f"{DOT}truth {detail.rank:,} of {len(detail.class_):,}", "dim")
    return text


def image_facts(
    name: str, size: tuple[int, int], detail: ProbabilityDetail, classes: Sequence[str]
) -> str:
    """What the frame says where no picture is shown."""
    pixels = f"{size[0]}{CROSS}{size[1]} pixels{DOT}" if size[0] else ""
    return f"{clean(name)}\n{pixels}{classes[detail.truth]}"
