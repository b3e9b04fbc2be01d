"""A small classifier for tests of the app."""

from tests.making_classes import classification

BOLT, NUT, WASHER = range(3)
LABELS = (BOLT, BOLT, BOLT, NUT, NUT, WASHER, WASHER)
PROBABILITIES = (
    (0.90, 0.08, 0.02),
    (0.40, 0.60, 0.00),  # a bolt taken for a nut, not surely
    (0.05, 0.90, 0.05),  # a bolt taken for a nut, surely
    (0.10, 0.60, 0.30),
    (0.30, 0.35, 0.35),  # a tie: the nut comes first
    (0.00, 0.05, 0.95),
    (0.55, 0.40, 0.05),  # a washer that the model hardly believes in
)


def sorter(**changes: object):
    """Seven images of bolts, nuts and washers."""
    return classification(LABELS, PROBABILITIES, **changes)
