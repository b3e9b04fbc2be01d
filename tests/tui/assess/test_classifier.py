"""The flow of a classifier, driven by keys: matrix, feed, image, and back to the same cell."""

import pytest
from textual.widgets import ContentSwitcher, Footer

from engine.core.arrays import NOTHING
from engine.core.outcomes import Selection
from tests.making_classes import classification
from tests.tui.classifying import BOLT, NUT, sorter
from tests.tui.waiting import settled, until
from tests.tui.walking import SIZE, app_of, cell, words
from tui.application.commands import commands_here
from tui.controls.help import HelpScreen
from tui.controls.slider import Slider
from tui.grids.grid import MatrixGrid
from tui.image.probabilities import ProbabilityScreen
from tui.pictures.feed import Feed


async def type_confidence(pilot, digits):
    await pilot.press("full_stop", *digits, "enter")
    return await settled(pilot)


def images(screen):
    return [item.image for item in screen.query_one(Feed).view.items]


async def test_it_starts_with_every_image_answered_and_without_extra_lines():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        view = screen.query_one(MatrixGrid).view
        assert screen.query_one("#confidence", Slider).value == 0
        assert (view.row_end, view.column_end) == (None, None)
        assert view.matrix.counts[:3, :3].tolist() == [[1, 2, 0], [0, 2, 0], [1, 0, 1]]
        assert "accuracy .571  balanced .611  macro F1 .578" in words(screen, "#summary")
        assert words(screen, "#summary").startswith("top-1, no threshold; 0 goes to ")
        await until(pilot, lambda: "log loss 1.232" in words(screen, "#summary"))


async def test_a_confidence_above_0_brings_a_column_of_no_answers_and_0_takes_it_away():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        await settled(pilot)
        screen = await type_confidence(pilot, ("full_stop", "5"))
        view = screen.query_one(MatrixGrid).view
        assert (view.row_end, view.column_end) == (None, "No answer")
        assert view.matrix.counts[:3, NOTHING].tolist() == [0, 1, 0]
        await pilot.press("down", "end")
        assert cell(screen) == Selection(NUT, NOTHING)
        assert words(screen, "#cell-words") == "nut without an answer: 1 image, 50.0 % of true nut"
        await pilot.press("enter")
        await settled(pilot)
        (item,) = screen.query_one(Feed).view.items
        assert (item.image, item.verdict) == (4, "")
        await pilot.press("escape")
        screen = await type_confidence(pilot, ("0",))
        assert screen.query_one(MatrixGrid).view.column_end is None
        assert cell(screen).predicted != NOTHING


async def test_a_cell_leads_to_its_images_and_back_to_itself():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("n")
        assert cell(screen) == Selection(BOLT, NUT)
        assert words(screen, "#cell-words") == "bolt seen as nut: 2 images, 66.7 % of true bolt"
        await pilot.press("enter")
        await settled(pilot)
        feed = screen.query_one(Feed)
        assert (feed.view.total, feed.view.amount, images(screen)) == (2, "2 images", [2, 1])
        assert [item.verdict for item in feed.view.items] == ["wrong", "wrong"]
        await pilot.press("enter")
        detail = await settled(pilot, ProbabilityScreen)
        assert (detail.view.name, detail.view.detail.rank) == ("000002.jpg", 2)
        assert "Wrong: nut comes first at .900" in str(detail.query_one("#verdict").render())
        await pilot.press("right", "right")
        assert detail.view.name == "000001.jpg"
        await pilot.press("escape")
        await settled(pilot)
        assert feed.selected == 1
        await pilot.press("escape")
        await settled(pilot)
        assert screen.query_one(MatrixGrid).has_focus
        assert cell(screen) == Selection(BOLT, NUT)


async def test_a_row_a_column_and_everything_open_too():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for key, expected in (("r", {0, 1, 2}), ("c", {0, 6}), ("a", set(range(7)))):
            await pilot.press(key)
            await settled(pilot)
            assert set(images(screen)) == expected
            await pilot.press("escape")
            await settled(pilot)


async def test_the_feed_goes_through_its_orders_both_ways():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        await pilot.press("a")
        await settled(pilot)
        feed = screen.query_one(Feed)
        for order, falling in (
            ("by probability, highest first", [5, 0, 2, 1, 3, 6, 4]),
            ("by margin, widest first", [5, 2, 0, 3, 1, 6, 4]),
            ("most confident and wrong first", [2, 1, 6, 4, 3, 0, 5]),
            ("suspected label errors first", [2, 6, 1, 4, 3, 0, 5]),
        ):
            await until(pilot, lambda order=order: feed.view.order_words == order)
            assert images(screen) == falling
            await pilot.press("d")
            await until(pilot, lambda order=order: feed.view.order_words != order)
            assert set(images(screen)) == set(range(7))
            assert images(screen)[0] != falling[0]
            await pilot.press("d", "o")


