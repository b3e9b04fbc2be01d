"""The keys of the curves. Help shows their words, a keymap may change them by their ids."""

from typing import Final

from textual.binding import Binding, BindingType

from tui.controls.bindings import in_footer, quiet

BINDINGS: Final[list[BindingType]] = [
    in_footer(
        "enter",
        "choose",
        "Threshold",
        "Take the cursor's confidence as the threshold",
        "curves.choose",
    ),
    in_footer(
        "left,h",
        "walk(-1)",
        "Walk",
        "Walk along the curve, to higher confidences",
        "curves.left",
        shown="←→",
    ),
    quiet("right,l", "walk(1)", "Walk along the curve, to lower confidences", "curves.right"),
    quiet("shift+left,ctrl+left,H", "walk(-10)", "10 left", "curves.left_10"),
    quiet("shift+right,ctrl+right,L", "walk(10)", "10 right", "curves.right_10"),
    quiet("home", "end(False)", "Highest confidence", "curves.first"),
    quiet("end", "end(True)", "Lowest confidence", "curves.last"),
    quiet("up,k", "focus_curve(-1)", "Previous class", "curves.up"),
    in_footer("down,j", "focus_curve(1)", "Class", "Next class", "curves.down", shown="↑↓"),
    in_footer("v", "next_plot", "Plot", "Show the next plot", "curves.plot"),
    in_footer("a", "add", "Add", "Add a class", "curves.add"),
    Binding(
        "d",
        "drop",
        "Drop",
        tooltip="Drop the class that was added last",
        show=False,
        id="curves.drop",
    ),
    Binding("m", "mean", "Mean", tooltip="Mean of classes on or off", show=False, id="curves.mean"),
    quiet("i", "iso", "Lines of equal F1 on or off", "curves.iso"),
    quiet("e", "export", "Export the curves", "curves.export"),
]
