import re

from PIL import Image

from tui.terminal import kitty


def shown_by(written: str) -> list[tuple[int, int] | None]:
    """The row and column of the image that kitty shows in each cell, by its protocol's rules."""
    cells: list[tuple[int, int] | None] = []
    for text in re.sub(r"\x1b\[[0-9;]*m", "", written):
        if text == kitty.PLACEHOLDER:
            left, said = (cells[-1] if cells else None), 0
            cells.append((left[0], left[1] + 1) if left else (0, 0))
        elif text in kitty.MARKS:
            row, _ = cells[-1] or (0, 0)
            cells[-1] = (row, kitty.MARKS.index(text)) if said else (kitty.MARKS.index(text), 0)
            said += 1
        else:
            cells.append(None)
    return cells


def test_kitty_numbers_every_row_and_column_and_sends_whole_commands():
    assert kitty.LONGEST == 297
    image = Image.effect_noise((200, 200), 90).quantize(128)
    pieces = kitty.upload(image, 0x010203, 20, 10, tmux=False)
    assert all(piece.startswith("\x1b_G") and piece.endswith("\x1b\\") for piece in pieces)
    assert max(map(len, pieces)) <= kitty.PIECE
    assert "a=p,i=66051,U=1,c=20,r=10" in pieces[-1]
    row = kitty.placeholders(0x010203, 3, 0, 20)
    assert row.startswith("\x1b[38;2;1;2;3m")
    assert shown_by(row) == [(3, column) for column in range(20)]
    label = "label"
    rest = kitty.placeholders(0x010203, 3, 25, 30)
    assert shown_by(row + label + rest)[20 + len(label) :] == [(3, c) for c in range(25, 30)]
    assert kitty.placeholders(0x010203, 3, 4, 4) == ""
    assert "\x1bPtmux;\x1b\x1b_G" in kitty.upload(image, 1, 2, 2, tmux=True)[0]
