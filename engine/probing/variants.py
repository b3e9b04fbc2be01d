"""The ways to feed a model that are worth trying."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from engine.scoring.card import ModelCard
from engine.scoring.families.family import COLOR, RESIZE, VALUES, Choice, Keys, Question
from engine.scoring.families.probabilities import MEANING
from engine.scoring.run.scorer import Scorer

AS_NOW: Final = "as now"


@dataclass(frozen=True)
class Variant:
    """One choice for each question."""

    choices: tuple[Choice, ...]

    @property
    def values(self) -> Keys:
        """The keys of the card that say it."""
        return {key: value for choice in self.choices for key, value in choice.values.items()}

    @property
    def words(self) -> tuple[str, ...]:
        """The choices in words, in the order of the questions."""
        return tuple(choice.words for choice in self.choices)


def questions_of(scorer: Scorer, *, every: bool = False) -> tuple[Question, ...]:
    """What is open, or with `every` all that a person might have got wrong; assumed first."""
    asked = scorer.open_questions
    if every:
        known = {question.about for question in asked}
        every_one = (COLOR, VALUES, scorer.kind.resize)
        others = (question for question in every_one if question.about not in known)
        asked = (*asked, *(_as_now(question, scorer.card) for question in others))
    return tuple(question for question in asked if _may_differ(question, scorer.card))


def variants_of(questions: Sequence[Question]) -> tuple[Variant, ...]:
    """Every combination of choices; the first is what is assumed."""
    return tuple(map(Variant, product(*(question.choices for question in questions))))


def _as_now(question: Question, card: ModelCard) -> Question:
    """The question with what the card has as its first choice."""
    now = {key: _value(card, key) for key in sorted(question.keys)}
    for choice in question.choices:
        if all(now[key] == value for key, value in choice.values.items()):
            return question.assuming(choice.words)
    return Question(question.about, (Choice(AS_NOW, now), *question.choices))


def _may_differ(question: Question, card: ModelCard) -> bool:
    """Whether the model leaves a choice: gray has no order of colours, bytes have one range."""
    fed = card.input
    if question.about == COLOR.about:
        return fed.color != "GRAY"
    if question.about == VALUES.about:
        return fed.dtype != "uint8"
    if question.about == MEANING.about:
        return False  # the order of an image's classes is the same whatever they mean
    return question.about != RESIZE.about or bool(fed.size)


def _value(card: ModelCard, key: str) -> object:
    found: object = card
    for name in key.split("."):
        found = getattr(found, name)
    return found
