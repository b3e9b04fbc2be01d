"""Ids beyond what a number with a fraction can tell apart."""

import json

import pytest

from engine.core.errors import DataError
from engine.formats import read_dataset, read_predictions
from tests.engine.formats.making import RESULT, TRUTH

LARGE = 2**53
IMAGES = [{"id": LARGE + n, "file_name": f"{n}.jpg", "width": 99, "height": 99} for n in (0, 1)]


def written(path, content, id_, with_fraction):
    """The JSON of a file; with a fraction an id is written as pandas writes it."""
    text = json.dumps(content)
    path.write_text(text.replace(id_, f"{id_[:-1]}.0{id_[-1]}") if with_fraction else text)
    return path


def truth(folder, id_="no id"):
    objects = [{**TRUTH, "id": n, "image_id": LARGE + n} for n in (0, 1)]
    kinds = [{"id": 3, "name": "bolt"}]
    content = {"images": IMAGES, "annotations": objects, "categories": kinds}
    return written(folder / "truth.json", content, id_, id_ != "no id")


@pytest.mark.parametrize("place", ["id", "image_id"])
def test_two_ids_that_would_be_one_are_refused_in_ground_truth(tmp_path, place):
    assert read_dataset(truth(tmp_path)).ground_truths.image.tolist() == [0, 1]
    with pytest.raises(DataError, match=r"the id 9007199254740992\.0 is written with a fraction"):
        read_dataset(truth(tmp_path, f'"{place}": {LARGE + 1},'))


def test_two_ids_that_would_be_one_are_refused_in_results(tmp_path):
    dataset = read_dataset(truth(tmp_path))
    rows = [{**RESULT, "image_id": LARGE + n} for n in (0, 1)]
    for with_fraction in (False, True):
        path = written(tmp_path / "found.json", rows, f"{LARGE + 1},", with_fraction)
        if with_fraction:
            with pytest.raises(DataError, match="write ids as whole numbers or as text"):
                read_predictions(path, dataset)
        else:
            assert read_predictions(path, dataset)[0].image.tolist() == [0, 1]
