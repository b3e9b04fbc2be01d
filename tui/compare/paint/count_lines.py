"""How many objects, images and false alarms changed, line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len, set_cell_size

from engine.compare.comparison import Comparison
from engine.compare.objects import ComparedObjects
from engine.compare.selecting import ALARMS, STATUSES, Kind
from engine.compare.status import Why
from engine.report.comparison_lines import why_names
from tui.drawing.names import left

ORDER: Final[tuple[Kind, ...]] = ("broken", "fixed", "both wrong", "both right")
OF_ALARMS: Final[tuple[Kind, ...]] = ("new", "gone", "shared")
NAMES: Final[dict[Kind, str]] = {
    "new": "false alarms new",
    "gone": "false alarms gone",
    "shared": "false alarms both",
}
COUNT: Final = 8  # cells
GAP: Final = 2


@dataclass(frozen=True)
class CountLine:
    """One kind, how many there are, and why."""

    kind: Kind
    count: int
    why: str = ""  # the reasons with their counts
    noun: str = "objects"

    @property
    def name(self) -> str:
        """As people read it."""
        return NAMES.get(self.kind, self.kind)


def count_lines(comparison: Comparison) -> tuple[CountLine, ...]:
    """What changed, the worst first; then false alarms, which a classifier has none of."""
    objects = comparison.objects
    noun = "objects" if comparison.is_detection else "images"
    lines = [
        CountLine(kind, objects.count(STATUSES[kind]), _reasons(comparison, kind), noun)
        for kind in ORDER
    ]
    if isinstance(objects, ComparedObjects):
        lines += [CountLine(kind, objects.alarms.count(ALARMS[kind])) for kind in OF_ALARMS]
    return tuple(lines)


def heading_words(lines: Sequence[CountLine]) -> str:
    """What is counted."""
    noun = lines[0].noun if lines else "objects"
    width = max((cell_len(line.name) for line in lines), default=8)
    return f"{left(noun, width)}{'count':>{COUNT}}  why the side that is wrong is wrong"


def count_line(line: CountLine, lines: Sequence[CountLine], width: int) -> tuple[str, str]:
    """Name and count, then the reasons; together exactly this wide."""
    names = max(cell_len(each.name) for each in lines)
    first = f" {left(line.name, names)}{line.count:>{COUNT},}{' ' * GAP}"
    first = set_cell_size(first, min(cell_len(first), width))
    return first, left(line.why, width - cell_len(first))


def _reasons(comparison: Comparison, kind: Kind) -> str:
    """Of what one side alone is wrong about, and of what B is wrong about as well."""
    if kind == "both right":
        return ""
    counts, words = comparison.objects.whys(STATUSES[kind]).tolist(), why_names(comparison)
    order = sorted(Why, key=lambda why: -counts[why])
    told = " \N{MIDDLE DOT} ".join(f"{words[why]} {counts[why]:,}" for why in order if counts[why])
    return f"B: {told}" if told and kind == "both wrong" else told
