"""The keys that work in every tab. The footer shows the short words, help the sentences."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import FOCUS, in_footer, quiet, together

BINDINGS: Final[list[BindingType]] = [
    *FOCUS,
    in_footer(
        "0",
        "optimum",
        "Back to optimal",
        "Set the confidence back to the optimal one, best for the goal",
        "confidence.optimum",
    ),
    in_footer(
        "w",
        "save",
        "Save",
        "Save the operating point in the model's card: score and serve apply it",
        "point.save",
    ),
    *together(
        "Move the confidence by .01, down or up",
        in_footer(
            "left_square_bracket",
            "confidence(-0.01)",
            "Confidence",
            "Move the confidence down by .01",
            "confidence.down",
        ),
        quiet(
            "right_square_bracket",
            "confidence(0.01)",
            "Move the confidence up by .01",
            "confidence.up",
        ),
    ),
    *together(
        "Move the confidence by .05, down or up",
        quiet(
            "left_curly_bracket",
            "confidence(-0.05)",
            "Move the confidence down by .05",
            "confidence.down_5",
        ),
        quiet(
            "right_curly_bracket",
            "confidence(0.05)",
            "Move the confidence up by .05",
            "confidence.up_5",
        ),
    ),
    *together(
        "Move the IoU threshold by .05, down or up",
        in_footer(
            "less_than_sign", "iou(-0.05)", "IoU", "Move the IoU threshold down by .05", "iou.down"
        ),
        quiet("greater_than_sign", "iou(0.05)", "Move the IoU threshold up by .05", "iou.up"),
    ),
    quiet("full_stop", "type('confidence')", "Type a confidence", "confidence.type"),
    quiet("comma", "type('iou')", "Type an IoU threshold", "iou.type"),
    quiet(
        "asterisk",
        "turn('goal')",
        "Take the next goal of the optimum: F1, F0.5, F2, precision, recall",
        "goal",
    ),
    quiet("W", "saved", "Go back to the saved operating point", "point.saved"),
    quiet(
        "P", "turn('per_class')", "Give each class its own threshold, or all the same", "per_class"
    ),
    quiet("R", "turn('matching')", "Take the next matching rule", "assess.matching"),
    quiet(
        "E",
        "suspects",
        "Show suspected label errors: images whose label the model contradicts most",
        "suspects",
    ),
    quiet("1", "tab('matrix')", "Go to the matrix", "tab.matrix"),
    quiet("2", "tab('metrics')", "Go to the metrics", "tab.metrics"),
    quiet("3", "tab('curves')", "Go to the curves", "tab.curves"),
    quiet("4", "tab('feed')", "Go to the feed: images of what is chosen", "tab.feed"),
    quiet("5", "tab('whatif')", "Go to What if: score new images", "tab.whatif"),
    quiet("6", "tab('run')", "Go to Run: what was opened and noticed", "tab.run"),
    quiet("7", "tab('compare')", "Go to Compare: another model on the same images", "tab.compare"),
    quiet("x", "explain", "Explain how the number in focus came to be", "explain"),
    quiet(
        "escape,backspace",
        "back",
        "Go back: from the feed to where it was opened, from there to the matrix",
        "tab.back",
    ),
]
