"""The page on an export that was checked without labels."""

from engine.compare.exports.check import ExportCheck
from engine.report.export_check_text import images_table, numbers_lines, said_headline
from engine.report.html.blocks import (
    ListBlock,
    PageSection,
    ReportPage,
    TableBlock,
    WordsBlock,
    text_cells,
)
from engine.report.html.sections import making_section, said_section
from engine.report.making import ReportMaking

IMAGES_SHOWN = 200


def export_check_page(check: ExportCheck, making: ReportMaking) -> ReportPage:
    """The verdict, the numbers behind it, and the images that differ most."""
    a, b = check.names
    head, *rows = images_table(check, IMAGES_SHOWN)
    differing = len(check.agreement.measured.disagreeing)
    part = f": {IMAGES_SHOWN} of {differing:,}" if differing > IMAGES_SHOWN else ""
    table = TableBlock(
        f"Images that differ most{part}.", tuple(head), tuple(text_cells(row) for row in rows)
    )
    none = WordsBlock(("No image differs.",))
    return ReportPage(
        title=f"{b} against {a}",
        lead=(said_headline(check),),
        sections=(
            PageSection(
                "summary",
                "Summary",
                (
                    WordsBlock((check.agreement.sentence,), strong=True),
                    ListBlock(tuple(numbers_lines(check))),
                ),
            ),
            PageSection("images", "Images", (table if rows else none,)),
            said_section(check.warnings, (), (), ""),
            making_section(making, [("A", a), ("B", b)]),
        ),
    )
