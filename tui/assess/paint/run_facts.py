"""What was opened, how it was scored, and what was noticed on the way."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from engine.opening import Opened
from engine.util.visible import visible
from tui.drawing.names import cut

ALL_IN_RUN: Final = "  6 Run: "


def point_facts(
    made_at: str, standing: str, saved: str, card: Path | None, named: bool, notice: str
) -> list[tuple[str, str]]:
    """Where the thresholds stand and come from, and what the card holds, if there is one.

    named is whether the card has a path of its own, not beside the model; notice says why a
    point in the card is not used.
    """
    if card is None:
        kept = "nowhere: predictions from a file belong to no model"
    elif saved:
        how = " with --card" if named else ""
        kept = f"{visible(saved)}, in {visible(str(card))}: offdiag score and serve apply it{how}"
    elif notice:
        kept = f"a point that is not used here, in {visible(str(card))}: see above"
    else:
        kept = "no operating point: w saves where the sliders stand, for score and serve"
    return [("Thresholds", f"{made_at} · {standing}"), ("Saved", kept)]


def noticed_words(assumed: Sequence[str], warnings: Sequence[str], width: int) -> str:
    """The first of what was noticed in one line, what was assumed before all; and where all is."""
    if not warnings:
        return ""
    first = f"Assumed, T tries the other ways: {', '.join(assumed)}" if assumed else warnings[0]
    rest = ALL_IN_RUN + (f"all {len(warnings):,}" if len(warnings) > 1 else "the whole")
    if len(warnings) == 1 and not assumed and cell_len(visible(first)) <= width:
        return visible(first)
    return cut(visible(first), width - len(rest)) + rest


def run_facts(
    opened: Opened, other_demo: str = "", first: Sequence[tuple[str, str]] = ()
) -> RenderableType:
    """Names and values, these first; then warnings, then the images that could not be scored."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, value in (*first, *opened.facts):
        table.add_row(name, value)
    parts: list[RenderableType] = [table]
    if opened.warnings:
        parts.append(_titled("Noticed", opened.warnings))
    if opened.failures:
        lines = [f"{image}: {reason}" for image, reason in opened.failures]
        parts.append(_titled(f"Not scored ({len(lines):,})", tuple(lines)))
    if len(parts) == 1:
        parts.append(Text("\nNothing odd was noticed.", "dim"))
    if other_demo:
        link = Style(underline=True, meta={"@click": "app.other_demo"})
        parts.append(
            Text.assemble("\n", ("D", "bold"), " opens the ", (f"{other_demo} demo", link))
        )
    return Group(*parts)


def _titled(title: str, lines: tuple[str, ...]) -> Text:
    return Text.assemble("\n", (title, "bold"), *(f"\n  {line}" for line in lines))
