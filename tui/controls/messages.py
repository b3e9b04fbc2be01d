"""What workers tell the screens that started them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.opening import Event


@dataclass
class Happened(Message):
    """The opening of a dataset came a step further."""

    event: "Event"


@dataclass
class Failed(Message):
    """Something that the person can mend; problem is a whole sentence."""

    title: str
    problem: str
