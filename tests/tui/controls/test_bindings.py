"""Keys that several widgets have."""

from textual.binding import BindingsMap

from tui.controls.bindings import walking


def test_walking_keys_have_ids_of_their_pane_and_say_how_far_they_go():
    bound = BindingsMap(walking("table", columns=5)).key_to_bindings
    (left,), (far,) = bound["h"], bound["H"]
    assert (left.action, left.id, left.show) == ("move(0,-1)", "table.left", False)
    assert (far.action, far.description, far.id) == ("move(0,-5)", "5 left", "table.left_5")
    assert len({one.id for each in bound.values() for one in each}) == 8
