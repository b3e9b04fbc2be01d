"""What workers tell the screens that started them."""

from dataclasses import dataclass

from textual.message import Message


@dataclass
class Failed(Message):
    """Something that the person can mend; problem is a whole sentence."""

    title: str
    problem: str
