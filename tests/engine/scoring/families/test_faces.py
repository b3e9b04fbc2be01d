"""Detectors of faces, known by the shapes of their many outputs, and what is taken for none."""

import numpy as np
import pytest

from engine.cards.known import known_of
from engine.cards.written import write_card
from engine.core.errors import CardError, ModelError
from engine.scoring.card import card_beside
from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from tests.engine.scoring.graphs import Out, graph

SIZE = (96, 128)  # height, width: 4:3
PHOTO = (128, 96)
CONFIDENCE = 0.9


def grids(numbers, anchors=1, strides=(8, 16, 32)):
    return [
        np.zeros((1, (SIZE[0] // stride) * (SIZE[1] // stride) * anchors, numbers))
        for stride in strides
    ]


def scrfd(points=True, batched=True):
    """A face at 40, 24 to 72, 56: cell 3, 3 of stride 16, its second anchor."""
    parts = [*grids(1, 2), *grids(4, 2), *(grids(10, 2) if points else ())]
    row = (3 * 8 + 3) * 2 + 1
    parts[1][0, row] = CONFIDENCE
    parts[4][0, row] = [0.5, 1.5, 1.5, 0.5]
    names = [str(448 + index) for index in range(len(parts))]
    return {
        name: Out(part if batched else part[0], batched=batched)
        for name, part in zip(names, parts, strict=True)
    }


def ultraface():
    anchors = 12 * 16 * 3 + 6 * 8 * 2 + 3 * 4 * 2 + 2 * 2 * 3
    scores = np.tile([1.0, 0.0], (1, anchors, 1))
    scores[0, 7] = [1 - CONFIDENCE, CONFIDENCE]
    boxes = np.zeros((1, anchors, 4))
    boxes[0, 7] = np.array([40, 24, 72, 56]) / [128, 96, 128, 96]
    return {"scores": Out(scores), "boxes": Out(boxes)}


def centerface():
    heat, sides = np.zeros((1, 1, 24, 32)), np.zeros((1, 2, 24, 32))
    offsets, points = np.zeros((1, 2, 24, 32)), np.zeros((1, 10, 24, 32))
    heat[0, 0, 10, 14] = CONFIDENCE  # the middle is 40, 56
    sides[0, :, 10, 14] = np.log(32 / 4)
    offsets[0, :, 10, 14] = [40 / 4 - 10.5, 56 / 4 - 14.5]
    return {
        name: Out(part)
        for name, part in zip(
            ("537", "538", "539", "540"), (heat, sides, offsets, points), strict=True
        )
    }


def yunet():
    parts = {"cls": grids(1), "obj": grids(1), "bbox": grids(4), "kps": grids(10)}
    row = 2 * 8 + 3  # of stride 16
    parts["cls"][1][0, row], parts["obj"][1][0, row] = CONFIDENCE, CONFIDENCE
    parts["bbox"][1][0, row] = [0.5, 0.5, np.log(2), np.log(2)]
    return {
        f"{part}_{stride}": Out(table)
        for part, tables in parts.items()
        for stride, table in zip((8, 16, 32), tables, strict=True)
    }


FACES = {
    "scrfd with points": (scrfd(), "scrfd", "RGB 0 to 255, normalised, letterbox-topleft", ()),
    "scrfd": (scrfd(points=False), "scrfd", "RGB 0 to 255, normalised, letterbox-topleft", ()),
    "scrfd without a batch axis": (scrfd(batched=False), "scrfd", "letterbox-topleft", ()),
    "ultraface": (ultraface(), "ultraface", "RGB 0 to 255, normalised, stretch", ()),
    "centerface": (centerface(), "centerface", "RGB 0 to 255, stretch", ("resize",)),
    "yunet": (yunet(), "yunet", "BGR 0 to 255, letterbox-topleft", ("resize",)),
}


def made(folder, outputs, **others):
    return graph(folder / "model.onnx", outputs, **{"shape": [1, 3, *SIZE], **others})


@pytest.mark.parametrize("name", FACES)
def test_a_face_is_found_where_it_is(name, tmp_path, photos, store):
    outputs, family, fed, assumed = FACES[name]
    scorer = open_scorer(made(tmp_path, outputs))
    provenance = scorer.card.provenance
    assert (provenance.family, provenance.confidence) == (family, "likely")
    assert scorer.class_names == ("face",)
    assert fed in scorer.preprocessing
    assert tuple(asked.about for asked in scorer.open_questions) == assumed
    images = photos(PHOTO)
    list(score(scorer, images, store))
    found = predictions(scorer, images, store, ("face",)).predictions
    assert found.confidence == pytest.approx([CONFIDENCE])
    assert found.box == pytest.approx(np.array([[40, 24, 32, 32]]), abs=1e-3)


def test_the_points_of_a_face_are_left_out_in_words(tmp_path):
    told = "Only the model's boxes are read. Left out: five points a face."
    assert told in open_scorer(made(tmp_path, scrfd())).notes
    assert told not in open_scorer(made(tmp_path, scrfd(points=False))).notes


def test_the_order_of_outputs_says_nothing_where_their_shapes_do(tmp_path):
    there = scrfd()
    forward = open_scorer(made(tmp_path, there)).card.output.grids
    backward = open_scorer(made(tmp_path, dict(reversed(there.items())))).card.output.grids
    assert forward == backward == ("448", "449", "450", "451", "452", "453")


def test_scrfd_of_any_size_is_fed_the_one_that_insightface_takes(tmp_path):
    names = list(scrfd())
    tables = [
        np.zeros((640 // stride * 640 // stride * 2, numbers))
        for numbers in (1, 4, 10)
        for stride in (8, 16, 32)
    ]
    outputs = {name: Out(table, batched=False) for name, table in zip(names, tables, strict=True)}
    scorer = open_scorer(made(tmp_path, outputs, shape=[1, 3, "h", "w"]))
    assert scorer.card.input.size == (640, 640)


@pytest.mark.parametrize("name", ["scrfd with points", "ultraface", "centerface", "yunet"])
def test_numbers_that_are_no_confidences_are_no_faces(name, tmp_path):
    outputs = {key: Out(out.table + 3, batched=out.batched) for key, out in FACES[name][0].items()}
    with pytest.raises(ModelError):
        open_scorer(made(tmp_path, outputs))


@pytest.mark.parametrize("name", ["scrfd with points", "centerface", "yunet"])
def test_maps_that_do_not_fit_the_input_are_no_faces(name, tmp_path):
    with pytest.raises(ModelError, match="of no kind that can be recognised"):
        open_scorer(made(tmp_path, FACES[name][0], shape=[1, 3, 192, 256]))


def test_centerface_as_it_is_published_is_refused_with_a_way_out(tmp_path):
    outputs = {
        name: Out(part.table[:, :, :8, :8] * 0, declared=[1, part.table.shape[1], 8, 8])
        for name, part in centerface().items()
    }
    model = made(tmp_path, outputs, shape=[1, 3, 32, 32])
    for read in (open_scorer, known_of):  # nor is a layout offered
        with pytest.raises(ModelError, match="only OpenCV overrides"):
            read(model)


@pytest.mark.parametrize("name", FACES)
def test_a_card_may_name_the_decoder_alone(name, tmp_path):
    outputs, family, _, _ = FACES[name]
    decoder = {"ultraface": "ssd"}.get(family, family)
    model = made(tmp_path, outputs)
    card_beside(model).write_text(f'[output]\ndecoder = "{decoder}"\n')
    scorer = open_scorer(model)
    assert scorer.card.output.decoder == decoder
    assert len(scorer.class_names) == 1


@pytest.mark.parametrize("name", FACES)
def test_a_card_that_is_written_reads_the_same(name, tmp_path):
    model = made(tmp_path, FACES[name][0])
    known = known_of(model)
    while known.missing:
        known = known.answered(known.missing[0].assumed.values)
    write_card(known)
    again = open_scorer(model)
    assert (again.card.output, again.card.input) == (known.card.output, known.card.input)
    assert (again.class_names, again.open_questions) == (("face",), ())


def test_a_card_may_not_name_an_output_that_is_not_there(tmp_path):
    model = made(tmp_path, yunet())
    card_beside(model).write_text('[output]\ndecoder = "yunet"\ngrids = ["cls_8", "cls_9"]\n')
    with pytest.raises(CardError, match=r"output.grids has 'cls_9': the model has cls_8"):
        open_scorer(model)


@pytest.mark.parametrize("decoder", ["scrfd", "yunet", "centerface", "yolo-fastestv2"])
def test_outputs_of_another_model_are_refused(decoder, tmp_path):
    outputs = ultraface()
    model = made(tmp_path, outputs)
    card_beside(model).write_text(f'[output]\ndecoder = "{decoder}"\n')
    with pytest.raises(ModelError, match=f"decoder '{decoder}' expects"):
        open_scorer(model)
