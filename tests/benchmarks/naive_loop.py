"""What anyone would write first: an image after the other, a box after the other."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from engine.scoring.card import ModelCard
from engine.scoring.run.resize import fit_of
from engine.scoring.run.scorer import Scorer
from engine.scoring.run.store import ImageFile


def textbook(output: Any, card: ModelCard) -> None:
    """Boxes as every example decodes them: the best class of an anchor, and a greedy loop."""
    boxes, scores = output[:4].T, output[4:].T
    best, sure = scores.argmax(axis=1), scores.max(axis=1)
    order = np.flatnonzero(sure >= 0.001)
    order = order[np.argsort(-sure[order])]
    corners = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], 1)
    corners += best[:, None] * 4096.0  # boxes of two classes never overlap
    area = boxes[:, 2] * boxes[:, 3]
    kept = 0
    while len(order) and kept < card.output.nms.max_det:
        first, rest = order[0], order[1:]
        start = np.maximum(corners[first, :2], corners[rest, :2])
        sides = np.maximum(np.minimum(corners[first, 2:], corners[rest, 2:]) - start, 0)
        shared = sides[:, 0] * sides[:, 1]
        iou = shared / (area[first] + area[rest] - shared)
        order = rest[iou <= card.output.nms.iou]
        kept += 1


def naive(scorer: Scorer, session: Any, files: Sequence[ImageFile], *, ours: bool) -> None:
    """Score the files; `ours` is our own decoding of the outputs in the place of the textbook's."""
    card = scorer.card.input
    height, width = card.size
    for file in files:
        image = Image.open(file.path).convert("RGB")
        fit = fit_of(image.size, card)
        canvas = Image.new("RGB", (width, height), (card.pad,) * 3)
        canvas.paste(image.resize(fit.resized, Image.Resampling.BILINEAR), fit.offset)
        pixels = np.asarray(canvas).transpose(2, 0, 1).astype(np.float32) * card.scale
        batch = np.ascontiguousarray(pixels[None], np.float32)
        if session is None:
            outputs = scorer.detector(batch)
        else:
            outputs = session.run(None, {card.name: batch})
        if ours:
            scorer.found(tuple(output[0] for output in outputs), fit)
        else:
            textbook(outputs[0][0], scorer.card)
