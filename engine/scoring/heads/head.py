"""A head: one small function, and what has to be known to call it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from engine.scoring.card import ModelCard
from engine.scoring.heads.plausible import RawNumbers
from engine.scoring.model.session import Outputs

Shape: TypeAlias = tuple[int, ...]
ClassCount: TypeAlias = Callable[[Sequence[Shape], ModelCard], int | None]
"""Shapes of one image's outputs -> how many classes they have room for.

0 where the shapes fit but do not show the classes, None where they do not fit.
"""

Decoded = TypeVar("Decoded")


@dataclass(frozen=True)
class Head(Generic[Decoded]):
    """How outputs of one layout are read; `decode` takes the outputs of one image."""

    decode: Callable[..., Decoded]
    expects: str  # the shapes in words, "{classes}", "{cells}" and "{left_out}" filled in
    class_count: ClassCount
    # The outputs of one image by what this layout takes them for, before they are decoded.
    numbers: Callable[[Outputs, ModelCard], RawNumbers] = lambda outputs, card: RawNumbers()
    outputs: tuple[str, ...] = ("boxes",)  # keys of the card's [output], in decode's order
    optional: tuple[str, ...] = ()  # those among them that a model may lack
    ranks: tuple[int, ...] = (2,)  # axes that the first output may have for one image
    many: bool = False  # reads all outputs that the card lists under `grids`
    flat: bool = False  # all images in one table, their number in its first column
    # What the layout implies where neither the card nor a family says otherwise.
    defaults: Mapping[str, object] = field(default_factory=dict)

    def __call__(self, *given: object) -> Decoded:
        """The answer for one image; the arguments are those of `decode`."""
        return self.decode(*given)
