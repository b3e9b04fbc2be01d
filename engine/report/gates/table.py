"""What became of the limits, as a table for Markdown and HTML."""

from collections.abc import Sequence

from engine.report.extra_table import ExtraTable
from engine.report.gates.verdicts import JudgedLimit


def limits_table(judged: Sequence[JudgedLimit]) -> ExtraTable:
    """A row for each limit, in the order in which they were named."""
    rows = tuple(
        (str(each.limit.name), each.verdict, each.value_words, each.why) for each in judged
    )
    return ExtraTable(
        key="limits",
        title="Limits",
        caption="Whether the numbers keep their limits.",
        head=("number", "verdict", "value", "why"),
        rows=rows,
    )
