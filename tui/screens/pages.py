"""From outcomes to what the feed and the detail show of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.arrays import NOTHING, Boxes
from engine.assessment import Box, DetailRow
from engine.dataset import Images
from engine.kinds.detection import Detection
from engine.outcomes import Outcomes
from engine.pixels import Size
from tui.painters.previews import FeedItem, FeedView
from tui.painters.sentences import selection_words, short_selection
from tui.screens.assessed import Assessed, images_in_order
from tui.screens.detail import DetailView


def feed_view(detection: Detection, assessed: Assessed, index: int, capacity: int) -> FeedView:
    """The page that holds the item with this index."""
    rows, wish = assessed.rows, assessed.wish
    if rows is None or wish.selection is None:
        return FeedView("")
    index = min(max(index, 0), max(len(rows) - 1, 0))
    first = index // capacity * capacity
    shown = range(first, min(first + capacity, len(rows)))
    way = "highest first" if wish.descending else "lowest first"
    return FeedView(
        title_words=selection_words(detection.classes, wish.selection),
        total_boxes=len(rows),
        total_images=len(images_in_order(rows)),
        page=first // capacity,
        pages=max(1, -(-len(rows) // capacity)),
        first=first,
        items=tuple(_item(assessed.counted.detection, rows, row) for row in shown),
        order_words=f"by {wish.order}, {way}",
        selected=index,
    )


def _item(detection: Detection, rows: Outcomes, row: int) -> FeedItem:
    image, truth, predicted = int(rows.image[row]), int(rows.truth[row]), int(rows.predicted[row])
    return FeedItem(
        image=image,
        name=detection.images.name[image],
        path=detection.images.path[image],
        truth=None if truth == NOTHING else detection.classes[truth],
        predicted=None if predicted == NOTHING else detection.classes[predicted],
        confidence=float(rows.confidence[row]),
        iou=float(rows.iou[row]),
        box=_box(detection.predictions.box, int(rows.prediction[row])),
        truth_box=_box(detection.dataset.ground_truths.box, int(rows.ground_truth[row])),
        size=image_size(detection.images, image),
    )


def image_size(images: Images, image: int) -> Size:
    """Width and height as the dataset says them, 0 where it does not."""
    width, height = images.size[image].tolist()
    return width, height


def _box(boxes: Boxes, row: int) -> Box | None:
    if row == NOTHING:
        return None
    left, top, width, height = boxes[row].tolist()
    return left, top, width, height


@dataclass(frozen=True, eq=False)
class Walk:
    """The images behind a selection, in the order of the feed, at one operating point.

    The images stay those that the walk began with, so that a slider moved in the
    detail changes the boxes and never the place.
    """

    detection: Detection
    assessed: Assessed
    images: tuple[int, ...]
    focus: Mapping[int, tuple[int, int]]  # of an image: the prediction and ground truth in focus
    words: str

    @classmethod
    def starting_at(
        cls, detection: Detection, assessed: Assessed, index: int
    ) -> tuple["Walk", int]:
        """All images of the feed, and the place of the one of the item with this index."""
        rows, selection = assessed.rows, assessed.wish.selection
        if rows is None or selection is None:
            return cls(detection, assessed, (), {}, ""), 0
        images = images_in_order(rows)
        boxes = list(zip(rows.prediction.tolist(), rows.ground_truth.tolist(), strict=True))
        # Read backwards, so that the first box of each image stays; then the opened one.
        focus = dict(zip(rows.image.tolist()[::-1], boxes[::-1], strict=True))
        image = int(rows.image[index])
        focus[image] = boxes[index]
        words = short_selection(detection.classes, selection)
        return cls(detection, assessed, tuple(images), focus, words), images.index(image)

    def moved(self, assessed: Assessed) -> "Walk":
        """The same images at another operating point."""
        return replace(self, assessed=assessed)

    @property
    def total(self) -> int:
        """How many images there are to walk through."""
        return len(self.images)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.detection.classes

    def image(self, position: int) -> DetailView:
        """One image with all its boxes, the one that the person came for in focus."""
        image, point = self.images[position], self.assessed.wish.point
        rows = self.assessed.counted.detail(image, self.assessed.floor)
        images = self.detection.images
        return DetailView(
            name=images.name[image],
            path=images.path[image],
            size=image_size(images, image),
            rows=rows,
            confidence=point.confidence,
            iou=point.iou,
            matching=point.matching + (", own thresholds" if point.per_class else ""),
            focus=_line_of(rows, *self.focus[image]),
        )


def _line_of(rows: tuple[DetailRow, ...], prediction: int, ground_truth: int) -> int | None:
    """The line of a prediction, or without one that of a ground truth."""
    for index, row in enumerate(rows):
        if prediction != NOTHING and row.prediction == prediction:
            return index
        if prediction == NOTHING and row.is_truth and row.ground_truth == ground_truth:
            return index
    return None
