from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.arrays import NOTHING
from engine.core.errors import ModelError
from engine.scoring.card import ClassesCard, ModelCard
from engine.scoring.model.class_names import class_mapping, refuse_ambiguous
from engine.scoring.model.coco_names import COCO_IDS, COCO_NAMES

WORDS = st.lists(
    st.text("abc", min_size=1, max_size=6), min_size=1, max_size=8, unique_by=str.casefold
)


@given(WORDS, st.randoms())
def test_the_same_names_in_any_order_find_each_other(names, random):
    shuffled = names.copy()
    random.shuffle(shuffled)
    mapping = class_mapping(names, shuffled, {})
    assert [shuffled[index] for index in mapping.to_dataset] == names
    assert mapping.without_dataset == mapping.without_model == ()


def test_the_card_comes_before_the_name_and_the_name_before_its_letters():
    model = ["tv", "dining table", "Hot-Dog", "sofa", "unicorn"]
    dataset = ["TV", "tv", "dining_table", "hot dog", "couch", "sofa", "cat"]
    mapping = class_mapping(model, dataset, {"sofa": "couch"})
    assert mapping.to_dataset.tolist() == [1, 2, 3, 4, NOTHING]
    assert mapping.without_dataset == ("unicorn",)
    assert mapping.without_model == ("TV", "sofa", "cat")
    assert "unicorn" in mapping.sentence
    assert "TV, sofa, cat" in mapping.sentence


def test_letters_that_two_classes_share_decide_nothing():
    assert class_mapping(["T V"], ["tv", "TV"], {}).to_dataset.tolist() == [NOTHING]


def test_a_card_that_names_a_class_the_dataset_lacks_leaves_it_out():
    mapping = class_mapping(["bolt"], ["bolt"], {"bolt": "Bolzen"})
    assert mapping.without_dataset == ("bolt",)


def test_a_model_without_names_takes_the_order_of_the_dataset_and_says_so():
    mapping = class_mapping(None, ["bolt", "nut"], {}, count=2)
    assert mapping.to_dataset.tolist() == [0, 1]
    assert "order of the dataset" in mapping.sentence
    assert class_mapping(None, ["bolt"], {}, count=2).to_dataset.tolist() == [NOTHING, NOTHING]


def test_a_match_by_letters_alone_is_said_and_to_be_checked():
    mapping = class_mapping(["Hot Dog", "nut"], ["hot_dog", "nut"], {})
    assert mapping.to_dataset.tolist() == [0, 1]
    assert "'Hot Dog' is 'hot_dog'" in mapping.sentence
    assert mapping.to_check
    assert not class_mapping(["hot_dog", "nut"], ["nut", "hot_dog"], {}).to_check


@given(st.lists(st.sampled_from(COCO_NAMES), min_size=1, max_size=79, unique=True))
def test_an_unnamed_model_of_80_classes_knows_any_part_of_coco_in_its_usual_order(dataset):
    mapping = class_mapping(None, dataset, {}, count=80)
    assert [mapping.to_dataset[COCO_NAMES.index(name)] for name in dataset] == list(
        range(len(dataset))
    )
    assert "COCO's 80" in mapping.sentence
    assert mapping.to_check


def test_coco_ids_have_gaps_and_may_begin_at_0_or_1():
    assert (len(COCO_IDS), COCO_IDS[0], COCO_IDS[-1]) == (80, 1, 90)
    assert dict(zip(COCO_IDS, COCO_NAMES, strict=True))[13] == "stop sign"
    dataset = ["toothbrush", "stop sign"]
    # RF-DETR's slots are the ids themselves; torchvision's labels become ids less one.
    slots = class_mapping(None, dataset, {}, count=91, first_coco_id=0)
    assert (slots.to_dataset[90], slots.to_dataset[13], slots.to_dataset[12]) == (0, 1, NOTHING)
    labels = class_mapping(None, dataset, {}, first_coco_id=1, seen=90)
    assert (labels.to_dataset[89], labels.to_dataset[12], labels.to_dataset[11]) == (0, 1, NOTHING)
    assert "COCO's ids" in labels.sentence


def test_all_of_coco_is_numbered_by_id_even_where_few_classes_were_seen():
    mapping = class_mapping(None, COCO_NAMES, {}, first_coco_id=1, seen=20)
    assert mapping.to_dataset[12] == COCO_NAMES.index("stop sign")


