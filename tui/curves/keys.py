"""The keys of the curves. Help shows their words, a keymap may change them by their ids."""

from typing import Final

from textual.binding import Binding, BindingType

from tui.controls.bindings import quiet

BINDINGS: Final[list[BindingType]] = [
    Binding(
        "enter",
        "choose",
        "Threshold",
        tooltip="Take the cursor's confidence as the threshold",
        id="curves.choose",
    ),
    Binding(
        "left,h",
        "walk(-1)",
        "Walk",
        tooltip="Walk along the curve, to higher confidences",
        key_display="←→",
        id="curves.left",
    ),
    quiet("right,l", "walk(1)", "Walk along the curve, to lower confidences", "curves.right"),
    quiet("shift+left,ctrl+left,H", "walk(-10)", "10 left", "curves.left_10"),
    quiet("shift+right,ctrl+right,L", "walk(10)", "10 right", "curves.right_10"),
    quiet("home", "end(False)", "Highest confidence", "curves.first"),
    quiet("end", "end(True)", "Lowest confidence", "curves.last"),
    quiet("up,k", "focus_curve(-1)", "Previous class", "curves.up"),
    Binding(
        "down,j",
        "focus_curve(1)",
        "Class",
        tooltip="Next class",
        key_display="↑↓",
        id="curves.down",
    ),
    Binding("v", "next_plot", "Plot", tooltip="Show the next plot", id="curves.plot"),
    Binding("a", "add", "Add", tooltip="Add a class", id="curves.add"),
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
