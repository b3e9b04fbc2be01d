"""A probe's ranking, in lines."""

from engine.probing.ranking import QuestionAnswer, VariantRanking
from engine.util.words import number, share

ASSUMED = "assumed"


def ranking_lines(ranking: VariantRanking, most: int = 0) -> list[str]:
    """A table: place, score, how far behind the winner, and the choices; best first."""
    abouts = [question.about for question in ranking.questions]
    places = ranking.places[: most or None]
    rows = [[short(words) for words in place.variant.words] for place in places]
    widths = [max(map(len, column)) for column in zip(abouts, *rows, strict=True)]
    across = max(len(ranking.metric), 4)
    lines = [f"    {ranking.metric:>{across}}  behind  {_row(abouts, widths)}"]
    best = ranking.best.score
    for number_, (place, row) in enumerate(zip(places, rows, strict=True), start=1):
        behind = "" if number_ == 1 else share(best - place.score, 3)
        score = share(place.score, 3)
        mark = f"  {ASSUMED}" if place.assumed else ""
        lines.append(f"{number_:>2}  {score:>{across}}  {behind:>6}  {_row(row, widths)}{mark}")
    if left := len(ranking.places) - len(places):
        lines.append(f"    and {left} more, none better")
    return [line.rstrip() for line in lines]


def answer_lines(ranking: VariantRanking) -> list[str]:
    """What the probe says on each question, and how sure that is."""
    if ranking.found_nothing:
        return [
            "No way of feeding it gets anything right: see whether its outputs are read as they "
            "are meant and its classes are those of the data."
        ]
    return [_answer(answer, ranking.metric) for answer in ranking.answers]


def images_line(ranking: VariantRanking) -> str:
    """`18 ways on 32 images, by AP`."""
    ways = number(len(ranking.variants), "way")
    line = f"{ways} on {number(ranking.images, 'image')}, by {ranking.metric}"
    if ranking.unread:
        name, reason = ranking.unread[0]
        line += f"; {number(len(ranking.unread), 'image')} could not be read ({name}: {reason})"
    return line


def _answer(answer: QuestionAnswer, metric: str) -> str:
    margin = answer.margin
    ends = f"{_signed(margin.interval.low)} to {_signed(margin.interval.high)}"
    line = (
        f"{answer.about}: {short(answer.words)}, {_signed(margin.value)} {metric} over "
        f"{short(answer.other)} "
        f"(95 %: {ends})"
    )
    if margin.within_noise:
        line += "; WITHIN NOISE: more images could show the opposite"
    if answer.words != answer.assumed:
        line += f"; {answer.assumed} was assumed"
    return line


def _signed(value: float) -> str:
    return ("-" if value < 0 else "+") + share(abs(value), 3)


def short(words: str) -> str:
    """A choice in a word or two."""
    return words.removesuffix(" mean and deviation")


def _row(words: list[str], widths: list[int]) -> str:
    return "  ".join(f"{word:<{width}}" for word, width in zip(words, widths, strict=True))
