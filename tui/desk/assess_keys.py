"""The keys that work in every tab. The footer shows the short words, help the long ones."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet

BINDINGS: Final[list[BindingType]] = [
    in_footer(
        "left_square_bracket",
        "confidence(-0.01)",
        "Conf",
        "Confidence down (and up) by .01",
        "confidence.down",
        shown="[ ]",
    ),
    quiet("right_square_bracket", "confidence(0.01)", "Confidence up by .01", "confidence.up"),
    quiet("left_curly_bracket", "confidence(-0.05)", "Confidence down by .05", "confidence.down_5"),
    quiet("right_curly_bracket", "confidence(0.05)", "Confidence up by .05", "confidence.up_5"),
    in_footer(
        "less_than_sign", "iou(-0.05)", "IoU", "IoU down (and up) by .05", "iou.down", shown="< >"
    ),
    quiet("greater_than_sign", "iou(0.05)", "IoU up by .05", "iou.up"),
    in_footer(
        "0",
        "optimum",
        "Back to optimal",
        "Confidence back to the best one for the goal",
        "confidence.optimum",
    ),
    in_footer(
        "w",
        "save",
        "Save",
        "Save the operating point in the model's card: score and serve apply it",
        "point.save",
    ),
    quiet("W", "saved", "Back to the saved operating point", "point.saved"),
    quiet(
        "asterisk",
        "turn('goal')",
        "Next goal of the optimum: F1, F0.5, F2, precision, recall, ...",
        "goal",
        shown="*",
    ),
    quiet("P", "turn('per_class')", "Own threshold of each class, on or off", "per_class"),
    quiet("R", "turn('matching')", "Next matching rule", "assess.matching"),
    quiet("full_stop", "type('confidence')", "Type a confidence", "confidence.type"),
    quiet("comma", "type('iou')", "Type an IoU", "iou.type"),
    quiet(
        "E",
        "suspects",
        "Suspected label errors: images whose label the model contradicts most",
        "suspects",
    ),
    quiet("1", "tab('matrix')", "Matrix", "tab.matrix"),
    quiet("2", "tab('metrics')", "Metrics", "tab.metrics"),
    quiet("3", "tab('curves')", "Curves", "tab.curves"),
    quiet("4", "tab('feed')", "Feed", "tab.feed"),
    quiet("5", "tab('whatif')", "What if: score new images", "tab.whatif"),
    quiet("6", "tab('run')", "Run: what was opened and noticed", "tab.run"),
    quiet("7", "tab('compare')", "Go to Compare: another model on the same images", "tab.compare"),
    quiet("escape,backspace", "tab('matrix')", "Back to the matrix", "tab.back"),
]
