"""The error types of a detector as lines: a bar for each number, and words below."""

import csv
import io
from dataclasses import dataclass
from typing import Final

from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from engine.core.arrays import Counts
from engine.core.explanation import Explanation
from engine.core.thresholds import OperatingPoint
from engine.detection.error_types.error_types import ErrorTypes
from engine.detection.error_types.names import (
    BACKGROUND_IOU,
    ERROR_TYPES,
    OTHER_TOOLS,
    described,
    fixed,
)
from engine.util.words import change, iou_threshold, share, threshold
from tui.drawing.frame import wrapped
from tui.drawing.names import cut, left
from tui.tables.paint.lines import bar_text

NAME: Final = 15  # cells for the name of a type
NUMBER: Final = 9  # and for a number
BAR: Final = 30  # at most
HEADINGS: Final = ("at the sliders", "at all confidences", "AP given back")
SHORT: Final = ("sliders", "all", "AP")


@dataclass(frozen=True, eq=False)
class ErrorTypesView:
    """Error types at an operating point."""

    errors: ErrorTypes
    at_point: Counts  # [6] at the confidence of the point, or that of each class
    point: OperatingPoint

    @property
    def columns(self) -> tuple[tuple[float, ...], ...]:
        """[3][6] at the sliders, at all confidences, and what fixing gives back."""
        at_point, counts = self.at_point.tolist(), self.errors.typed.counts().tolist()
        return tuple(at_point), tuple(counts), tuple(self.errors.gains.gained.tolist())

    @property
    def reaches(self) -> str:
        """The confidence at the sliders, in words."""
        point = self.point
        if point.per_class:
            return "at the confidences of the classes"
        words = "above {}" if point.matching == "iou" else "from {} on"
        return words.format(threshold(point.confidence))


def bar_width(width: int) -> int:
    """Cells for each of the bars."""
    return min(max((width - 1 - NAME) // len(HEADINGS) - NUMBER - 2, 0), BAR)


def error_heading(width: int) -> str:
    """What the columns are."""
    column = NUMBER + 2 + bar_width(width)
    names = HEADINGS if column > max(map(len, HEADINGS)) + 1 else SHORT
    line = f" {'error type':<{NAME}}"
    for name in names:
        line += f" {name:>{NUMBER}}".ljust(column)
    return line[:width]


def error_line(
    view: ErrorTypesView, index: int, width: int, base: Style, bar: Style
) -> list[Segment]:
    """Name, then a number and a bar for each column, whose longest is as long as there is room."""
    cells = bar_width(width)
    segments = [Segment(" " + left(ERROR_TYPES[index], NAME), base)]
    for column in view.columns:
        value, most = column[index], max((each for each in column if each == each), default=0)
        text = f"{value:,}" if isinstance(value, int) else change(value)
        segments.append(Segment(f" {text:>{NUMBER}} ", base))
        segments.append(Segment(bar_text(value / most if most else 0, cells), bar))
    return segments


def error_facts(view: ErrorTypesView, width: int) -> Text:
    """At which point, and by whose rule."""
    gains, iou = view.errors.gains, iou_threshold(view.errors.iou)
    full = f"TIDE's types as tidecv counts them · IoU {iou} · at the sliders: {view.reaches}"
    return Text(
        cut(f"{full} · AP at this IoU {share(gains.ap, 3)}", width)
        if len(full) + 24 <= width
        else cut(f"TIDE's types · IoU {iou} ({share(gains.ap, 3)} AP) · {view.reaches}", width),
        no_wrap=True,
    )


def error_explanation(view: ErrorTypesView, index: int) -> Explanation:
    """A type of error in words: what it is, what fixing it means, and what it gives back."""
    error, gains, iou = ERROR_TYPES[index], view.errors.gains, view.errors.iou
    after = gains.ap + float(gains.gained[index])
    return Explanation(
        title=f"{error.capitalize()} errors",
        what=f"{_sentence(described(error, iou))} Fixed: {fixed(error)}.",
        formula="AP with them fixed - AP",
        filled=f"{share(after, 3)} - {share(gains.ap, 3)} = {change(float(gains.gained[index]))}",
        made_at=f"IoU {iou_threshold(iou)}, all confidences, up to 100 predictions of an image",
    )


def error_words(view: ErrorTypesView, index: int, width: int, height: int) -> list[Text]:
    """What the type in focus is and how it is fixed, then what holds for all of them.

    Of what does not fit the last is left out.
    """
    error, gains, iou = ERROR_TYPES[index], view.errors.gains, view.errors.iou
    at_point, over_all, gained = (column[index] for column in view.columns)
    counts = f"{at_point:,} {view.reaches}, {over_all:,} at all confidences"
    given = "" if gained != gained else f", which gives back AP {change(gained)}"
    told = [
        [
            Text(cut(f"{error.capitalize()}: {counts}", width), "bold"),
            *_lines(_sentence(described(error, iou)), width),
            *_lines(f"Fixed: {fixed(error)}{given}.", width),
        ],
        _lines(
            f"AP at IoU {iou_threshold(iou)} is {share(gains.ap, 3)}; without any false positive "
            f"{change(gains.without_false_positives)}, without any object missed "
            f"{change(gains.without_misses)}. Gains are of all confidences and do not add up.",
            width,
        ),
        _lines(
            "At the sliders an object is missed where only predictions below them would find "
            "it, so there are more of these than at all confidences.",
            width,
        ),
        *(_lines(f"{difference}.", width, "dim") for difference in OTHER_TOOLS),
    ]
    while len(told) > 1 and sum(map(len, told)) > height:
        told.pop()
    apart = sum(map(len, told)) + len(told) - 1 <= height
    lines = told[0]
    for more in told[1:]:
        lines += [Text(), *more] if apart else more
    return lines


def error_types_csv(view: ErrorTypesView) -> str:
    """A line for each type; numbers have all their digits, what is undefined is empty."""
    point = view.point
    made_at = [repr(point.iou), repr(BACKGROUND_IOU), repr(point.confidence), point.matching]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    places = ["iou", "background_iou", "confidence", "matching"]
    writer.writerow(["error_type", "count_at_point", "count", "dAP", *places])
    for error, at_point, count, gained in zip(ERROR_TYPES, *view.columns, strict=True):
        gain = "" if gained != gained else repr(gained)
        writer.writerow([error, at_point, count, gain, *made_at])
    return written.getvalue()


def _lines(text: str, width: int, style: str = "") -> list[Text]:
    return [Text(line, style, no_wrap=True) for line in wrapped(text, width)]


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
