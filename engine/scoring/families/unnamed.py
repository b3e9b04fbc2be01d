"""Ultralytics' -seg, -pose and -obb without metadata: by shapes and numbers, so a guess."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.scoring.families.family import COLOR, RESIZE, VALUES, Family, FamilyMatch, Keys
from engine.scoring.families.seen import HIGHEST_SHARE, SeenModel
from engine.scoring.families.tasks import Further, angle, masks, points
from engine.scoring.heads.plausible import BEYOND
from engine.scoring.heads.yolox import cell_count

MOST_ROWS: Final = 1000  # boxes that a model which suppresses by itself gives
ANCHORS_A_CELL: Final = np.array([1, 3])  # of grids that leave suppression to others
MOST_TURNED: Final = 2 * np.pi  # of an angle in radians
SUPPRESSED: Final[Keys] = {"output.decoder": "rows6"}
QUESTIONS: Final = (VALUES, COLOR, RESIZE)


def _with_masks(seen: SeenModel) -> FamilyMatch | None:
    more = masks(seen)
    shape = seen.shape(seen.outputs[0]) if more else None
    if more is None or shape is None:
        return None
    _, rows, numbers = shape
    if numbers == 6 + more.columns and rows <= MOST_ROWS:
        return _guess(seen, SUPPRESSED, more)
    if 4 + more.columns < rows < numbers and seen.in_pixels(seen.outputs[0], columns=True):
        return _guess(seen, {"output.decoder": "yolo"}, more)
    if 5 + more.columns < numbers < rows and seen.in_pixels(seen.outputs[0]):
        return _guess(seen, {"output.decoder": "yolo-obj", "output.nms.iou": 0.6}, more)
    return None


def _with_points_or_angle(seen: SeenModel) -> FamilyMatch | None:
    """[batch, 4 + classes + more, anchors]: what is no confidence cannot be a class."""
    values = _only(seen)
    if values is None or not 5 < len(values) < values.shape[1]:
        return None
    if not seen.in_pixels(seen.outputs[0], columns=True):
        return None
    shares = _shares(values)
    behind = shares[4:]
    classes = len(behind) if behind.all() else int(behind.argmin())
    if not classes or classes == len(behind):
        return None
    more = _more(values[4 + classes :], shares[4 + classes :])
    decoder = "yolo-obb" if more and more.suffix == "obb" else "yolo"
    return _guess(seen, {"output.decoder": decoder}, more) if more else None


def _rows_with_points_or_angle(seen: SeenModel) -> FamilyMatch | None:
    """[batch, boxes, 6 + more]: the best boxes first, each with a confidence and a class."""
    values = _only(seen)
    if values is None or values.shape[1] < 7 or len(values) > MOST_ROWS:
        return None
    height, width = seen.sides
    if height and width and len(values) in ANCHORS_A_CELL * cell_count((height, width)):
        return None
    confidence, class_ = values[:, 4], values[:, 5]
    sorted_ = confidence.any() and _is_share(confidence) and (np.diff(confidence) <= 0).all()
    if not sorted_ or (class_ % 1).any() or (class_ < 0).any():
        return None
    columns = values[confidence > 0].T
    more = _more(columns[6:], _shares(columns)[6:])
    turned: Keys = {"output.decoder": "rows7-obb"}
    return _guess(seen, turned if more.suffix == "obb" else SUPPRESSED, more) if more else None


def _more(columns: NDArray[Any], shares: NDArray[np.bool_]) -> Further | None:
    """What these numbers [numbers, boxes] are: an angle, or points in pixels."""
    if len(columns) == 1:
        return angle() if (np.abs(columns) <= MOST_TURNED).all() else None
    pixels = (np.abs(columns) > HIGHEST_SHARE).any(axis=1)
    triples = len(columns) % 3 == 0 and pixels.reshape(-1, 3)[:, :2].all()
    if triples and shares.reshape(-1, 3)[:, 2].all():
        return points(len(columns), 3)
    return points(len(columns), 2) if len(columns) % 2 == 0 and pixels.all() else None


def _only(seen: SeenModel) -> NDArray[Any] | None:
    """The only output's answer to noise for one image, where it has two axes."""
    values = seen.values(seen.outputs[0]) if len(seen.outputs) == 1 else None
    return values[0] if values is not None and values.ndim == 3 else None


def _shares(columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Which numbers of a box lie from 0 to 1 in all boxes [numbers, boxes]."""
    return np.array([_is_share(column) for column in columns], np.bool_)


def _is_share(values: NDArray[Any]) -> bool:
    return bool(((values >= -BEYOND) & (values <= 1 + BEYOND)).all())


def _guess(seen: SeenModel, card: Keys, more: Further) -> FamilyMatch:
    asked = tuple(q for q in QUESTIONS if not (seen.raw_bytes and q.about == VALUES.about))
    shapes = " and ".join(str(list(seen.shape(name) or ())) for name in seen.outputs)
    reason = f"its outputs {shapes} are those of boxes with {BEHIND[more.suffix]} behind them"
    keys = {**card, **more.keys, "provenance.family": f"yolo-{more.suffix}-like"}
    return FamilyMatch(keys, reason, "guess", asked)


BEHIND: Final = {"seg": "coefficients of masks", "pose": "points", "obb": "an angle"}
FAMILIES: Final = (
    Family("yolo-seg-like", "shapes", _with_masks),
    Family("yolo-pose-like", "shapes", _with_points_or_angle),
    Family("yolo-pose-like", "shapes", _rows_with_points_or_angle),
)
