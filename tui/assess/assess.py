"""The main screen: one model on one dataset, at one operating point."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Final

import numpy as np
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.widgets import ContentSwitcher, Static
from textual.worker import Worker, WorkerState, get_current_worker

from engine.core.explanation import Explanation
from engine.core.outcomes import Selection
from engine.util.visible import visible
from tui.assess.paint.run_facts import noticed_words
from tui.assess.run_tab import RUN
from tui.controls.explain_box import ExplainBox
from tui.controls.key_line import KeyLine
from tui.controls.lines import Lines
from tui.controls.pause import Pause
from tui.controls.slider import Slider
from tui.controls.tab_bar import INPUT_ASSUMED, TabBar
from tui.controls.too_small import TooSmall
from tui.desk.assess_keys import BINDINGS
from tui.desk.assessed import Assessed, Wish
from tui.desk.desk import Desk
from tui.desk.recompute import Recompute
from tui.desk.tab import Surroundings, Tab
from tui.drawing.summaries import fitting, one_line
from tui.feed.tab import FeedTab
from tui.image.image import ImageScreen
from tui.saving.point_saver import PointSaver

QUIET: Final = 0.25  # seconds without a change before one gets ready for the next


class AssessScreen(Screen[None]):
    """Matrix, feed and facts of one assessment, all at the same operating point."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  as Textual has it
    BINDINGS: ClassVar[list[BindingType]] = BINDINGS
    PANE = "In all tabs"

    @dataclass
    class WorkedOut(Message):
        """A wish is worked out."""

        assessed: Assessed

    @dataclass
    class Summarised(Message):
        """What depends on no slider is worked out."""

        summary: Any

    def __init__(self, desk: Desk[Any], start: Assessed, around: Surroundings) -> None:
        super().__init__()
        self.desk = desk
        self.around = around
        self.recompute = Recompute(start, self.show, self.work_out)
        self.saver = PointSaver(self, desk, self.go_to_what_was_saved)
        self.quiet = Pause(self, QUIET, self.rest)
        self.summary: Any = None  # until it is worked out
        self.specs = {spec.id: spec for spec in desk.tabs}
        self.first_tab = self.feed_opened_in = desk.tabs[0].id
        self.unread = True  # what was noticed while opening
        self.behind: set[Tab] = set()  # out of sight: they follow when somebody enters them

    @property
    def wish(self) -> Wish:
        """What the person wants to see: the newest, worked out or not."""
        return self.recompute.wish

    @property
    def assessed(self) -> Assessed:
        """What is on the screen."""
        return self.recompute.assessed

    def compose(self) -> ComposeResult:
        opened, point = self.desk.opened, self.wish.point
        labels = [(spec.id, spec.key, spec.name) for spec in self.desk.tabs]
        yield TabBar(opened.answers, opened.inputs.data.name, labels, opened.left_out.words)
        yield Lines(id="summary")
        with Horizontal(id="sliders"):
            for knob in self.desk.knobs:
                yield knob.slider(point)
        yield Lines(id="noticed")
        yield Static(id="banner", markup=False)
        with ContentSwitcher(initial=self.first_tab, id="panes"):
            for spec in self.desk.tabs:
                yield spec.make(self.around)
        yield KeyLine()
        yield TooSmall()

    def on_mount(self) -> None:
        self.show_saved()
        self.show_noticed()
        self.show_notice(self.desk.start_point.notice)
        self.show(self.assessed, self.assessed)
        self.query_one(self.specs[self.first_tab].focus).focus()
        self.summarise()

    def show_noticed(self) -> None:
        """What was noticed while opening, in one line until the tab that has all of it is read."""
        opened, line = self.desk.opened, self.query_one("#noticed", Lines)
        bar = self.query_one(TabBar)
        unread = opened.warnings if self.unread else ()
        bar.mark = INPUT_ASSUMED if opened.assumed else ""
        bar.marked = frozenset({RUN} if unread or opened.assumed else ())
        line.display = bool(unread)
        line.show([Text(noticed_words(opened.assumed, unread, self.size.width - 2))])

    def show_notice(self, words: str) -> None:
        """A sentence that stays in sight, or none."""
        banner = self.query_one("#banner", Static)
        banner.update(visible(words))
        banner.display = bool(words)

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """All tabs, in sight or not."""
        return tuple(self.query(Tab))

    def tab(self, id: str) -> Tab:
        """The tab with this id."""
        return self.query_one(f"#{id}", Tab)

    @property
    def current(self) -> str:
        """The id of the tab in sight."""
        return self.query_one(ContentSwitcher).current or self.first_tab

    # From a wish to what follows

    def want(self, wish: Wish) -> None:
        """Take a new wish: the sliders show it at once, the rest when it is worked out."""
        for knob in self.desk.knobs:
            self.slider(knob.name).value = getattr(wish.point, knob.name)
        self.recompute.want(wish)

    def want_point(self, **changes: object) -> None:
        """Want another operating point: fields of it by their names."""
        point = replace(self.wish.point, **changes)  # type: ignore[arg-type]
        away = point.confidence != self.assessed.optimum
        moved = away if "confidence" in changes else self.wish.moved
        self.want(replace(self.wish, point=point, moved=moved))

    def slider(self, name: str) -> Slider:
        """The slider of a field of the operating point."""
        return self.query_one(f"#{name}", Slider)

    @work(thread=True, group="assess", exit_on_error=False)
    def work_out(self, wish: Wish) -> None:
        self.post_message(self.WorkedOut(self.recompute.worked_out(wish)))

    @on(WorkedOut)
    def take(self, message: WorkedOut) -> None:
        self.recompute.take(message.assessed)

    @work(thread=True, group="summary", exit_on_error=False)
    def summarise(self) -> None:
        self.post_message(self.Summarised(self.desk.summarise()))

    @on(Summarised)
    def take_summary(self, message: Summarised) -> None:
        self.summary = message.summary
        for tab in self.tabs:
            tab.complete(self.summary)
        self.show_line()

    def rest(self) -> None:
        """Nothing changed for a moment: dim what has no use here, get ready for what may come."""
        self.refresh_bindings()
        self.get_ready()

    @work(thread=True, group="ready", exclusive=True, exit_on_error=False)
    def get_ready(self) -> None:
        worker = get_current_worker()
        self.recompute.prepare(lambda: worker.is_cancelled)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """An error that nobody foresaw must not pass in silence."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            raise event.worker.error

    def show(self, before: Assessed, assessed: Assessed) -> None:
        """What is in sight follows from what is worked out, other tabs when they are entered."""
        if before is assessed or before.wish.point != assessed.wish.point:
            self.quiet.begin()
        if told := assessed.change_words(before):
            self.notify(told, markup=False)
        best = assessed.optimum
        self.slider("confidence").optimum = None if np.isnan(best) else best
        in_sight = self.tab(self.current)
        for tab in self.tabs:
            if tab is not in_sight and tab not in self.behind:
                self.behind.add(tab)
                tab.fall_behind()
        self.behind.discard(in_sight)
        in_sight.follow(assessed)
        self.show_line()

    def bring_up_to_date(self, tab: Tab) -> None:
        """Let a tab follow before anything is shown or asked of it."""
        if tab in self.behind:
            self.behind.remove(tab)
            tab.follow(self.assessed)

    def show_line(self) -> None:
        """The numbers of all classes, and at which point; without ground truth the point alone."""
        width = self.size.width - 2
        if self.tab(self.current).labelled:
            line = self.desk.summary_line(self.assessed, self.summary, width)
        else:
            line = one_line([fitting(self.desk.standing(self.assessed), width)], width)
        self.query_one("#summary", Lines).show([line])

    def show_header(self) -> None:
        """The sliders and the line for what is in sight."""
        for knob in self.desk.knobs:
            self.slider(knob.name).display = self.tab(self.current).labelled or not knob.labelled
        self.show_line()

    def on_resize(self) -> None:
        self.show_line()
        self.show_noticed()

    @property
    def explanation(self) -> Explanation | None:
        """How the number in focus came to be: a cell, a metric, a point of a curve."""
        return self.tab(self.current).explanation

    @property
    def purpose(self) -> str:
        """What the tab in sight is for."""
        return self.tab(self.current).purpose

    def action_explain(self) -> None:
        if (told := self.explanation) is not None:
            self.app.push_screen(ExplainBox(told))

    def text_to_copy(self) -> str:
        """What is in focus, as text."""
        return self.tab(self.current).to_copy

    # The saved operating point

    def action_save(self) -> None:
        made = [tab.intervals_at(self.assessed.wish.point) for tab in self.tabs]
        self.saver.ask(self.assessed, next((each for each in made if each is not None), None))

    def action_saved(self) -> None:
        if (point := self.desk.saved_at) is not None:
            self.want(replace(self.wish, point=point, moved=False))

    def show_saved(self) -> None:
        """What is saved, where the widgets tell of it."""
        at = self.desk.saved_at
        self.slider("confidence").saved = None if at is None else at.confidence
        self.refresh_bindings()

    def go_to_what_was_saved(self) -> None:
        """The screen stands where the app begins from now on."""
        self.show_notice("")
        self.show_saved()
        self.action_saved()
        if not self.recompute.working:
            self.show(self.assessed, self.assessed)  # at the same point, with another source

    # Sliders

    @on(Slider.Changed)
    def move_slider(self, message: Slider.Changed) -> None:
        self.want_point(**{message.slider.id or "": message.value})

    def action_confidence(self, step: float) -> None:
        """A step of the slider, wanted without its message: all is drawn in one frame."""
        self.want_point(confidence=self.slider("confidence").next_value(step))

    def action_iou(self, step: float) -> None:
        self.want_point(iou=self.slider("iou").next_value(step))

    def action_type(self, slider: str) -> None:
        self.slider(slider).begin_edit()

    def action_optimum(self) -> None:
        if why := self.assessed.no_optimum:
            self.notify(why[0].upper() + why[1:], markup=False)
        elif not self.assessed.at_optimum:
            self.want_point(confidence=self.assessed.optimum)

    def action_turn(self, setting: str) -> None:
        self.want(self.desk.turns[setting](self.wish))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the desk does not have has no key; back to optimal is dimmed at the optimum."""
        name = str(parameters[0]) if parameters else ""
        labelled = not self.is_mounted or self.tab(self.current).labelled
        knobs = {knob.name for knob in self.desk.knobs if labelled or not knob.labelled}
        there = {
            "iou": "iou" in knobs,
            "type": name in knobs,
            "turn": name in self.desk.turns,
            "tab": name in self.specs,
            "suspects": bool(self.desk.suspects),
            "explain": action != "explain" or not self.is_mounted or self.explanation is not None,
        }
        if not there.get(action, True):
            return False
        if action == "saved" and self.desk.saved_at in (None, self.wish.point):
            return None
        if action == "optimum" and self.assessed.at_optimum:
            return True if self.assessed.no_optimum else None  # the key tells why there is none
        return True

    # Tabs, feed and detail

    @on(TabBar.Chosen)
    def choose_tab(self, message: TabBar.Chosen) -> None:
        self.action_tab(message.tab)

    def action_tab(self, tab: str) -> None:
        if self.current == tab:  # from a slider or a side list back to what the tab is about
            self.query_one(self.specs[tab].focus).focus()
            return
        self.bring_up_to_date(self.tab(tab))
        if self.tab(tab).shows_rows:
            self.feed_opened_in = self.current
            self.show_chosen()
        self.query_one(ContentSwitcher).current = tab
        self.query_one(TabBar).active = tab
        self.query_one(self.specs[tab].focus).focus()
        self.tab(tab).entered()
        self.show_header()
        if tab == RUN and self.unread:
            self.unread = False
            self.show_noticed()
        if not self.tab(tab).shows_rows:
            self.want(replace(self.wish, selection=None))

    def action_back(self) -> None:
        """From the feed to where it was opened, from there to the first tab."""
        in_feed = self.tab(self.current).shows_rows
        self.action_tab(self.feed_opened_in if in_feed else self.first_tab)

    @on(Tab.FeedWanted)
    def take_selection(self, message: Tab.FeedWanted) -> None:
        self.open_feed(message.selection)

    def open_feed(self, selection: Selection, order: str = "") -> None:
        """The feed of a cell, a row, a column or everything."""
        feed = self.query_one(FeedTab)
        for tab in self.tabs:
            tab.feed_opened(selection)
        feed.select(selection, order)
        self.action_tab(feed.id or "")

    def show_chosen(self) -> None:
        """The feed is of what is chosen: it keeps its place where that is the same."""
        feed = self.query_one(FeedTab)
        chosen = next((made for tab in self.tabs if (made := tab.feed_selection) is not None), None)
        if chosen is not None and chosen != feed.selection:
            feed.select(chosen)

    def action_suspects(self) -> None:
        """Everything, what may be labelled wrongly first."""
        self.open_feed(Selection(), self.desk.suspects)

    @on(Tab.RowsWanted)
    def want_rows(self, message: Tab.RowsWanted) -> None:
        wish = replace(self.wish, selection=message.selection, order=message.order)
        self.want(replace(wish, descending=message.descending))
        if self.wish == self.assessed.wish:  # nothing is worked out: who asks has them at once
            self.tab(self.current).follow(self.assessed)

    @on(Tab.ClassWanted)
    def show_class(self, message: Tab.ClassWanted) -> None:
        if message.tab in self.specs:
            self.bring_up_to_date(self.tab(message.tab))
            self.tab(message.tab).show_class(message.class_)
            self.action_tab(message.tab)

    @on(Tab.ConfidenceWanted)
    def take_confidence(self, message: Tab.ConfidenceWanted) -> None:
        self.want_point(confidence=message.confidence)

    def move_threshold(self, message: ImageScreen.ThresholdMoved) -> None:
        """What the person did to a threshold while an image was open."""
        if message.to_optimum:
            self.action_optimum()
        elif message.iou:
            self.action_iou(message.iou)
        else:
            self.action_confidence(message.confidence)
