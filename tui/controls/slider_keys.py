"""The keys of a slider."""

from typing import Final

from textual.binding import BindingType

from tui.controls.bindings import in_footer, quiet

BINDINGS: Final[list[BindingType]] = [
    quiet("left", "nudge(-1)", "Less", "slider.less"),
    quiet("right", "nudge(1)", "More", "slider.more"),
    quiet("shift+left", "nudge(-1,True)", "Much less", "slider.much_less"),
    quiet("shift+right", "nudge(1,True)", "Much more", "slider.much_more"),
    quiet("home", "limit(False)", "Least", "slider.least"),
    quiet("end", "limit(True)", "Most", "slider.most"),
    in_footer("enter", "edit", "Type a number", "", "slider.type"),
]
