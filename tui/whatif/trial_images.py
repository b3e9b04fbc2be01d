"""The list of What if: images that were scored, and what was named and could not be found."""

import socket
from pathlib import Path
from typing import Final

from engine.cards.operating_point import Thresholds
from engine.scoring.run.store import ImageAnswer
from engine.util.visible import visible
from engine.whatif.pasted import copy_line
from engine.whatif.results import Results
from engine.whatif.trial import Problem
from tui.whatif.answer_lines import row_of
from tui.whatif.paint.trial_lines import TrialRow
from tui.whatif.paint.words import elsewhere_words

COPY_TO: Final = "/tmp/"  # a folder that every machine with ssh has

Entry = int | Problem  # a place among the results, or what could not be found


class TrialImages:
    """Entries in the order in which they came; their answers are kept in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = Results(folder)
        self.entries: list[Entry] = []
        self.revision = 0  # another one where a line may say something else
        self._known = 0  # results that are among the entries
        self._added = 0  # answers that were taken

    def take_results(self) -> None:
        """New answers become entries."""
        count, added = len(self.results), self.results.added
        self.entries += range(self._known, count)
        if added != self._added:
            self._known, self._added = count, added
            self.revision += 1

    def add(self, problem: Problem) -> int:
        """An entry of what could not be found, or where it is already."""
        if problem in self.entries:
            return self.entries.index(problem)
        self.entries.append(problem)
        self.revision += 1
        return len(self.entries) - 1

    def entry(self, index: int | None) -> Entry | None:
        """What stands there."""
        return None if index is None or index >= len(self.entries) else self.entries[index]

    def index_of(self, path: str) -> int | None:
        """Where an image stands, once it is scored and taken."""
        place = self.results.place_of(path)
        return None if place is None or place >= self._known else self.entries.index(place)

    def answer(self, place: int) -> ImageAnswer | None:
        """An answer that is at hand: no file is read."""
        return self.results.at_hand([place]).get(place)

    def to_fetch(self, sight: range) -> list[int]:
        """Places whose answers the lines in sight lack, and those of a page before and after."""
        if len(self.results.at_hand(near := self._places(sight))) == len(near):
            return []
        page = len(sight)
        return self._places(
            range(max(sight.start - page, 0), min(sight.stop + page, len(self.entries)))
        )

    def fetch(self, places: list[int]) -> None:
        """Have answers at hand: in a thread, they are read from a file."""
        self.results.fetch(places)

    def rows(self, sight: range, limits: Thresholds, names: tuple[str, ...]) -> dict[int, TrialRow]:
        """The entries in sight at the thresholds, but for those that are to be fetched."""
        answers, rows = self.results.at_hand(self._places(sight)), {}
        for index in sight:
            entry = self.entries[index]
            if isinstance(entry, Problem):
                rows[index] = TrialRow(visible(entry.named), entry.reason, failed=True)
            elif entry in answers:
                rows[index] = row_of(answers[entry], limits, names)
        return rows

    def text_of(self, index: int | None) -> str:
        """The path of an image, or the command that brings here what could not be found."""
        entry = self.entry(index)
        if entry is None:
            return ""
        if isinstance(entry, Problem):
            return _copy_line(entry) if entry.elsewhere else entry.named
        return self.results.path(entry)

    def clear(self) -> None:
        """Forget all images."""
        self.results.close()
        for left in self.folder.glob("results.sqlite*"):
            left.unlink(missing_ok=True)
        self.results = Results(self.folder)
        self.entries, self._known, self._added = [], 0, 0
        self.revision += 1

    def _places(self, indices: range) -> list[int]:
        return [e for e in self.entries[indices.start : indices.stop] if isinstance(e, int)]


def problem_words(problem: Problem) -> str:
    """What to do about a path that is not here."""
    if not problem.elsewhere:
        return f"{visible(problem.named)}\n\n{visible(problem.reason)}"
    return elsewhere_words(problem.named, socket.gethostname(), _copy_line(problem))


def _copy_line(problem: Problem) -> str:
    return copy_line(problem.named, socket.gethostname(), COPY_TO)
