"""What a family of models is: a name, a test of what a model shows, and a card to begin with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from engine.scoring.families.seen import SeenModel

Level: TypeAlias = Literal["certain", "likely", "guess"]
Keys: TypeAlias = Mapping[str, object]
"""Keys of a model card and their values: {"input.color": "BGR"}."""

IMAGENET: Final[Keys] = {
    "input.scale": 1 / 255,
    "input.mean": (0.485, 0.456, 0.406),
    "input.std": (0.229, 0.224, 0.225),
}
ZERO_TO_ONE: Final[Keys] = {
    "input.scale": 1 / 255,
    "input.mean": (0.0, 0.0, 0.0),
    "input.std": (1.0, 1.0, 1.0),
}
RAW: Final[Keys] = {**ZERO_TO_ONE, "input.scale": 1.0}
MINUS_ONE_TO_ONE: Final[Keys] = {
    "input.scale": 1 / 255,
    "input.mean": (0.5, 0.5, 0.5),
    "input.std": (0.5, 0.5, 0.5),
}
MNIST: Final[Keys] = {  # of its digits, as torch's examples have them
    "input.scale": 1 / 255,
    "input.mean": (0.1307, 0.1307, 0.1307),
    "input.std": (0.3081, 0.3081, 0.3081),
}


@dataclass(frozen=True)
class Choice:
    """One answer to a question, and the keys of the card that say it."""

    words: str
    values: Keys


@dataclass(frozen=True)
class Question:
    """What a model file does not say; the first choice is assumed until somebody does."""

    about: str
    choices: tuple[Choice, ...]

    @property
    def assumed(self) -> Choice:
        """What is taken meanwhile."""
        return self.choices[0]

    def assuming(self, words: str) -> "Question":
        """The same question with another choice first."""
        first = next(choice for choice in self.choices if choice.words == words)
        others = tuple(choice for choice in self.choices if choice is not first)
        return replace(self, choices=(first, *others))

    def answered_by(self, said: frozenset[str]) -> bool:
        """Whether a card that sets these keys settles it."""
        return bool(self.keys & said)

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the card that it is about."""
        return frozenset(key for choice in self.choices for key in choice.values)


COLOR: Final = Question(
    "color order", (Choice("RGB", {"input.color": "RGB"}), Choice("BGR", {"input.color": "BGR"}))
)
VALUES: Final = Question(
    "pixel values",
    (
        Choice("0 to 1", ZERO_TO_ONE),
        Choice("0 to 255", RAW),
        Choice("ImageNet mean and deviation", IMAGENET),
    ),
)
KERAS_VALUES: Final = replace(
    VALUES, choices=(*VALUES.choices, Choice("-1 to 1", MINUS_ONE_TO_ONE))
)
GRAY_VALUES: Final = replace(
    VALUES,
    choices=(
        *(choice for choice in KERAS_VALUES.choices if choice.values != IMAGENET),
        Choice("MNIST's mean and deviation", MNIST),
    ),
)
RESIZE: Final = Question(
    "resize",
    tuple(
        Choice(name, {"input.resize": name})
        for name in ("letterbox", "letterbox-topleft", "stretch")
    ),
)
CROP: Final = Question(
    "resize",
    (
        Choice(
            "shortest-crop of .875", {"input.resize": "shortest-crop", "input.crop_ratio": 0.875}
        ),
        Choice("shortest-crop", {"input.resize": "shortest-crop", "input.crop_ratio": 1.0}),
        Choice("stretch", {"input.resize": "stretch"}),
    ),
)


@dataclass(frozen=True)
class FamilyMatch:
    """A model that shows the signs of a family."""

    card: Keys
    reason: str  # the signs, in words
    level: Level = "certain"
    open_questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    # Why it is not read unless a card names its decoder, up to the path of that card.
    refused: str = ""

    @property
    def keys(self) -> Keys:
        """What the card begins with, the assumptions included."""
        assumed = [question.assumed.values for question in self.open_questions]
        return {key: value for values in (*assumed, self.card) for key, value in values.items()}


@dataclass(frozen=True)
class Family:
    """One kind of export; `match` answers None for models of other families."""

    name: str
    detected_by: str  # metadata_props, hf-config, output-names or shapes
    match: Callable[[SeenModel], FamilyMatch | None]
