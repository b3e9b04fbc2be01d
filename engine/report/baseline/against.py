"""A report against the baseline of an earlier one: tested as two models are compared."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.classification.headline_metrics import HEADLINE_METRICS
from engine.compare.counted_pairs import (
    CountedClassifier,
    CountedClassifiers,
    CountedDetector,
    CountedDetectors,
)
from engine.compare.differences import side_by_side
from engine.compare.gates import GateError, Gates
from engine.compare.image_counts import RATES
from engine.compare.numbers import SAMPLES, ComparedNumbers, ComparedPair, numbers_of_pair
from engine.core.dataset import Dataset
from engine.core.fingerprint import class_ranks
from engine.report.baseline.kept import Baseline, ClassificationBaseline, DetectionBaseline
from engine.report.baseline.same_data import refuse_other
from engine.util.visible import visible

UNTESTED: Final = (
    "{} is not tested against a baseline, which keeps no predictions: worse= takes {}; `offdiag "
    "compare` tests the others"
)


@dataclass(frozen=True, eq=False)
class AgainstBaseline:
    """What became better or worse since a baseline; of the numbers it is A, the report is B."""

    path: Path  # of the baseline
    kept: Baseline
    now: Baseline  # what the report would keep
    classes: tuple[str, ...]  # [C] in the order of the report
    numbers: ComparedNumbers

    def is_tested(self, name: str) -> bool:
        """Whether counts suffice for a total."""
        return name in tested_of(self.kept)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what the two have alike, and on how their confidences were chosen."""
        was, is_ = self.kept.origin, self.now.origin
        notes = []
        if was.predictions == is_.predictions:
            at_one = confidence_of(self.kept) == confidence_of(self.now)
            rest = "nothing differs" if at_one else "only the confidence differs"
            notes.append(f"The baseline was made of the very same predictions: {rest}.")
        before, after = (
            f"{each.source} for {each.goal}" if each.source == "optimal" else each.source
            for each in (was, is_)
        )
        if before != after:
            notes.append(
                f"The confidence of the baseline is {before}, that of this report {after}: "
                "what differs may be due to that alone."
            )
        return tuple(notes)

    def failures(self, gates: Gates) -> tuple[str, ...]:
        """A sentence for each gate that fails. Raises GateError, see check_gates."""
        check_gates(gates, self.kept)
        tested = tuple(each for each in self.numbers.metrics if self.is_tested(each.name))
        named = tuple(map(visible, self.classes))
        return gates.worse_for_certain(replace(self.numbers, metrics=tested), named)


def against_baseline(
    path: Path, kept: Baseline, now: Baseline, dataset: Dataset, samples: int = SAMPLES
) -> AgainstBaseline:
    """Test what a report of a dataset would keep against what an earlier one kept.

    Raises DataError where the two cannot be compared.
    """
    refuse_other(kept, now, path)
    pair = _pair(kept, now, dataset)
    numbers = side_by_side(pair.a.numbers, pair.b.numbers)
    for numbers in numbers_of_pair(pair, samples):  # noqa: B007  the last
        pass
    return AgainstBaseline(path, kept, now, dataset.classes, numbers)


def check_gates(gates: Gates, kept: Baseline) -> None:
    """GateError for what a baseline cannot answer: told before a model runs for an hour."""
    tested = tested_of(kept)
    lacking = [name for name in gates.worse if name not in tested]
    lacking += [f"{name}[{class_}]" for name, class_ in gates.of_class if name == "AP"]
    if lacking:
        raise GateError(UNTESTED.format(lacking[0], ", ".join(tested)))
    if gates.most_broken is not None:
        raise GateError(
            "broken= counts objects, and a baseline keeps how many are found in each image, not "
            "which: `offdiag compare` tells"
        )
    gates.check_classes(kept.origin.classes)


def tested_of(kept: Baseline) -> tuple[str, ...]:
    """The totals that follow from what is kept."""
    if isinstance(kept, DetectionBaseline):
        return tuple(RATES)
    return tuple(key for key, metric in HEADLINE_METRICS.items() if metric.from_answers)


def confidence_of(kept: Baseline) -> float:
    """From where predictions count."""
    match kept:
        case DetectionBaseline():
            return kept.point.confidence
        case ClassificationBaseline():
            return kept.confidence


def _pair(kept: Baseline, now: Baseline, dataset: Dataset) -> ComparedPair:
    """Both in the order of the dataset, so that its images are drawn as compare draws them."""
    rank = class_ranks(dataset)
    match kept, now:
        case DetectionBaseline(), DetectionBaseline():
            was, is_ = (
                CountedDetector.of(
                    each.coco, each.average_precision.take(rank), each.counts_in(dataset)
                )
                for each in (kept, now)
            )
            return CountedDetectors(was, is_)
        case ClassificationBaseline(), ClassificationBaseline():
            before, after = (
                CountedClassifier.of(
                    each.headline, each.average_precision.take(rank), each.answers_in(dataset)
                )
                for each in (kept, now)
            )
            return CountedClassifiers(before, after)
        case _:
            raise TypeError("a baseline of a detector and one of a classifier")
