import pytest
from textual.app import App
from textual.widgets import Static

from engine.core.explanation import Explanation
from tui.controls.explain_box import ExplainBox

TOLD = Explanation(
    "Precision of [b]bolt[/b]",
    "Of the predictions, the share that found an object [of their class].",
    "TP / (TP + FP)",
    "TP / (TP + FP) = 918 / (918 + 206) = .817",
    "IoU .50 · confidence .412 · class-first",
)


@pytest.mark.parametrize(("key", "size"), [("escape", (80, 24)), ("x", (40, 8))])
async def test_it_says_everything_and_closes(key, size):
    app = App()
    async with app.run_test(size=size) as pilot:
        box = ExplainBox(TOLD)
        await app.push_screen(box)
        await pilot.pause()
        said = [str(line.render()) for line in box.query(Static)]
        for text in (TOLD.what, TOLD.formula, TOLD.filled, TOLD.made_at):
            assert text in said
        assert box.query_one("VerticalScroll").border_title == r"Precision of \[b]bolt\[/b]"
        await pilot.press(key)
        await pilot.pause()
        assert app.screen is not box
