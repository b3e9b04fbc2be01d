import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch.encoders import as_json, image_id
from engine.batch.inputs import InputError
from engine.batch.job import check_places
from engine.batch.wanted import format_of
from engine.cards.binding import bound_to
from engine.cards.operating_point import SavedPoint, applied
from tests.engine.batch.making import job
from tests.engine.scoring.making import NAMES


def test_places_that_cannot_be_written_are_told_before_any_work(scorer, folder, out):
    refusals = {
        "no such folder for the output": {"out": out / "no" / "o.csv"},
        "is a folder; name a file in it": {"out": out},
        "lies among the images": {"out": out / "o", "draw": folder / "drawn"},
        "is not empty: --force writes into it": {"out": out / "o", "draw": folder.parent},
    }
    for words, places in refusals.items():
        made = job(scorer, places["out"], folder, draw=places.get("draw"))
        with pytest.raises(InputError, match=words):
            check_places(made.request)


def test_the_suffix_of_the_output_decides_its_format():
    known = {"o.json": "coco", "a.b.CSV": "csv", "o.ndjson": "jsonl", "o.pq": "parquet"}
    assert {name: format_of(name) for name in known} == known
    assert format_of("-") == "jsonl"
    with pytest.raises(InputError, match=r"o\.xml: name a file that ends in \.json, \.csv"):
        format_of("o.xml")


def test_an_image_is_called_by_its_number_where_its_name_is_one():
    assert image_id("val/000000000139.jpg") == 139
    assert image_id("val/a1.jpg") == "val/a1.jpg"
    assert image_id("0000.jpg") == "0000.jpg"  # which a ground truth may call 1


@given(st.text())
@settings(max_examples=50)
def test_json_brings_any_file_name_back(name):
    path = os.fsdecode(name.encode("utf-8", "surrogatepass"))
    assert json.loads(as_json({"image": path})) == {"image": path}


def test_a_saved_point_finds_the_models_classes_by_name(scorer):
    bound = {"classes": bound_to(scorer.card)["classes"]}
    point = SavedPoint(0.4, {"NUT": 0.25, "gone": 0.9}, made_with=bound)
    made = applied(point, scorer.model, scorer.digest, NAMES, scorer.card)
    assert made.of_class.tolist() == [0.4, 0.25]
    assert made.notes[0] == "The operating point names classes that the model lacks: gone."
