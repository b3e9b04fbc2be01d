"""Keys of one's own: what a config file can name, and what is wrong with it."""

from tests.opening import confused, opened, opener_of
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE
from tui.app import OffdiagApp
from tui.application.keymap import key_problems, known_bindings
from tui.application.settings import Settings, read_settings


async def test_unknown_ids_and_clashes_are_said_in_sentences():
    keys = {"tab.nowhere": "x", "matrix.row": "c"}
    app = OffdiagApp(opener_of(opened(confused())), settings=Settings(keys))
    async with app.run_test(size=SIZE) as pilot:
        await settled(pilot)
        await until(pilot, lambda: len(app._notifications) == 2)
        told = sorted(note.message for note in app._notifications)
    assert told == [
        "'c' is both matrix.row and matrix.column (Show the images of the whole column) "
        "in config.toml.",
        "Nothing is called 'tab.nowhere' in config.toml; `offdiag keys` lists what there is.",
    ]


def test_two_that_change_places_do_not_clash_and_the_app_clashes_with_all():
    assert key_problems({"matrix.row": "c", "matrix.column": "r"}) == []
    assert key_problems({"matrix.row": "q"}) == [
        "'q' is both matrix.row and app.quit (Quit: what was scored is kept) in config.toml."
    ]
    assert key_problems({"app.theme": "?"}) != []  # as a person types it


def test_what_keys_lists_is_a_config_without_problems(tmp_path):
    known = known_bindings()
    assert {"app.quit", "matrix.open", "feed.open", "confidence.up"} <= {each.id for each in known}
    path = tmp_path / "config.toml"
    path.write_text("[keys]\n" + "\n".join(f'"{each.id}" = "{each.keys}"' for each in known[:9]))
    settings = read_settings(path)
    assert settings.problems == ()
    assert settings.keys == {each.id: each.keys for each in known[:9]}
