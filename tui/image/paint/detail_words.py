"""What the detail screen says in words."""

from collections.abc import Sequence

from rich.text import Text

from engine.core.assessment import DetailRow
from engine.util.visible import clean
from engine.util.words import iou_threshold, threshold
from tui.drawing.title_line import CROSS, DOT
from tui.pictures.paint.drawn_boxes import BoxesShown


def thresholds(drawn: BoxesShown, confidence: float, iou: float) -> tuple[str, str]:
    """What is drawn at which thresholds, in full and, for less room, only what is unusual."""
    short = f"conf {threshold(confidence)}  IoU {iou_threshold(iou)}"
    full = f"boxes: {drawn}  {short}"
    if drawn != "truth and predictions":
        short = f"{drawn} only  {short}" if drawn != "none" else f"boxes hidden  {short}"
    return full, short


def picture_facts(name: str, size: tuple[int, int], boxes: int) -> str:
    """What the frame says where no picture is shown."""
    pixels = f"{size[0]}{CROSS}{size[1]} pixels{DOT}" if size[0] else ""
    count = "1 box" if boxes == 1 else f"{boxes} boxes"
    return f"{clean(name)}\n{pixels}{count}"


def why_words(rows: Sequence[DetailRow], focus: int | None, matching: str) -> Text:
    """Why the box in focus is what its tag says, and how boxes were paired."""
    if not rows:
        return Text("No boxes in this image: no ground truth and no prediction.")
    if focus is None:
        counts = ", ".join(
            f"{sum(row.tag == tag for row in rows)} {tag}" for tag in ("TP", "FP", "FN")
        )
        text = Text(f"{counts}. Tab walks through the boxes.")
    else:
        row = rows[focus]
        verdict, colon, reason = row.why.partition(":")
        text = Text.assemble((verdict + colon, "bold"), reason)
    if matching:
        text.append(f"\nMatched {matching}.", "dim")
    return text
