"""The keys of the curves. A keymap may change them by their ids."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet, together

BINDINGS: Final[list[BindingType]] = [
    in_footer(
        "enter",
        "choose",
        "Take threshold",
        "Take the cursor's confidence as the threshold",
        "curves.choose",
    ),
    *together(
        "Walk along the curve, to higher or to lower confidences",
        in_footer(
            "left,h",
            "walk(-1)",
            "Walk",
            "Walk along the curve, to higher confidences",
            "curves.left",
        ),
        quiet("right,l", "walk(1)", "Walk along the curve, to lower confidences", "curves.right"),
    ),
    in_footer("v", "next_plot", "Next plot", "Show the next plot", "curves.plot"),
    *together(
        "Go to the next class, or to the one before",
        in_footer("down,j", "focus_curve(1)", "Class", "Go to the next class", "curves.down"),
        quiet("up,k", "focus_curve(-1)", "Go to the class before", "curves.up"),
    ),
    in_footer("a", "add", "Add", "Add the curve of a class", "curves.add"),
    quiet("d", "drop", "Drop the class that was added last", "curves.drop"),
    quiet("m", "mean", "Show or hide the mean of the classes", "curves.mean"),
    quiet("i", "iso", "Show or hide lines of equal F1", "curves.iso"),
    quiet("e", "export", "Export the curves as CSV, SVG and PNG", "curves.export"),
    *together(
        "Walk 10 steps along the curve",
        quiet(
            "shift+left,ctrl+left,H",
            "walk(-10)",
            "Walk 10 steps, to higher confidences",
            "curves.left_10",
        ),
        quiet(
            "shift+right,ctrl+right,L",
            "walk(10)",
            "Walk 10 steps, to lower confidences",
            "curves.right_10",
        ),
    ),
    *together(
        "Go to an end of the curve",
        quiet("home", "end(False)", "Go to the highest confidence", "curves.first"),
        quiet("end", "end(True)", "Go to the lowest confidence", "curves.last"),
    ),
]
