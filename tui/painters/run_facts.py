"""What was opened, how it was scored, and what was noticed on the way."""

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from engine.opening import Opened


def run_facts(opened: Opened) -> RenderableType:
    """Names and values, then warnings, then the images that could not be scored."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in opened.facts:
        table.add_row(name, value)
    parts: list[RenderableType] = [table]
    if opened.warnings:
        parts.append(_titled("Noticed", opened.warnings))
    if opened.failures:
        lines = [f"{image}: {reason}" for image, reason in opened.failures]
        parts.append(_titled(f"Not scored ({len(lines):,})", tuple(lines)))
    if len(parts) == 1:
        parts.append(Text("\nNothing odd was noticed.", "dim"))
    return Group(*parts)


def _titled(title: str, lines: tuple[str, ...]) -> Text:
    return Text.assemble("\n", (title, "bold"), *(f"\n  {line}" for line in lines))
