"""The keys of the What if tab. The footer shows the short words, help the long ones."""

from typing import Final

from textual.binding import Binding, BindingType


def _level(key: str, name: str, word: str, more: str, less: str, up: int = 1) -> list[BindingType]:
    """A key for a level further, and its capital for one back."""
    return [
        Binding(key, f"change('{name}', {up})", word, tooltip=more, id=f"whatif.{name}"),
        Binding(
            key.upper(),
            f"change('{name}', {-up})",
            less,
            show=False,
            id=f"whatif.{name}_back",
        ),
    ]


BINDINGS: Final[list[BindingType]] = [
    Binding("escape", "leave_line", "Leave", tooltip="Leave the line", id="whatif.leave"),
    Binding("i", "path", "Path", tooltip="Type paths", id="whatif.path"),
    *_level("b", "blur", "Blur", "Blur the image more, and score it again", "Blur it less"),
    *_level("n", "noise", "Noise", "More noise", "Less noise"),
    *_level("l", "brightness", "Light", "Brighter", "Darker"),
    *_level("c", "contrast", "Contrast", "More contrast", "Less contrast"),
    *_level("g", "quality", "JPEG", "A worse JPEG", "A better JPEG"),
    *_level("z", "scale", "Scale", "Smaller", "Larger", -1),
    Binding("o", "change('turns', 1)", "Turn", tooltip="Turn by 90 degrees", id="whatif.turn"),
    Binding("f", "change('flipped', 1)", "Flip", tooltip="Flip left and right", id="whatif.flip"),
    *_level("x", "crop", "Crop", "Crop more", "Crop less"),
    Binding("r", "reset", "Reset", tooltip="The image as it is", id="whatif.reset"),
    Binding("m", "second_model", "Model", tooltip="A second model beside it", id="whatif.model"),
    Binding(
        "s",
        "save_picture",
        "Picture",
        tooltip="Save the annotated picture (PNG)",
        id="whatif.save",
    ),
    Binding("e", "export", "Export", tooltip="Export predictions (COCO, CSV)", id="whatif.export"),
    Binding("a", "to_label", "Label", tooltip="Add to the list to label", id="whatif.to_label"),
    Binding("A", "other_list", "Add to another list to label", show=False, id="whatif.other_list"),
    Binding("y", "copy", "Copy the path", show=False, id="whatif.copy"),
    Binding("ctrl+o", "browse", "Browse", tooltip="Browse for files", id="whatif.browse"),
    Binding("J", "classes(1)", "More classes", show=False, id="whatif.more_classes"),
    Binding("K", "classes(-1)", "Classes before", show=False, id="whatif.fewer_classes"),
    Binding("delete", "clear", "Clear the list", show=False, id="whatif.clear"),
    Binding("escape", "stop", "Stop scoring", show=False, id="whatif.stop"),
]
