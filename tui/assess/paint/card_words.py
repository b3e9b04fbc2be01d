"""What is known of a model and what is not, in lines."""

from collections.abc import Sequence

from engine.cards.facts import Fact
from engine.cards.known import KnownModel


def fact_lines(facts: Sequence[Fact]) -> list[str]:
    """A line for each: name, value, and in brackets how it is known."""
    width = max(len(fact.name) for fact in facts)
    return [
        f"{fact.name:<{width}}  {fact.value}" + (f"  [{fact.source}]" if fact.source else "")
        for fact in facts
    ]


def missing_lines(known: KnownModel) -> list[str]:
    """What a person must say, with the choices; what is assumed meanwhile comes first."""
    lines = [
        f"{question.about}: " + ", or ".join(choice.words for choice in question.choices)
        for question in known.missing
    ]
    if known.size_missing:
        lines.append("the height and width of its input (input.size)")
    return lines
