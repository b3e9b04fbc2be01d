"""Looks that were chosen in a terminal are kept for it, and what nobody chose is asked."""

import json
import os
from contextlib import contextmanager

import pytest

from tui.application.looks import (
    keep_looks,
    looks_file,
    looks_in,
    read_looks,
    terminal_name,
    with_looks,
)
from tui.application.settings import Looks, config_file, read_settings
from tui.commands.launch import on_terminal, take_colours
from tui.terminal import probe as terminal_probe
from tui.terminal import textual_patches
from tui.terminal.capabilities import Graphics, TerminalAnswers

KITTY = Graphics(
    "kitty", answers=TerminalAnswers("kitty(0.41.1)", kitty=True, sixel=True, complete=True)
)


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    for name in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    for name in ("NO_COLOR", "TEXTUAL_COLOR_SYSTEM"):
        monkeypatch.delenv(name, raising=False)


def config(text: str) -> None:
    config_file().parent.mkdir(parents=True)
    config_file().write_text(text)


def test_a_choice_is_used_the_next_time_and_only_in_such_a_terminal():
    keep_looks("kitty", Looks(pictures="cells", colour="256", ascii=True))
    assert read_looks("kitty") == (Looks("cells", "256", True), "")
    assert read_looks("xterm") == (Looks(), "")
    worn, looks = with_looks(KITTY, Looks(), "kitty")
    assert (worn.protocol, worn.ascii, worn.terminal) == ("cells", True, "kitty")
    assert looks.colour == "256"
    worn, _ = with_looks(KITTY, Looks(), "xterm")
    assert (worn.protocol, worn.ascii) == ("kitty", False)


def test_what_is_given_now_wins_and_leaves_what_it_does_not_say():
    keep_looks("kitty", Looks(pictures="cells", colour="256"))
    keep_looks("kitty", Looks(pictures="off"))
    assert read_looks("kitty")[0] == Looks("off", "256")
    worn, looks = with_looks(KITTY, Looks(pictures="sixel"), "kitty")
    assert (worn.protocol, looks.colour) == ("sixel", "256")


def test_auto_and_no_ascii_forget():
    keep_looks("kitty", Looks("cells", "256", True, "nord"))
    keep_looks("kitty", Looks("auto", "auto", False))
    assert read_looks("kitty")[0] == Looks(theme="nord")
    keep_looks("kitty", Looks(theme="auto"))
    assert read_looks("kitty")[0] == Looks()
    assert with_looks(KITTY, Looks(pictures="auto"), "kitty")[0].protocol == "kitty"


def test_nothing_chosen_writes_nothing():
    keep_looks("kitty", Looks())
    keep_looks("", Looks(pictures="cells"))
    assert not looks_file().exists()


def test_the_config_file_speaks_where_no_choice_was_kept():
    config('pictures = "sixel"\ncolor = "16"\nascii = true\ntheme = "nord"\n[keys]\n')
    settings = read_settings()
    assert settings.problems == ()
    assert settings.looks == Looks("sixel", "16", True, "nord")
    keep_looks("kitty", Looks(pictures="cells"))
    assert looks_in("kitty", Looks(colour="256")) == Looks("cells", "256", True, "nord")
    assert looks_in("kitty", Looks(pictures="auto", ascii=False)) == Looks(
        "auto", "16", False, "nord"
    )


def test_what_the_config_file_cannot_mean_is_said():
    config('pictures = "jpeg"\nascii = "yes"\nfont = "mono"\n')
    first, second, third = read_settings().problems
    assert "pictures has to be one of auto, kitty, sixel, iterm, cells, off." in first
    assert "ascii has to be true or false." in second
    assert "no setting is called 'font'" in third
    assert read_settings().looks == Looks()


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"kitty": 3}', b"\xff"])
def test_a_file_that_nobody_can_read_is_said_and_written_anew(content):
    looks_file().parent.mkdir(parents=True)
    looks_file().write_bytes(content)
    looks, problem = read_looks("kitty")
    assert looks == Looks()
    assert str(looks_file()) in problem
    keep_looks("kitty", Looks(pictures="cells"))
    assert read_looks("kitty") == (Looks("cells"), "")


def test_a_choice_of_a_later_version_is_left_alone():
    looks_file().parent.mkdir(parents=True)
    looks_file().write_text(json.dumps({"kitty": {"pictures": "hologram", "depth": 3}}))
    assert read_looks("kitty") == (Looks(), "")
    keep_looks("kitty", Looks(ascii=True))
    written = json.loads(looks_file().read_text())
    assert written == {"kitty": {"pictures": "hologram", "depth": 3, "ascii": True}}


def test_the_environment_says_more_of_colours_than_what_was_kept(monkeypatch):
    keep_looks("kitty", Looks(colour="256"))
    monkeypatch.setenv("NO_COLOR", "1")
    assert looks_in("kitty", Looks()).colour == ""
    assert looks_in("kitty", Looks(colour="16")).colour == "16"


def test_colours_are_those_chosen_else_those_the_terminal_has(monkeypatch):
    taken = []
    monkeypatch.setattr(textual_patches, "use_colours", taken.append)
    take_colours("16", KITTY)
    take_colours("", KITTY)
    take_colours("", Graphics(truecolor=True))
    assert taken == ["standard", "truecolor"]
    monkeypatch.setenv("NO_COLOR", "1")
    take_colours("256", KITTY)
    assert "NO_COLOR" not in os.environ
    take_colours("none", KITTY)
    assert os.environ["NO_COLOR"] == "1"


def test_a_terminal_is_known_by_its_name_without_the_version():
    assert terminal_name(KITTY, {}) == "kitty"
    named = {"xterm": "XTerm(398)", "WezTerm": "WezTerm 20240203"}
    for name, said in named.items():
        assert terminal_name(Graphics(answers=TerminalAnswers(said)), {}).lower() == name.lower()
    assert terminal_name(Graphics(), {"TERM": "xterm-256color"}) == "xterm-256color"
    inside = Graphics(tmux=True, around="kitty(0.41.1)|RGB", answers=TerminalAnswers("tmux 3.5a"))
    assert terminal_name(inside, {"TERM": "tmux-256color"}) == "tmux in kitty"


def test_placeholders_are_no_ascii_so_the_next_best_is_taken():
    assert with_looks(KITTY, Looks(ascii=True), "kitty")[0].protocol == "sixel"
    assert with_looks(KITTY, Looks(pictures="kitty", ascii=True), "kitty")[0].protocol == "cells"


def test_the_command_wears_keeps_and_forgets(monkeypatch):
    @contextmanager
    def asking():
        yield lambda: KITTY

    monkeypatch.setattr(terminal_probe, "asking", asking)
    monkeypatch.setattr("gc.disable", lambda: None)  # the app turns it on again
    worn = []
    for chosen in (Looks(pictures="cells"), Looks(), Looks(pictures="auto"), Looks()):
        on_terminal(chosen, lambda graphics: worn.append(graphics) or 0)
    assert [graphics.protocol for graphics in worn] == ["cells", "cells", "kitty", "kitty"]
    assert {graphics.terminal for graphics in worn} == {"kitty"}
    with pytest.raises(SystemExit, match="3"):
        on_terminal(Looks(), lambda graphics: 3)
