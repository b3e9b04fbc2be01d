"""The same boxes, whatever tool wrote them."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.errors import DataError
from engine.formats import READERS, read_dataset
from engine.formats.write_coco import truth_json
from tests.engine.formats.dialects import DIALECTS, NAMES, SCENE, Drawn, rows_of, table

REAL = Path(__file__).resolve().parents[5] / "shared" / "real" / "voc100"
real = pytest.mark.skipif(not REAL.is_dir(), reason="the photos are not part of the package")


@st.composite
def scenes(draw: st.DrawFn) -> Drawn:
    sizes = draw(
        st.lists(st.tuples(st.integers(8, 90), st.integers(8, 90)), min_size=1, max_size=3)
    )
    boxes = [(0, "bolt", 0, 0, 4, 5)]
    for _ in range(draw(st.integers(0, 5))):
        image = draw(st.integers(0, len(sizes) - 1))
        (width, height), class_ = sizes[image], draw(st.sampled_from(NAMES))
        left, top = draw(st.integers(0, width - 2)), draw(st.integers(0, height - 2))
        right, bottom = (draw(st.integers(a + 1, b)) for a, b in ((left, width), (top, height)))
        boxes.append((image, class_, left, top, right, bottom))
    return Drawn(tuple(sizes), tuple(boxes))


@settings(max_examples=8)
@given(scenes(), st.sampled_from(sorted(DIALECTS)))
def test_every_dialect_of_a_scene_gives_its_boxes_and_so_does_coco_made_from_it(scene, dialect):
    with TemporaryDirectory() as place:
        dataset = read_dataset(DIALECTS[dialect][1](Path(place) / "data", scene))
        expected = sorted((image, class_, *map(float, box)) for image, class_, *box in scene.boxes)
        assert rows_of(dataset) == expected
        (converted := Path(place) / "truth.json").write_bytes(truth_json(dataset))
        assert rows_of(read_dataset(converted)) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dialect_is_recognised_with_its_images_and_those_without_objects(tmp_path, dialect):
    data_format, write = DIALECTS[dialect]
    path = write(tmp_path / "data", SCENE)
    dataset = read_dataset(path)
    assert rows_of(dataset) == rows_of(read_dataset(path, data_format=data_format))
    by_rows = dialect in ("TensorFlow", "Open Images")  # which cannot name an empty image
    assert len(dataset.images) == (2 if by_rows else 3)
    assert dataset.images.missing == 0
    assert sorted(dataset.classes) == sorted(NAMES)
    assert dataset.warnings == ()
    assert next(name for name, r in READERS.items() if r.recognises(path)) == data_format


@pytest.mark.parametrize("dialect", DIALECTS)
def test_files_may_be_called_in_upper_case(tmp_path, dialect):
    path = DIALECTS[dialect][1](tmp_path / "data", SCENE)
    for file in sorted(tmp_path.rglob("*")):
        if file.suffix in (".txt", ".json", ".xml", ".csv", ".yaml") and file.stem != "valid":
            changed = file.rename(file.with_suffix(file.suffix.upper()))
            path = changed if file == path else path
    assert rows_of(read_dataset(path)) == sorted(
        (image, class_, *map(float, box)) for image, class_, *box in SCENE.boxes
    )


def test_what_no_reader_knows_lists_what_was_looked_for(tmp_path):
    with pytest.raises(
        DataError, match=r"Looked for: .*COCO ground truth.*YOLO labels.*Pascal VOC"
    ):
        read_dataset(table(tmp_path / "odd.csv", [["a", "b"], [1, 2]]))


def test_a_folder_stands_for_the_one_file_in_it_and_of_several_one_is_to_be_named(tmp_path):
    known = read_dataset(DIALECTS["VOC"][1](tmp_path / "voc", SCENE))
    (folder := tmp_path / "coco").mkdir()
    (folder / "instances.json").write_bytes(truth_json(known))
    assert rows_of(read_dataset(folder)) == rows_of(known)
    (folder / "a.csv").write_text("a,b\n")
    with pytest.raises(DataError, match=r"name one of the files in it: a\.csv, instances\.json"):
        read_dataset(folder)


def rounded(dataset):
    return sorted(
        tuple(round(x) if isinstance(x, float) else x for x in row) for row in truths(dataset)
    )


def truths(dataset):
    found = dataset.ground_truths
    names = [Path(name).stem for name in dataset.images.name]
    for image, class_, box in zip(found.image, found.class_, found.box.tolist(), strict=True):
        yield (names[image], dataset.classes[class_], *box)


@real
@pytest.mark.parametrize(
    "folder",
    [
        "coco_format_v2/instances_v2.json",
        "cvat_format",
        "imagenet_format",
        "labelme_format",
        "openimages_format",
        "pascalvoc_format",
        "yolo_format",
    ],
)
def test_the_dialects_of_a_hundred_photos_give_the_same_273_boxes(folder):
    known = read_dataset(REAL / "gts" / "coco_format_v1" / "instances_default.json")
    dataset = read_dataset(REAL / "gts" / folder, REAL / "images")
    assert len(dataset.ground_truths) == 273
    assert rounded(dataset) == rounded(known)
    assert dataset.images.missing == 0
