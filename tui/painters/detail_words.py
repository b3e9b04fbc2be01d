"""What the detail screen says in words."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from engine.assessment import DetailRow
from engine.words import share
from tui.painters.box_list import CROSS
from tui.painters.marks import Boxes
from tui.painters.names import clean, cut

DOT = " \N{MIDDLE DOT} "


def header(
    name: str,
    size: tuple[int, int],
    position: int,
    total: int,
    words: str,
    drawn: Boxes,
    confidence: float,
    iou: float,
    width: int,
) -> Text:
    """Name, size, place and filter at the left, thresholds at the right."""
    right = f"conf {share(confidence)}  IoU {share(iou)}"
    pixels = f"{size[0]}{CROSS}{size[1]}" if size[0] else ""
    place = f"{position + 1:,} of {total:,}: {words}" if words else f"{position + 1:,} of {total:,}"
    rest = DOT.join(part for part in (pixels, place) if part)
    left = f"{clean(name)}{DOT}{rest}"
    shown = f"boxes: {drawn}  "
    if cell_len(left) + 2 + len(shown) + len(right) <= width:
        right = shown + right
    elif drawn != "truth and predictions":
        right = f"{drawn} only  {right}" if drawn != "none" else f"boxes hidden  {right}"
    left = cut(left, width - len(right) - 2)
    text = Text(left, no_wrap=True)
    text.stylize("bold", 0, min(len(clean(name)), len(left)))
    text.append(" " * max(width - cell_len(left) - len(right), 1) + right)
    return text


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
