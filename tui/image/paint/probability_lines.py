"""Every class of an image with its probability as a bar, line by line."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.core.arrays import NOTHING, Indices, Scores
from engine.core.assessment import ProbabilityDetail
from engine.util.words import share, threshold
from tui.drawing.names import left, longest

BLOCKS: Final = " ▏▎▍▌▋▊▉"
MARK: Final = 8  # cells for what a class is: the truth, the answer
NUMBER: Final = 6  # a blank, then 1.000
LEAST_BAR: Final = 6
THRESHOLD: Final = "┊"


@dataclass(frozen=True, eq=False)
class ProbabilityList:
    """What the list shows: the classes of an image by falling probability."""

    names: tuple[str, ...]
    class_: Indices  # [C]
    probability: Scores  # [C]
    truth: int
    predicted: int  # NOTHING below the threshold
    threshold: float

    @classmethod
    def of(
        cls, detail: ProbabilityDetail, names: tuple[str, ...], threshold: float
    ) -> "ProbabilityList":
        """Of one image; threshold is the confidence below which there is no answer."""
        return cls(
            names, detail.class_, detail.probability, detail.truth, detail.predicted, threshold
        )

    def __len__(self) -> int:
        return len(self.class_)

    @property
    def truth_line(self) -> int | None:
        """Where the true class stands."""
        found = np.flatnonzero(self.class_ == self.truth)
        return int(found[0]) if len(found) else None

    def mark(self, line: int) -> str:
        """What the class of a line is besides probable."""
        class_ = int(self.class_[line])
        if class_ == self.predicted:
            return "\N{CHECK MARK} truth" if class_ == self.truth else "answer"
        withheld = line == 0 and self.predicted == NOTHING
        if class_ == self.truth:
            return "truth, \N{EN DASH}" if withheld else "truth"
        return "withheld" if withheld else ""


@dataclass(frozen=True)
class BarStyles:
    """A style for each part."""

    name: Style
    bar: Style
    rest: Style  # of the track that the bar leaves
    truth: Style  # the line of the true class
    wrong: Style  # the line of a wrong answer


def bar_heading(
    shown: ProbabilityList, sight: range, width: int, names: int, style: Style
) -> Strip:
    """The names of the columns, and which classes of how many are in sight.

    Over the bars stands what their dotted line is.
    """
    digits = place_width(len(shown))
    room = width - digits - 1 - names - NUMBER - MARK - 2
    at = f"{THRESHOLD} threshold {threshold(shown.threshold)}" if shown.threshold > 0 else ""
    place = f"{sight.start + 1:,}\N{EN DASH}{sight.stop:,} of {len(shown):,}"
    told = (f"{place}  {at}", at, place) if len(sight) < len(shown) else (at,)
    over = next((each for each in told if cell_len(each) <= room), "")
    line = f"{'#':>{digits}} {left('class', names)} {left(over, room) if room >= LEAST_BAR else ''}"
    text = f"{line}{'prob.':>{NUMBER}} "
    return Strip([Segment(set_cell_size(text, width), style)], width)


def bar_line(shown: ProbabilityList, line: int, width: int, names: int, styles: BarStyles) -> Strip:
    """One class: its place, name, bar, probability and what it is; names cells for the name."""
    class_, value = int(shown.class_[line]), float(shown.probability[line])
    place = f"{line + 1:>{place_width(len(shown))}} "
    room = width - len(place) - names - NUMBER - MARK - 2
    own = styles.name
    if class_ == shown.truth:
        own = styles.truth
    elif class_ == shown.predicted and shown.truth != NOTHING:
        own = styles.wrong
    segments = [
        Segment(place, styles.rest),
        Segment(left(shown.names[class_], names) + " ", own),
    ]
    if room >= LEAST_BAR:
        segments += _bar(
            value, shown.threshold, room, own if own != styles.name else styles.bar, styles
        )
    segments.append(Segment(f"{share(value, 3):>{NUMBER}} ", own))
    segments.append(Segment(set_cell_size(shown.mark(line), MARK), own))
    return Strip(segments).adjust_cell_length(width, styles.name)


def _bar(
    value: float, threshold: float, width: int, ink: Style, styles: BarStyles
) -> list[Segment]:
    """A bar to an eighth of a cell; a line stands where the threshold is."""
    eighths = round(min(max(value, 0.0), 1.0) * width * 8) if value == value else 0
    if value > 0:
        eighths = max(eighths, 1)
    full, part = divmod(eighths, 8)
    bar = "█" * full + (BLOCKS[part] if part else "")
    rest = [" "] * (width - len(bar))
    at = min(int(threshold * width), width - 1)
    if threshold > 0 and at >= len(bar):
        rest[at - len(bar)] = THRESHOLD
    return [Segment(bar, ink), Segment("".join(rest), styles.rest)]


def place_width(classes: int) -> int:
    """Digits of the last place."""
    return len(str(max(classes, 1)))


def name_width(shown: ProbabilityList, width: int) -> int:
    """Cells for the names: as many as the longest needs, but half of the line for the bars."""
    fixed = place_width(len(shown)) + 1 + NUMBER + MARK + 2
    return max(1, min(longest(shown.names), max((width - fixed) // 2, width - fixed - 24)))
