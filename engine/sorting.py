"""Orders that keep the sequence of equal keys, at the speed of NumPy's vectorised sort."""

import numpy as np

from engine.arrays import Indices, Scores

LOW_HALF = np.uint64(0xFFFFFFFF)
HALF = np.uint64(32)


def stable_order(keys: Indices) -> Indices:
    """The order that sorts keys [N] upwards, equal keys in their old sequence.

    Key and place share one 64-bit number, so sorting the numbers sorts both:
    several times faster than argsort(kind="stable"). Keys must lie in 0 .. 2**32 - 1.
    """
    packed = keys.astype(np.uint64) << HALF
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    return (packed & LOW_HALF).astype(np.intp)


def most_confident_first(confidence: Scores) -> Indices:
    """The order of falling confidence [N], equal ones in their old sequence."""
    order = np.argsort(-confidence)
    ranked = confidence[order]
    run_of_equals = np.cumsum(np.append(False, ranked[1:] != ranked[:-1])[: len(ranked)])
    packed = run_of_equals.astype(np.uint64) << HALF
    packed |= order.astype(np.uint64)
    packed.sort()
    return (packed & LOW_HALF).astype(np.intp)
