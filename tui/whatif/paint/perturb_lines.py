"""The ways to perturb an image, a line each: its key, its strength, and how strong it is now."""

from dataclasses import dataclass
from typing import Final

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from engine.whatif.perturbing import LEVELS, NONE, Perturbation

WORDS: Final = {
    "blur": "Blur",
    "noise": "Noise",
    "brightness": "Brightness",
    "contrast": "Contrast",
    "quality": "JPEG",
    "scale": "Scale",
    "crop": "Crop",
    "turns": "Turn",
    "flipped": "Flip",
}
"""By the names of the fields of a perturbation."""
POINTER: Final = "\u25b8"
STANDS: Final = "\u25cf"  # where it stands
NOTHING_DONE: Final = "\u253c"  # the level that leaves the image alone
WORD: Final = 11  # cells
TRACK: Final = max(map(len, LEVELS.values()))  # cells, one a level
OFF: Final = "off"


@dataclass(frozen=True)
class PerturbLine:
    """One way, as it is now."""

    key: str  # that takes it a level further; nothing where none is bound
    name: str  # of the field
    change: Perturbation

    @property
    def is_on(self) -> bool:
        """Whether it does anything to the image."""
        return bool(getattr(self.change, self.name) != getattr(NONE, self.name))

    @property
    def track(self) -> str:
        """A cell a level, the present one and that of no change marked; none for a turn."""
        levels = LEVELS.get(self.name, ())
        now, without = getattr(self.change, self.name), getattr(NONE, self.name)
        return "".join(
            STANDS if level == now else NOTHING_DONE if level == without else "\u2500"
            for level in levels
        )

    @property
    def strength(self) -> str:
        """`2 px`, `90°`; `off` where it does nothing."""
        value = getattr(self.change, self.name)
        if not self.is_on:
            return OFF
        match self.name:
            case "blur":
                return f"{value:g} px"
            case "turns":
                return f"{90 * value}\N{DEGREE SIGN}"
            case "flipped":
                return "on"
            case "crop":
                return f"{100 * value:.0f} % kept"
            case "noise" | "quality":
                return f"{value:g}"
        return f"\N{MULTIPLICATION SIGN} {value:g}"


def perturb_heading(change: Perturbation, width: int, style: Style) -> Strip:
    """What the lines are, and whether any is on."""
    count = sum(PerturbLine("", name, change).is_on for name in WORDS)
    text = f" Perturb the image{f' · {count} on' if count else ''}"
    return Strip([Segment(set_cell_size(text, width), style)], width)


def perturb_line(line: PerturbLine, width: int, style: Style, dim: Style, focused: bool) -> Strip:
    """One way; what does nothing stands back."""
    base = style if focused or line.is_on else dim
    start = f"{POINTER if focused else ' '} {line.key:<2}{WORDS[line.name]:<{WORD}}"
    text = f"{start}{line.track:<{TRACK}} {line.strength}"
    bold = base + Style(bold=line.is_on)
    return Strip([Segment(set_cell_size(text, width), bold)], width)
