"""How often the interval holds the difference that the models really have.

With OFFDIAG_SLOW_TESTS set on all 1,000 pairs, else on the first 250 of them.
"""

import os

import numpy as np
import pytest

from engine.compare.numbers import compared_numbers, numbers_without_intervals
from tests.engine.compare.pairs import AT_40, simulated

PAIRS = 1000 if "OFFDIAG_SLOW_TESTS" in os.environ else 250
NOISE = 3 * (0.05 * 0.95 / PAIRS) ** 0.5  # of a share of .95 or .05 among so many
NULL_PAIRS = 300 if "OFFDIAG_SLOW_TESTS" in os.environ else 150
NULL_NOISE = 3 * (0.05 * 0.95 / NULL_PAIRS) ** 0.5
IMAGES = 150
NAMES = ("AP", "precision", "recall", "f1")


def of_all_images(better: float) -> dict[str, float]:
    """The differences of the two models on so many images that chance hardly matters."""
    a, b = simulated(100_000, 1, better=better)
    made = numbers_without_intervals(a, AT_40, b, AT_40)
    return {each.name: each.delta for each in made.metrics if each.name in NAMES}


@pytest.mark.slow
def test_in_ninety_five_of_a_hundred_pairs_the_interval_holds_the_real_difference():
    real, held = of_all_images(0.3), dict.fromkeys(NAMES, 0)
    for seed in range(PAIRS):
        a, b = simulated(IMAGES, 1000 + seed, better=0.3)
        *_, made = compared_numbers(a, AT_40, b, AT_40, samples=400, exchanges=200)
        for each in made.metrics:
            if each.name in NAMES:
                held[each.name] += each.low <= real[each.name] <= each.high
    shares = {name: count / PAIRS for name, count in held.items()}
    assert all(abs(share - 0.95) <= max(NOISE, 0.02) for share in shares.values()), shares


@pytest.mark.slow
def test_of_pairs_that_do_not_differ_few_are_called_certain():
    certain, below, p_of_class = dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0), []
    families = 0
    for seed in range(NULL_PAIRS):
        a, b = simulated(IMAGES, 5000 + seed, classes=4)
        *_, made = compared_numbers(a, AT_40, b, AT_40, samples=400, exchanges=1000)
        for each in made.metrics:
            if each.name in NAMES:
                certain[each.name] += each.certain
                below[each.name] += each.p <= 0.05
        p_of_class += [each.p for each in made.per_class]
        families += any(each.certain for each in made.per_class)
    most = NULL_PAIRS * (0.05 + NULL_NOISE)
    assert all(count <= most for count in (*certain.values(), *below.values()))
    assert np.mean(np.array(p_of_class) <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert families <= most