def test_a_model_that_does_not_show_its_classes_takes_the_order_of_enough_classes():
    mapping = class_mapping(None, ["bolt", "nut"], {}, seen=2)
    assert mapping.to_dataset.tolist() == [0, 1]
    assert "shown 2 of them; the dataset has 2" in mapping.sentence
    assert mapping.to_check
    too_many = class_mapping(None, ["bolt", "nut"], {}, seen=3)
    assert too_many.to_dataset.tolist() == [NOTHING] * 3
    assert "list the names under [classes]" in too_many.sentence


def test_pascal_vocs_spelling_of_a_class_is_cocos_too():
    mapping = class_mapping(None, ["aeroplane", "tvmonitor", "person"], {}, count=80)
    assert mapping.to_dataset[[4, 62, 0]].tolist() == [0, 1, 2]
    assert mapping.to_check


def test_a_card_may_name_the_numbers_of_an_unnamed_model():
    mapping = class_mapping(None, ["bolt", "nut"], {"0": "nut", "1": "bolt"}, count=2)
    assert mapping.to_dataset.tolist() == [1, 0]


@given(st.permutations([str(index) for index in range(12)]))
def test_names_that_are_numbers_are_names_in_any_order(dataset):
    names = [str(index) for index in range(12)]
    mapping = class_mapping(names, dataset, {})
    assert [dataset[index] for index in mapping.to_dataset] == names
    assert not mapping.to_check


@given(st.permutations([str(index) for index in range(12)]))
def test_a_nameless_model_takes_the_order_of_a_dataset_whose_names_are_numbers(dataset):
    assert class_mapping(None, dataset, {}, count=12).to_dataset.tolist() == list(range(12))


def test_which_order_is_taken_is_said_where_text_and_people_count_otherwise():
    as_text = sorted(str(index) for index in range(12))
    said = class_mapping(None, as_text, {}, count=12).sentence
    assert "in the order of the dataset, sorted as text (0, 1, 10, 11, 2 and 7 more), not" in said
    as_numbers = [str(index) for index in range(12)]
    said = class_mapping(None, as_numbers, {}, count=12).sentence
    assert "sorted as numbers (0, 1, 2, 3, 4 and 7 more), not sorted as text" in said
    assert class_mapping(None, ["bolt", "nut"], {}, count=2).sentence.endswith("of the dataset.")


def test_synonyms_are_mapped_and_said_unless_they_are_kept_apart():
    darknet = ["motorbike", "aeroplane", "sofa", "tvmonitor", "diningtable", "pottedplant"]
    coco = ["motorcycle", "airplane", "couch", "tv", "dining table", "potted plant"]
    for model, dataset in ((darknet, coco), (coco, darknet)):
        mapping = class_mapping(model, dataset, {})
        assert mapping.to_dataset.tolist() == list(range(6))
        assert f"Taken as synonyms: {model[0]} is {dataset[0]}" in mapping.sentence
        assert mapping.to_check
        apart = class_mapping(model, dataset, {}, synonyms=False)
        assert apart.to_dataset.tolist() == [NOTHING] * 4 + [4, 5]
        assert "synonym" not in apart.sentence


def test_what_the_card_renames_is_no_synonym():
    mapping = class_mapping(["sofa"], ["couch"], {"sofa": "couch"})
    assert (mapping.to_dataset.tolist(), mapping.synonyms) == ([0], "")


def test_a_name_of_two_classes_of_the_model_means_neither_of_them():
    mapping = class_mapping(["crane", "cat", "crane"], ["cat", "crane"], {})
    assert mapping.to_dataset.tolist() == [NOTHING, 0, NOTHING]
    assert mapping.ambiguous == ("crane",)
    assert class_mapping(["crane", "cat", "crane"], ["cat"], {}).ambiguous == ()


def test_equal_lists_with_a_doubled_name_are_resolved_by_index():
    names = ["crane", "cat", "crane"]
    mapping = class_mapping(names, names, {})
    assert (mapping.to_dataset.tolist(), mapping.ambiguous) == ([0, 1, 2], ())


def test_a_card_cannot_send_a_doubled_name_to_one_class():
    mapping = class_mapping(["crane", "crane"], ["bird"], {"crane": "bird"})
    assert mapping.to_dataset.tolist() == [NOTHING, NOTHING]
    assert mapping.ambiguous == ("crane",)
    with pytest.raises(ModelError, match=r"m\.onnx: crane: several classes of the model"):
        refuse_ambiguous(Path("m.onnx"), _named("crane", "crane"), ["crane"])
    refuse_ambiguous(Path("m.onnx"), _named("crane", "crane"), ["cat"])


def _named(*names):
    return ModelCard(classes=ClassesCard(names=names))
