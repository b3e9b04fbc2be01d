"""A classifier's answer for one image, as the feed shows it."""

from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Final

from rich.cells import cell_len

from engine.images.pixels import UNKNOWN_SIZE
from engine.util.words import share
from tui.drawing.file_names import cut_left, file_name
from tui.drawing.names import cut
from tui.drawing.names import left as padded
from tui.pictures.paint.drawing import Subject
from tui.pictures.paint.previews import Verdict

RIGHT: Final = "\N{CHECK MARK}"
WRONG: Final = "\N{BALLOT X}"
NO_ANSWER: Final = "\N{EN DASH}"
SIGNS: Final[dict[Verdict, str]] = {"right": RIGHT, "wrong": WRONG, "": NO_ANSWER}
DOT: Final = " \N{MIDDLE DOT} "
LEAST_NAME: Final = 6  # cells of a file's name: less of it says nothing


@dataclass(frozen=True)
class AnswerItem:
    """One image of the feed."""

    image: int
    name: str
    path: Path | None
    truth: str
    predicted: str  # the most probable class, whether or not it is given as an answer
    confidence: float  # its probability
    verdict: Verdict  # nothing where the model gives no answer
    margin: float = float("nan")  # over the second class, where the feed is ordered by it
    size: tuple[int, int] = UNKNOWN_SIZE  # as the dataset says

    @property
    def subject(self) -> Subject:
        """The whole image."""
        return Subject(self.path, labels=False, facts=self.name, size=self.size)

    def captions(self, width: int) -> tuple[str, str]:
        """Sign, class and probability; the truth where it is another, and the file."""
        sign, number = SIGNS[self.verdict], f" {share(self.confidence, 3)}"
        withheld = "" if self.verdict else " no answer"
        if cell_len(sign) + 1 + cell_len(self.predicted + number + withheld) > width:
            withheld = ""
        room = max(width - 2 - len(number) - len(withheld), 1)
        first = f"{sign} {cut(self.predicted, room)}{number}{withheld}"
        facts = [] if self.verdict == "right" else [f"truth: {self.truth}"]
        if not isnan(self.margin):
            facts.append(f"margin {share(self.margin, 3)}")
        told = "".join(f"{fact}{DOT}" for fact in facts)
        name = file_name(self.name)
        told += cut_left(name, max(width - cell_len(told), min(cell_len(name), LEAST_NAME)))
        return padded(first, width), padded(told, width)
