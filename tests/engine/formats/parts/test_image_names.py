"""Images by the names that other files give them."""

from engine.core.arrays import NOTHING
from engine.formats.parts.image_names import ImageNames, stem_of


def test_only_the_suffix_of_an_image_or_a_file_beside_one_is_no_part_of_a_name():
    names = ImageNames(["a.jpg", "a.1.jpg", "b.v1.2.PNG"])
    assert names.find("a.2") == NOTHING
    assert [names.find(name) for name in ("a", "a.1", "a.1.txt", "b.v1.2", "a.jpeg")] == [
        *(0, 1, 1),
        *(2, 0),
    ]
    assert stem_of("a.jpg.txt") == "a.jpg"
    assert stem_of(".jpg") == ".jpg"


def test_composed_and_decomposed_letters_are_the_same():
    names = ImageNames(["caf\u00e9.jpg", "x/e\u0301.jpg"])
    assert names.find("cafe\u0301.jpg") == 0
    assert names.find("\u00e9") == 1
