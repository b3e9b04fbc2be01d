"""Sections that the pages of all kinds have."""

from collections.abc import Sequence

from engine.opening import Opened
from engine.report.extra_table import ExtraTable
from engine.report.html.blocks import (
    Block,
    CodeBlock,
    ListBlock,
    PageSection,
    TableBlock,
    TableCell,
    TermsBlock,
    WordsBlock,
)
from engine.report.making import ReportMaking, WithoutFolders
from engine.util.words import listed

FAILURES_SHOWN = 20


def noticed_section(opened: Opened, pictures: str = "", more: Sequence[str] = ()) -> PageSection:
    """What is left out, assumed or odd; what pictures are not there, in words."""
    left = opened.left_out
    lines = []
    if left.images:
        lines.append(f"Images: {left.words}, with all that is in them.")
    if left.classes:
        lines.append(f"Classes of the model that the data lack: {listed(left.classes, 20)}.")
    return said_section([*lines, *opened.warnings], opened.failures, (opened,), pictures, more)


def said_section(
    warnings: Sequence[str],
    failures: Sequence[tuple[str, str]],
    opened: Sequence[Opened],
    pictures: str,
    more: Sequence[str] = (),
) -> PageSection:
    """Sentences without folders, then images that failed."""
    cut = WithoutFolders.of(*(each.inputs for each in opened))
    lines = [cut(line) for line in (*warnings, *more, *([pictures] if pictures else []))]
    lines += [f"{image}: {cut(reason)}" for image, reason in failures[:FAILURES_SHOWN]]
    if len(failures) > FAILURES_SHOWN:
        lines.append(f"and {len(failures) - FAILURES_SHOWN:,} more images that failed")
    block = (
        ListBlock(tuple(dict.fromkeys(lines)))
        if lines
        else WordsBlock(("Nothing was left out, and nothing odd was noticed.",))
    )
    return PageSection("noticed", "Noticed and left out", (block,))


def counting_section(paragraphs: Sequence[str], terms: Sequence[tuple[str, str]]) -> PageSection:
    """How it counts, and what the columns mean."""
    blocks: list[Block] = [WordsBlock(tuple(paragraphs))]
    if terms:
        blocks.append(TermsBlock(tuple(terms)))
    return PageSection("counting", "How it counts", tuple(blocks))


def making_section(making: ReportMaking, terms: Sequence[tuple[str, str]]) -> PageSection:
    """The command and what went in."""
    blocks: list[Block] = []
    if making.command:
        blocks.append(CodeBlock("The command that makes this report", making.command))
    program = [("offdiag", making.version)] if making.version else []
    blocks.append(TermsBlock((*terms, *program)))
    return PageSection("made", "How this report was made", tuple(blocks))


def extra_section(table: ExtraTable) -> PageSection:
    """A table that somebody asked for; its last column is words."""
    rows = tuple((*map(TableCell, row[:-1]), TableCell(row[-1], look="left")) for row in table.rows)
    block: Block = TableBlock(table.caption, table.head, rows)
    return PageSection(
        table.key, table.title, (block, *([WordsBlock(table.notes)] if table.notes else []))
    )
