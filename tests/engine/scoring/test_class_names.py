from hypothesis import given
from hypothesis import strategies as st

from engine.arrays import NOTHING
from engine.scoring.class_names import class_mapping

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
    mapping = class_mapping(["0", "1"], ["bolt", "nut"], {})
    assert mapping.to_dataset.tolist() == [0, 1]
    assert "order of the dataset" in mapping.sentence
    assert class_mapping(["0", "1"], ["bolt"], {}).to_dataset.tolist() == [NOTHING, NOTHING]
