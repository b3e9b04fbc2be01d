"""The keys that work in every tab. The footer shows the short words, help the long ones."""

from typing import Final

from textual.binding import Binding, BindingType

BINDINGS: Final[list[BindingType]] = [
    Binding(
        "left_square_bracket",
        "confidence(-0.01)",
        "Conf",
        tooltip="Confidence down (and up) by .01",
        key_display="[ ]",
        id="confidence.down",
    ),
    Binding(
        "right_square_bracket",
        "confidence(0.01)",
        "Confidence up by .01",
        show=False,
        id="confidence.up",
    ),
    Binding(
        "left_curly_bracket",
        "confidence(-0.05)",
        "Confidence down by .05",
        show=False,
        id="confidence.down_5",
    ),
    Binding(
        "right_curly_bracket",
        "confidence(0.05)",
        "Confidence up by .05",
        show=False,
        id="confidence.up_5",
    ),
    Binding(
        "less_than_sign",
        "iou(-0.05)",
        "IoU",
        tooltip="IoU down (and up) by .05",
        key_display="< >",
        id="iou.down",
    ),
    Binding("greater_than_sign", "iou(0.05)", "IoU up by .05", show=False, id="iou.up"),
    Binding(
        "0",
        "optimum",
        "Best",
        tooltip="Confidence back to its optimum",
        id="confidence.optimum",
    ),
    Binding(
        "w",
        "save",
        "Save",
        tooltip="Save the operating point in the model's card: score and serve apply it",
        id="point.save",
    ),
    Binding("W", "saved", "Back to the saved operating point", show=False, id="point.saved"),
    Binding(
        "asterisk",
        "turn('goal')",
        "Next goal of the optimum",
        show=False,
        key_display="*",
        id="goal",
    ),
    Binding(
        "P",
        "turn('per_class')",
        "Own threshold of each class, on or off",
        show=False,
        id="per_class",
    ),
    Binding("R", "turn('matching')", "Next matching rule", show=False, id="assess.matching"),
    Binding(
        "full_stop", "type('confidence')", "Type a confidence", show=False, id="confidence.type"
    ),
    Binding("comma", "type('iou')", "Type an IoU", show=False, id="iou.type"),
    Binding(
        "E",
        "suspects",
        "Suspected label errors: images whose label the model contradicts most",
        show=False,
        id="suspects",
    ),
    Binding("1", "tab('matrix')", "Matrix", show=False, id="tab.matrix"),
    Binding("2", "tab('metrics')", "Metrics", show=False, id="tab.metrics"),
    Binding("3", "tab('curves')", "Curves", show=False, id="tab.curves"),
    Binding("4", "tab('feed')", "Feed", show=False, id="tab.feed"),
    Binding("5", "tab('whatif')", "What if: score new images", show=False, id="tab.whatif"),
    Binding("6", "tab('run')", "Run: what was opened and noticed", show=False, id="tab.run"),
    Binding("escape,backspace", "tab('matrix')", "Back to the matrix", show=False, id="tab.back"),
]
