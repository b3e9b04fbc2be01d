from dataclasses import fields

import numpy as np
import pytest

from engine.classification.answer_counts import Average
from engine.classification.class_metrics import CLASS_METRICS
from engine.classification.headline_metrics import (
    HEADLINE_METRICS,
    REPORT_LINES,
    of_counts,
    of_probabilities,
    values_of,
)
from engine.classification.metrics import classification_metrics
from engine.classification.probability_metrics import probability_metrics
from tests.making_classes import classification


def measured():
    random = np.random.default_rng(5)
    value = random.random((40, 3))
    label = np.where(random.random(40) < 0.6, value.argmax(axis=1), random.integers(0, 3, 40))
    made = classification(label, value / value.sum(axis=1, keepdims=True))
    return classification_metrics(made.answers.matrix(0), 0, probability_metrics(made))


@pytest.mark.parametrize("metric", HEADLINE_METRICS.values(), ids=lambda metric: metric.key)
def test_a_number_has_one_source_and_all_its_words(metric):
    assert (metric.from_counts is None) != (metric.from_probabilities is None)
    assert metric.line in REPORT_LINES
    words = [getattr(metric, field.name) for field in fields(metric) if field.type is str]
    assert len(words) == 8
    assert all(words)


def test_the_two_sources_make_the_headline():
    seen = measured()
    numbers, others = of_counts(seen.counts), of_probabilities(seen.probability)
    assert not set(numbers) & set(others)
    assert values_of({**numbers, **others}) == dict(seen.headline)
    means = [isinstance(number, Average) for number in numbers.values()]
    assert means == sorted(means)


def test_a_mean_in_the_headline_is_that_of_its_column():
    seen = measured()
    for metric in CLASS_METRICS.values():
        if metric.mean_key:
            defined = [value for value in metric.values(seen).tolist() if value == value]
            assert seen.headline[metric.mean_key] == pytest.approx(sum(defined) / len(defined))
    means = {metric.mean_key for metric in CLASS_METRICS.values() if metric.mean_key}
    assert len({seen.headline[key] for key in means}) == len(means)  # none stands for another
