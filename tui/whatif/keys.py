"""The keys of the What if tab. The footer shows the short words, help the sentences."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet, together

_BACK: Final = ("scale",)  # whose levels a letter walks down, and its capital up


def further(name: str) -> str:
    """The action that takes a perturbation further."""
    return f"change('{name}', {-1 if name in _BACK else 1})"


def _level(key: str, name: str, both: str, more: str, less: str) -> list[BindingType]:
    """A letter for a level further, and its capital for one back."""
    back = f"change('{name}', {1 if name in _BACK else -1})"
    return together(
        both,
        quiet(key, further(name), more, f"whatif.{name}"),
        quiet(key.upper(), back, less, f"whatif.{name}_back"),
    )


BINDINGS: Final[list[BindingType]] = [
    in_footer("escape", "leave_line", "Leave", "Leave the line for paths", "whatif.leave"),
    in_footer("escape", "stop", "Stop", "Stop scoring", "whatif.stop"),
    in_footer("escape", "images", "Back", "Go back to the images", "whatif.images"),
    in_footer("enter", "enter", "Open", "Go to what was found, or to the line", "whatif.enter"),
    in_footer("i", "path", "Paths", "Go to the line for paths", "whatif.path", priority=True),
    in_footer("p", "perturb", "Perturb", "Perturb the image, and score it again", "whatif.perturb"),
    in_footer("m", "second_model", "Model", "Set a second model beside the first", "whatif.model"),
    in_footer("e", "export", "Export", "Export all predictions (COCO, CSV)", "whatif.export"),
    in_footer("ctrl+o", "browse", "Browse", "Browse for files and folders", "whatif.browse"),
    quiet("s", "save_picture", "Save the picture with its boxes (PNG)", "whatif.save"),
    quiet("a", "to_label", "Add the image to the list of those to label", "whatif.to_label"),
    quiet("A", "other_list", "Add the image to another list", "whatif.other_list"),
    quiet("y", "copy", "Copy the path of the image", "whatif.copy"),
    *together(
        "Turn the pages of the classes",
        quiet("J", "classes(1)", "Show more classes", "whatif.more_classes"),
        quiet("K", "classes(-1)", "Show the classes before", "whatif.fewer_classes"),
    ),
    *_level("b", "blur", "Blur the image more or less", "Blur it more", "Blur it less"),
    *_level("n", "noise", "Add more or less noise", "Add more noise", "Add less noise"),
    *_level("l", "brightness", "Make it brighter or darker", "Make it brighter", "Make it darker"),
    *_level("c", "contrast", "Raise or lower the contrast", "Raise the contrast", "Lower it again"),
    *_level("g", "quality", "Make it a worse or a better JPEG", "A worse JPEG", "A better JPEG"),
    *_level("z", "scale", "Make it smaller or larger", "Make it smaller", "Make it larger"),
    *_level("x", "crop", "Crop more or less of it", "Crop more of it", "Crop less of it"),
    quiet("o", further("turns"), "Turn it by 90 degrees", "whatif.turn"),
    quiet("f", further("flipped"), "Flip left and right", "whatif.flip"),
    quiet("r", "reset", "Show the image as it is", "whatif.reset"),
    quiet("delete", "clear", "Clear the list of images", "whatif.clear"),
]
