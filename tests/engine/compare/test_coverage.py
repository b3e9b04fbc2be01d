"""How often the interval holds the difference that the models really have."""

import numpy as np
import pytest

from engine.compare.numbers import compared_numbers, numbers_without_intervals
from tests.engine.compare.pairs import AT_40, simulated

PAIRS = 1000
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
    assert all(0.93 <= share <= 0.97 for share in shares.values()), shares


@pytest.mark.slow
def test_of_pairs_that_do_not_differ_few_are_called_certain():
    certain, below, p_of_class = dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0), []
    families = 0
    for seed in range(300):
        a, b = simulated(IMAGES, 5000 + seed, classes=4)
        *_, made = compared_numbers(a, AT_40, b, AT_40, samples=400, exchanges=1000)
        for each in made.metrics:
            if each.name in NAMES:
                certain[each.name] += each.certain
                below[each.name] += each.p <= 0.05
        p_of_class += [each.p for each in made.per_class]
        families += any(each.certain for each in made.per_class)
    assert all(count / 300 <= 0.05 + 3 * 0.0126 for count in (*certain.values(), *below.values()))
    assert np.mean(np.array(p_of_class) <= 0.05) == pytest.approx(0.05, abs=0.02)
    assert families / 300 <= 0.05 + 3 * 0.0126
