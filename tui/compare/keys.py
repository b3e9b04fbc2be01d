"""The keys of the Compare tab."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet

BINDINGS: Final[list[BindingType]] = [
    in_footer("v", "next_view", "View", "Show the next view of the comparison", "compare.view"),
    in_footer("X", "swap", "Swap", "Let A and B change places", "compare.swap"),
    in_footer(
        "V",
        "follows",
        "What moves",
        "Let the sliders move this side, both sides, or the other side alone",
        "compare.follows",
    ),
    quiet("ctrl+o", "ask", "Compare with another model or other predictions", "compare.ask"),
    quiet("escape", "stop", "Stop opening the second side", "compare.stop"),
    in_footer("enter", "ask_first", "Compare with", "Name what to compare with", "compare.first"),
]
"""Of the whole tab."""

ROWS: Final[list[BindingType]] = [
    in_footer("f", "turn_kind", "Filter", "Show the next kind of what changed", "compare.kind"),
    in_footer(
        "i",
        "turn_why",
        "Why",
        "Show those wrong for the next reason",
        "compare.why",
    ),
    in_footer("slash", "choose_class", "Class", "Show the objects of one class", "compare.class"),
    quiet("escape", "all_rows", "Show all that changed again", "compare.all"),
]
"""Of the images of what changed."""
