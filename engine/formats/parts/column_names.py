"""What tools call the columns of their tables, in lower case."""

from typing import Final

IMAGE: Final = (
    *("image", "filename", "file_name", "file", "image_path", "filepath", "file_path", "path"),
    *("image_name", "image_file", "imagename", "imagepath", "image_id", "imageid"),
    *("img", "img_path", "img_name"),
)
CLASS: Final = (
    *("class", "label", "category", "class_name", "classname", "label_name", "category_name"),
    *("target", "ground_truth", "truth", "y_true"),
    *("class_id", "label_id", "category_id"),
)
SPLIT: Final = ("split", "subset", "set", "partition")
"""Columns that say which part of a dataset a row belongs to."""

PART_IF_TRUE: Final = {
    **dict.fromkeys(("is_valid", "is_val", "is_validation"), "valid"),
    "is_test": "test",
}
"""Columns of true and false, and the part that the true rows are; the others are for training."""

BOXES: Final = frozenset(
    (
        *("x1", "xmin", "x_min", "x0", "left", "x", "cx", "xcenter", "x_center"),
        *("bbox", "bboxes", "box", "boxes", "polygon", "segmentation"),
    )
)
"""A table with one of these is of boxes."""

BESIDE: Final = frozenset(
    (
        *("index", "unnamed: 0", "id", "class_id", "fold", "width", "height"),
        *SPLIT,
        *PART_IF_TRUE,
        *("class", "label", "category", "target", "truth", "ground_truth", "y_true"),
        *("y_pred", "prediction", "predicted", "predicted_class", "predicted_label", "pred"),
        *("confidence", "score", "threshold", "decision"),
    )
)
"""What stands in a table of probabilities beside the columns of the classes."""

PREFIXES: Final = ("probability_", "proba_", "prob_", "p_", "score_", "logit_", "logits_", "class_")
"""Of columns of probabilities, before the name of a class."""