async def test_suspected_label_errors_are_a_key_and_a_command_away_and_say_how_to_read_them():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        commands = [each for each in commands_here(screen) if "label errors" in each.does]
        (suspects,) = commands
        await pilot.press("E")
        await until(pilot, lambda: images(screen)[:2] == [2, 6])
        assert "Confident learning suspects 3 labels of 7" in screen.query_one(Feed).view.note
        await pilot.press("d")
        await until(pilot, lambda: "beyond doubt" in screen.query_one(Feed).view.order_words)
        assert screen.query_one(Feed).view.note == ""
        await pilot.press("escape", "a")
        await until(pilot, lambda: images(screen)[:2] == [5, 0])
        await pilot.press("escape")
        suspects.run()
        await until(pilot, lambda: images(screen)[:2] == [2, 6])


@pytest.mark.slow
async def test_what_is_asked_for_twice_is_there_twice():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        for _ in range(3):
            await pilot.press("E")
            await until(pilot, lambda: images(screen)[:2] == [2, 6])


async def test_keys_of_a_detector_do_nothing_here_and_are_not_shown():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        before = screen.wish
        await pilot.press("less_than_sign", "greater_than_sign", "comma", "R", "P")
        await settled(pilot)
        assert screen.wish == before
        assert not screen.query("#iou")
        footer = {key.description for key in screen.query_one(Footer).query("FooterKey")}
        assert "Images" in footer
        assert "IoU" not in footer
        await pilot.press("question_mark")
        shown = await settled(pilot, HelpScreen)
        does = " ".join(key.does for key in shown.lines)
        assert "Move the confidence by .05" in does
        assert "Take the next goal of the optimum" in does
        for other in ("IoU", "matching rule", "its own threshold"):
            assert other not in does


async def test_a_detector_has_no_command_for_suspected_labels():
    async with app_of().run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        titles = [command.does for command in commands_here(screen)]
        assert any("IoU" in title for title in titles)
        assert not any("label errors" in title for title in titles)
        await pilot.press("E")
        await settled(pilot)
        assert screen.query_one(ContentSwitcher).current == "matrix"


@pytest.mark.slow
async def test_an_image_without_a_file_or_a_prediction_still_says_what_is_known():
    made = classification([BOLT, NUT], [[0.2, 0.8, 0.0]], image=[1])
    async with app_of(made).run_test(size=SIZE) as pilot:
        screen = await settled(pilot)
        assert "1 image without a prediction" in words(screen, "#summary")
        await pilot.press("a")
        await settled(pilot)
        assert images(screen) == [1]
        await pilot.press("enter")
        detail = await settled(pilot, ProbabilityScreen)
        assert str(detail.query_one("#verdict").render()).startswith("Right: nut comes first")


@pytest.mark.parametrize("size", [(60, 16), (200, 60)])
@pytest.mark.slow
async def test_every_size_walks_the_flow(size):
    async with app_of(sorter()).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("n", "right_curly_bracket", "enter")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot, ProbabilityScreen)
        await pilot.press("down", "end", "g", "escape")
        await settled(pilot)


async def test_the_four_cells_of_two_classes_have_names_and_rates_at_80_columns_too():
    made = classification([0, 0, 1, 1, 1], [[0.9, 0.1], [0.3, 0.7], [0.6, 0.4], [0, 1], [0, 1]])
    async with app_of(made).run_test(size=(80, 24)) as pilot:
        screen = await settled(pilot)
        await pilot.press("right")
        assert words(screen, "#cell-words").endswith("50.0 % of true bolt · FP")
        await until(pilot, lambda: "false positives" in words(screen, "#cell-panel"))
        panel = words(screen, "#cell-panel")
        assert "positive: nut" in panel
        rates = {line.rsplit(" ", 2)[0].strip(): line.split()[-2] for line in panel.splitlines()
                 if "rate" in line}  # fmt: skip
        assert rates == {
            "TP rate, sensitivity": "66.7",
            "FN rate, miss rate": "33.3",
            "TN rate, specificity": "50.0",
            "FP rate, fall-out": "50.0",
        }


@pytest.mark.slow
async def test_help_explains_a_cell_with_its_counts_and_its_threshold():
    async with app_of(sorter()).run_test(size=SIZE) as pilot:
        await settled(pilot)
        await type_confidence(pilot, ("full_stop", "5"))
        await pilot.press("n", "question_mark")
        shown = await settled(pilot, HelpScreen)
        assert shown.about.filled == "2 / 3 = 66.7 %, 2 / 3 = 66.7 %"
        assert shown.about.made_at == "top-1 where its confidence ≥ .500"
