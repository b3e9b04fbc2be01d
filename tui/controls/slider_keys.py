"""The keys of a slider."""

from typing import Final

from textual.binding import Binding, BindingType

BINDINGS: Final[list[BindingType]] = [
    Binding("left", "nudge(-1)", "Less", show=False, id="slider.less"),
    Binding("right", "nudge(1)", "More", show=False, id="slider.more"),
    Binding("shift+left", "nudge(-1,True)", "Much less", show=False, id="slider.much_less"),
    Binding("shift+right", "nudge(1,True)", "Much more", show=False, id="slider.much_more"),
    Binding("home", "limit(False)", "Least", show=False, id="slider.least"),
    Binding("end", "limit(True)", "Most", show=False, id="slider.most"),
    Binding("enter", "edit", "Type a number", id="slider.type"),
]
