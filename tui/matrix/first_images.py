"""The first images of a cell of the matrix, beside it where the terminal is wide."""

from dataclasses import dataclass

from textual.message import Message

from tui.pictures.preview_page import PreviewPage


class FirstImages(PreviewPage):
    """A page of previews that nothing is selected on; a click asks for all of them."""

    DEFAULT_CSS = "FirstImages { margin: 0 0 0 1; }"

    @dataclass
    class Asked(Message):
        """The person wants to see all of them."""

    @property
    def framed(self) -> int:
        return -1

    def on_click(self) -> None:
        self.post_message(self.Asked())
