"""Tables that a report has where somebody asked for them: limits, a baseline, error types."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class ExtraTable:
    """A section with a table, for Markdown and HTML; all cells are text."""

    key: str  # of the section in a page
    title: str
    caption: str  # a sentence on what the rows are
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()  # sentences below it


ExtraTables = Sequence[ExtraTable]
