"""Who holds which ground truth where the highest IoU goes first and who loses it chooses again."""

from typing import Final

import numpy as np

from engine.core.arrays import Indices
from engine.core.sorting import most_confident_first, stable_order
from engine.detection.boxes import Pairs
from engine.detection.matching import Spans

NOBODY: Final = -1


def by_falling_iou(pairs: Pairs) -> Pairs:
    """Pairs, the highest IoU first; on a tie the earlier ground truth, then the higher rank."""
    pairs = pairs.where(stable_order(pairs.prediction))
    pairs = pairs.where(stable_order(pairs.ground_truth))
    return pairs.where(most_confident_first(pairs.iou))


def match_by_iou(pairs: Pairs) -> Indices:
    """The rows that hold when each pair, by falling IoU, holds if both its sides are free.

    Pairs stand by falling IoU. In rounds: what comes first for both of its sides holds.
    """
    left = np.arange(len(pairs))
    first_of_prediction = np.zeros(int(pairs.prediction.max(initial=-1)) + 1, np.intp)
    first_of_truth = np.zeros(int(pairs.ground_truth.max(initial=-1)) + 1, np.intp)
    held = []
    while len(left):
        prediction, truth = pairs.prediction.take(left), pairs.ground_truth.take(left)
        # Of several writes to one place NumPy keeps the last: the first pair of each side.
        first_of_prediction[prediction[::-1]] = left[::-1]
        first_of_truth[truth[::-1]] = left[::-1]
        of_prediction, of_truth = first_of_prediction[prediction], first_of_truth[truth]
        mutual = (of_prediction == left) & (of_truth == left)
        held.append(left[mutual])
        # A side whose first pair holds is taken.
        first_of_prediction[prediction[mutual]] = NOBODY
        first_of_truth[truth[mutual]] = NOBODY
        free = (first_of_prediction[prediction] != NOBODY) & (first_of_truth[truth] != NOBODY)
        left = left[free]
    return np.concatenate(held) if held else left


def holding_spans(pairs: Pairs, group: Indices, predictions: int, ground_truths: int) -> Spans:
    """When each pair holds as predictions join one by one, the most confident first.

    Predictions are numbered by rank; group [N] names those that share ground truths with
    one another only. What holds among the first n is what match_by_iou finds among them.

    A newcomer asks for the ground truth that it overlaps most. That keeps who overlaps it
    most of all who asked; who is refused or loses it asks for the next best. So a ground
    truth changes hands for a higher IoU only and is never free again, a pair that ended
    never comes back, and each holds for one span. Asking one after the other and going
    through all pairs by falling IoU end in the same, the only stable, matching (Gale and
    Shapley, 1962). All groups take their next newcomer at the same time.
    """
    pairs = by_falling_iou(pairs)  # from here on the lower row is the better one
    asks = stable_order(pairs.prediction)
    askers, asker_of = np.unique(pairs.prediction, return_inverse=True)
    asked = np.searchsorted(pairs.prediction.take(asks), askers)  # how far each one is
    end = np.append(asked[1:], len(pairs))
    since, until = np.full(len(pairs), NOBODY), np.full(len(pairs), predictions)
    holder = np.full(ground_truths, NOBODY)  # the row that holds each of them
    for newcomers in _turns(group.take(askers)):
        asking, rank = newcomers, askers.take(newcomers)
        while len(asking):
            more = asked[asking] < end[asking]
            asking, rank = asking[more], rank[more]
            row = asks[asked[asking]]
            asked[asking] += 1
            truth = pairs.ground_truth[row]
            before = holder[truth]
            wins = (before == NOBODY) | (row < before)
            holder[truth[wins]] = row[wins]
            since[row[wins]] = rank[wins]
            replaced = wins & (before != NOBODY)
            until[before[replaced]] = rank[replaced]
            asking = np.concatenate((asking[~wins], asker_of[before[replaced]]))
            rank = np.concatenate((rank[~wins], rank[replaced]))
    held = np.flatnonzero((since != NOBODY) & (since < until))
    held = held.take(stable_order(pairs.prediction.take(held)))
    return Spans(pairs.where(held), since.take(held), until.take(held))


def _turns(group: Indices) -> list[Indices]:
    """The first of each group, then the second, ...: indices of members, who stand by rank."""
    order = stable_order(group)
    begins = np.flatnonzero(np.append(True, np.diff(group.take(order)) != 0)[: len(order)])
    sizes = np.diff(np.append(begins, len(order)))
    turn = np.arange(len(order)) - np.repeat(begins, sizes)
    by_turn = order.take(stable_order(turn))
    return np.split(by_turn, np.cumsum(np.bincount(turn))[:-1])
