"""Class names where the room is short."""

from tui.drawing.names import lines_for, pair, stack


def test_a_heading_of_two_words_takes_a_second_line_before_they_run_into_each_other():
    assert lines_for(("Not detected",), 11, 3) == 2
    assert stack("Not detected", 11, 2) == ("        Not", "   detected")
    assert stack("Not detected", 11, 1) == ("Not detect…",)


def test_the_names_of_a_confusion_share_the_room():
    assert pair("truck", "car", 20) == "truck → car"
    assert pair("class_0220_long", "class_0303_long", 27) == "class_0220_… → class_0303_…"
    assert pair("a_very_long_name", "car", 15) == "a_very_l… → car"
    assert pair("car", "a_very_long_name", 15) == "car → a_very_l…"
