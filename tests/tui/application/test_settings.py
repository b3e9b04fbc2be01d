import pytest

from tui.application.settings import Settings, read_settings


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[keys", "Its settings are not used."),
        ("keys = 3", "has to be a table"),
        ("[keys]\na = 3", "have to be text"),
        ("[colours]\na = 'b'", "no setting is called 'colours'"),
        ("[keys]\napp.quit = 'Q'", None),
    ],
)
def test_a_config_that_is_wrong_is_a_sentence_with_a_place(tmp_path, content, words):
    path = tmp_path / "config.toml"
    path.write_text(content)
    settings = read_settings(path)
    if words is None:
        assert settings == Settings({"app.quit": "Q"})
    else:
        assert words in settings.problems[0]
        assert str(path) in settings.problems[0]
    assert read_settings(tmp_path / "none.toml") == Settings()
