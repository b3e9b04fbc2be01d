"""What the detector is told: which cells answer for which part, and how far off they are."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot

CELLS_PER_PART = 9
BOX_WEIGHT = 2.0


@dataclass(frozen=True, eq=False)
class Truth:
    """The parts in a batch of images, filled up to T rows per image."""

    box: Tensor  # [B, T, 4] left, top, right, bottom in pixels
    label: Tensor  # [B, T] class number
    exists: Tensor  # [B, T] False for the rows that only fill up


@dataclass(frozen=True, eq=False)
class Targets:
    """What each of the N cells should have answered."""

    scores: Tensor  # [B, N, C] 0 but for the right class of a responsible cell
    box: Tensor  # [B, N, 4]
    weight: Tensor  # [B, N] 0 for cells that answer for no part, else up to 1


def overlap(boxes: Tensor, others: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union, and the same less the empty share of the box around both (GIoU).

    Both inputs are [..., 4] and broadcast against each other.
    """
    corner, opposite = boxes[..., :2], boxes[..., 2:]
    other_corner, other_opposite = others[..., :2], others[..., 2:]
    shared = torch.minimum(opposite, other_opposite) - torch.maximum(corner, other_corner)
    around = torch.maximum(opposite, other_opposite) - torch.minimum(corner, other_corner)
    intersection = shared.clamp(0).prod(-1)
    union = (opposite - corner).prod(-1) + (other_opposite - other_corner).prod(-1) - intersection
    iou = intersection / (union + 1e-7)
    return iou, iou - (1 - union / (around.prod(-1) + 1e-7))


@torch.no_grad()
def assigned(
    logits: Tensor, boxes: Tensor, truth: Truth, centres: Tensor, strides: Tensor
) -> Targets:
    """Let the cells that already answer best for a part answer for it.

    A cell may answer for a part when its centre [N, 2] lies in the part's box,
    or within one stride [N] of its middle; of these the nine with the best
    score and overlap are taken. A cell wanted by several parts takes the best.
    """
    iou, _ = overlap(truth.box[:, :, None], boxes[:, None])  # [B, T, N]
    from_corner = centres - truth.box[:, :, None, :2]
    to_opposite = truth.box[:, :, None, 2:] - centres
    inside = torch.minimum(from_corner, to_opposite).amin(-1) > 0
    from_middle = (from_corner - to_opposite).abs().amax(-1) / 2
    allowed = (inside | (from_middle < strides)) & truth.exists[:, :, None]

    of_part = truth.label[:, None, :].expand(-1, logits.shape[1], -1)
    score = logits.sigmoid().gather(2, of_part).transpose(1, 2)  # [B, T, N]
    fit = (score.sqrt() * iou.clamp(1e-6).pow(4) + 1e-9) * allowed
    best = fit.topk(CELLS_PER_PART, dim=-1).indices
    chosen = torch.zeros_like(fit).scatter_(2, best, 1.0) * allowed
    wanted_most = one_hot((fit * chosen).argmax(1), fit.shape[1]).transpose(1, 2)
    chosen = chosen * wanted_most

    fit = fit * chosen
    best_iou = (iou * chosen).amax(-1, keepdim=True)
    weight = (fit / (fit.amax(-1, keepdim=True) + 1e-9) * best_iou).amax(1)
    part = chosen.argmax(1)  # [B, N] the first part, with weight 0, where there is none
    label = truth.label.gather(1, part)
    scores = torch.zeros_like(logits).scatter_(2, label[..., None], weight[..., None])
    return Targets(scores, truth.box.gather(1, part[..., None].expand(-1, -1, 4)), weight)


def detection_loss(logits: Tensor, boxes: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
    """How wrong the scores and how wrong the boxes are, per responsible cell."""
    responsible = targets.weight > 0
    total_weight = targets.weight.sum().clamp(1)
    error = binary_cross_entropy_with_logits(logits, targets.scores, reduction="none")
    # Most cells see nothing: what they already know must not drown the rest.
    importance = torch.where(targets.scores > 0, 1.0, 0.75 * logits.sigmoid().pow(1.5))
    score_loss = (error * importance).sum() / total_weight
    _, giou = overlap(boxes[responsible], targets.box[responsible])
    box_loss = ((1 - giou) * targets.weight[responsible]).sum() / total_weight
    return score_loss, BOX_WEIGHT * box_loss
