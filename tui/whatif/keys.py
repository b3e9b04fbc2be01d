"""The keys of the What if tab. The footer shows the short words, help the long ones."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet


def _level(key: str, name: str, word: str, more: str, less: str, up: int = 1) -> list[BindingType]:
    """A key for a level further, and its capital for one back."""
    return [
        in_footer(key, f"change('{name}', {up})", word, more, f"whatif.{name}"),
        quiet(key.upper(), f"change('{name}', {-up})", less, f"whatif.{name}_back"),
    ]


BINDINGS: Final[list[BindingType]] = [
    in_footer("escape", "leave_line", "Leave", "Leave the line", "whatif.leave"),
    in_footer("enter", "enter", "Open", "Type paths, or go to what was found", "whatif.enter"),
    in_footer("i", "path", "Path", "Type paths", "whatif.path", first=True),
    *_level("b", "blur", "Blur", "Blur the image more, and score it again", "Blur it less"),
    *_level("n", "noise", "Noise", "More noise", "Less noise"),
    *_level("l", "brightness", "Light", "Brighter", "Darker"),
    *_level("c", "contrast", "Contrast", "More contrast", "Less contrast"),
    *_level("g", "quality", "JPEG", "A worse JPEG", "A better JPEG"),
    *_level("z", "scale", "Scale", "Smaller", "Larger", -1),
    in_footer("o", "change('turns', 1)", "Turn", "Turn by 90 degrees", "whatif.turn"),
    in_footer("f", "change('flipped', 1)", "Flip", "Flip left and right", "whatif.flip"),
    *_level("x", "crop", "Crop", "Crop more", "Crop less"),
    in_footer("r", "reset", "Reset", "The image as it is", "whatif.reset"),
    in_footer("m", "second_model", "Model", "A second model beside it", "whatif.model"),
    in_footer("s", "save_picture", "Picture", "Save the annotated picture (PNG)", "whatif.save"),
    in_footer("e", "export", "Export", "Export predictions (COCO, CSV)", "whatif.export"),
    in_footer("a", "to_label", "Label", "Add to the list to label", "whatif.to_label"),
    quiet("A", "other_list", "Add to another list to label", "whatif.other_list"),
    quiet("y", "copy", "Copy the path", "whatif.copy"),
    in_footer("ctrl+o", "browse", "Browse", "Browse for files", "whatif.browse"),
    quiet("J", "classes(1)", "More classes", "whatif.more_classes"),
    quiet("K", "classes(-1)", "Classes before", "whatif.fewer_classes"),
    quiet("delete", "clear", "Clear the list", "whatif.clear"),
    quiet("escape", "stop", "Stop scoring", "whatif.stop"),
    quiet("escape", "images", "Back to the images", "whatif.images"),
]
