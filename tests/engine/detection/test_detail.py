"""One image worked by hand: what each box is, and the sentence that says why."""

import numpy as np
from hypothesis import given

from engine.core.arrays import NOTHING
from tests.making import confidences, detection, detections, ious

BOLT, NUT, WASHER, GEAR = range(4)
MADE = detection(
    [
        (0, BOLT, (0, 0, 10, 10)),
        (0, NUT, (20, 0, 10, 10)),
        (0, WASHER, (40, 0, 10, 10)),
        (0, GEAR, (60, 0, 10, 10)),
        (0, GEAR, (0, 50, 50, 50)),
        (1, BOLT, (0, 0, 10, 10)),
    ],
    [
        (0, BOLT, 0.9, (0, 0, 10, 10)),
        (0, BOLT, 0.8, (0, 0, 10, 9)),
        (0, WASHER, 0.7, (20, 0, 10, 8)),
        (0, WASHER, 0.6, (40, 0, 10, 3)),
        (0, PIN := NUT, 0.55, (80, 80, 5, 5)),
        (0, GEAR, 0.52, (10, 60, 5, 5)),
        (0, GEAR, 0.2, (60, 0, 10, 10)),
        (1, BOLT, 0.9, (0, 0, 10, 10)),
    ],
    images=2,
    crowds=(4,),
)


def rows():
    return MADE.at_iou(0.5).detail(0, 0.5)


def test_every_box_has_its_tag():
    assert [(row.tag, row.class_) for row in rows()] == [
        ("TP", BOLT),
        ("FP", BOLT),
        ("FP", WASHER),
        ("FP", WASHER),
        ("FP", PIN),
        ("ignored", GEAR),
        ("FN", NUT),
        ("FN", WASHER),
        ("FN", GEAR),
        ("crowd", GEAR),
        ("below", GEAR),
    ]


def test_every_sentence_says_why():
    assert [row.why for row in rows()] == [
        "True positive: it matches a bolt at IoU 1.00; .50 is needed.",
        "False positive, a duplicate: the bolt it overlaps most, at IoU .90, is matched "
        "with prediction 1.",
        "False positive: what it matches, at IoU .80, is a nut.",
        "False positive: a washer is closest, at IoU .30; .50 is needed.",
        "False positive: it overlaps no ground truth.",
        "Not counted: it lies on a crowd of class gear.",
        "Not detected as nut: prediction 3, a washer, covers it at IoU .80.",
        "Not detected: the best of all predictions, a washer of confidence .60, reaches IoU .30.",
        "Not detected: the best of all predictions, a gear of confidence .20, reaches IoU 1.00.",
        "A crowd: a region of many objects. What is found in it is neither right nor wrong.",
        "Does not count: its confidence .200 is below the threshold .500.",
    ]


def test_a_box_names_its_partner_and_how_much_they_overlap():
    first, duplicate, confused, *_ = rows()
    assert first.partner == (0, 0, 10, 10)
    assert (duplicate.iou, duplicate.partner_class) == (0.9, BOLT)
    assert (confused.iou, confused.partner_class, confused.ground_truth) == (0.8, NUT, 1)
    assert np.isnan(rows()[4].iou)
    assert rows()[4].partner is None


@given(detections(), ious, confidences)
def test_the_boxes_of_all_images_add_up_to_the_matrix(made, iou, threshold):
    at_iou = made.at_iou(iou)
    matrix, card = at_iou.matrix(threshold), at_iou.scorecard(threshold)
    tags = [row.tag for i in range(len(made.images)) for row in at_iou.detail(i, threshold)]
    assert tags.count("TP") == card.true_positives
    assert tags.count("FP") == card.false_positives
    assert tags.count("FN") == card.not_detected
    assert tags.count("ignored") == matrix.ignored
    assert tags.count("below") == int((made.predictions.confidence < threshold).sum())
    assert tags.count("crowd") == int(made.dataset.ground_truths.crowd.sum())


@given(detections(), ious, confidences)
def test_a_false_positive_with_a_partner_that_overlaps_enough_is_explained(made, iou, threshold):
    for image in range(len(made.images)):
        for row in made.at_iou(iou).detail(image, threshold):
            if row.tag == "FP" and row.ground_truth != NOTHING and row.iou >= iou:
                assert "closest" not in row.why
