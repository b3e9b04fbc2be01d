"""Images of tables that are numbers: ids, names of files, or the numbers in these."""

import json

import pytest

from engine.formats import read_dataset, read_predictions
from tests.engine.formats.making import TRUTH

COUNT = 6
PADDED = [f"{n:04d}.jpg" for n in range(1, COUNT + 1)]
PLAIN = [f"{n}.jpg" for n in range(1, COUNT + 1)]
FAR, TURNED, NUMBERS = range(501, 507), range(COUNT, 0, -1), range(1, COUNT + 1)


def truth(folder, ids, names):
    """An object at another place in each image."""
    images = [{"id": id_, "file_name": n} for id_, n in zip(ids, names, strict=True)]
    objects = [
        {**TRUTH, "id": n, "image_id": id_, "category_id": 1, "bbox": [20 * n, 0, 9, 9]}
        for n, id_ in enumerate(ids)
    ]
    kinds = [{"id": 1, "name": "bolt"}]
    content = {"images": images, "annotations": objects, "categories": kinds}
    (path := folder / "truth.json").write_text(json.dumps(content))
    return path


@pytest.mark.parametrize(
    ("ids", "names", "rows", "said"),
    [
        (FAR, PADDED, NUMBERS, "numbers in its file names: 1 is 0001.jpg"),
        (FAR, PADDED, [name[:-4] for name in PADDED], ""),
        (FAR, PADDED, FAR, "images are numbers: they are the ids of the ground truth"),
        (FAR, PADDED, [f"{n}.0" for n in FAR], "they are the ids of the ground truth"),
        (TURNED, PADDED, NUMBERS, "1 is 0001.jpg; so 6 boxes lie on an object of their class"),
        (TURNED, PADDED, TURNED, "images are numbers: they are the ids of the ground truth"),
        (TURNED, PLAIN, NUMBERS, "1 is 1.jpg; so 6 boxes lie on an object of their class"),
        (TURNED, PLAIN, TURNED, "ids and names of image files: taken for ids"),
        (NUMBERS, PLAIN, NUMBERS, ""),
    ],
)
def test_numbers_find_the_images_of_their_objects(tmp_path, ids, names, rows, said):
    dataset = read_dataset(truth(tmp_path, ids, names))
    lines = [f"{row},bolt,{20 * n},0,{20 * n + 9},9,.9" for n, row in enumerate(rows)]
    head = "image_id,class,x1,y1,x2,y2,score"
    (path := tmp_path / "found.csv").write_text("\n".join([head, *lines]))
    found, notes = read_predictions(path, dataset)
    assert found.image.tolist() == list(range(COUNT))
    assert said in notes[0] if said else notes == ()


def test_numbers_find_images_of_ground_truth_without_ids(tmp_path):
    head = "image,class,x1,y1,x2,y2"
    lines = [f"{name},bolt,0,0,9,9" for name in PADDED]
    (tmp_path / "truth.csv").write_text("\n".join([head, *lines]))
    rows = [f"{n},bolt,0,0,9,9,.9" for n in NUMBERS]
    (tmp_path / "found.csv").write_text("\n".join([f"{head},score", *rows]))
    found, notes = read_predictions(tmp_path / "found.csv", read_dataset(tmp_path / "truth.csv"))
    assert (found.image.tolist(), notes) == (list(range(COUNT)), ())
