"""Browsing for images: folders that open, files and folders that are marked."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import ClassVar, Final

from rich.style import Style
from rich.text import Text, TextType
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import DirectoryTree, Static
from textual.widgets.directory_tree import DirEntry
from textual.widgets.tree import TreeNode

from engine.batch.inputs import SUFFIXES
from engine.util.visible import visible
from engine.util.words import number
from tui.controls.bindings import HELP, in_footer
from tui.controls.key_line import KeyLine

MOST: Final = 2000  # names of a folder that are shown: a tree of more takes seconds
MARK: Final = "\N{CHECK MARK} "


class ImageTree(DirectoryTree):
    """Folders and images; a name never reaches the terminal as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.marked: set[Path] = set()
        self.cut: set[Path] = set()  # folders of which not all is shown

    def filter_paths(self, paths: Iterable[Path]) -> Iterable[Path]:
        """Neither hidden files nor anything that is no image by its name."""
        wanted = (
            path
            for path in paths
            if not path.name.startswith(".")
            and (path.suffix.lower() in SUFFIXES or self._safe_is_dir(path))
        )
        some = list(islice(wanted, MOST + 1))
        if len(some) > MOST:
            self.cut.add(some[0].parent)
        return some[:MOST]

    def process_label(self, label: TextType) -> Text:
        """Escapes instead of control characters, and no markup."""
        return Text(visible(str(label)), no_wrap=True, overflow="ellipsis")

    def render_label(self, node: TreeNode[DirEntry], base_style: Style, style: Style) -> Text:
        label = super().render_label(node, base_style, style)
        if node.data is not None and node.data.path in self.marked:
            return Text.assemble((MARK, "bold"), label)
        return label

    def toggle(self) -> None:
        """Mark what the cursor is on, or take the mark away, and go on."""
        node = self.cursor_node
        if node is not None and node.data is not None:
            self.marked ^= {node.data.path}
            self._invalidate()
            self.refresh()
            self.action_cursor_down()


class FilePicker(ModalScreen[tuple[str, ...] | None]):
    """Answers with the marked paths, else with that under the cursor."""

    DEFAULT_CSS = """
    FilePicker {
        align: center middle;
        & > Vertical {
            width: 80; max-width: 94%; height: 90%; padding: 0 1;
            background: $surface; border: round $foreground 40%; border-title-style: bold;
        }
        & ImageTree { height: 1fr; }
        & Static { height: auto; color: $foreground 75%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        in_footer(
            "enter",
            "open",
            "Open",
            "Open the folder, or score the file",
            "picker.open",
            priority=True,
        ),
        in_footer(
            "space",
            "mark",
            "Mark",
            "Mark the file or folder, or take the mark away",
            "picker.mark",
            priority=True,
        ),
        in_footer("s", "take", "Score", "Score what is marked, else this one", "picker.take"),
        in_footer("u", "up", "Folder above", "Go to the folder above", "picker.up"),
        in_footer("escape", "cancel", "Cancel", "Score nothing", "picker.cancel"),
        HELP,
    ]
    purpose = "Files: images and folders on the machine where Offdiag runs, to score."

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def compose(self) -> ComposeResult:
        with Vertical() as box:
            box.border_title = visible(str(self.folder))
            yield ImageTree(self.folder)
            yield Static(markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(ImageTree).focus()
        self.say()

    @property
    def files(self) -> ImageTree:
        """What one browses."""
        return self.query_one(ImageTree)

    def say(self) -> None:
        """What is marked, and what is not shown."""
        count, cut = len(self.files.marked), self.files.cut
        marked = f"{number(count, 'path')} marked" if count else "nothing is marked yet"
        shown = f" · only {MOST:,} names of a folder are shown" if cut else ""
        self.query_one(Static).update(f"{marked}{shown}")

    @on(DirectoryTree.NodeExpanded)
    def tell_of_more(self) -> None:
        self.say()

    @on(DirectoryTree.FileSelected)
    def take_file(self, message: DirectoryTree.FileSelected) -> None:
        marked = self.files.marked | {message.path}
        self.dismiss(tuple(str(path) for path in sorted(marked)))

    def action_mark(self) -> None:
        self.files.toggle()
        self.say()

    def action_open(self) -> None:
        self.files.action_select_cursor()

    def action_take(self) -> None:
        node, marked = self.files.cursor_node, self.files.marked
        if not marked and node is not None and node.data is not None:
            marked = {node.data.path}
        if marked:
            self.dismiss(tuple(str(path) for path in sorted(marked)))

    async def action_up(self) -> None:
        self.folder = self.folder.absolute().parent
        self.files.path = self.folder
        self.query_one(Vertical).border_title = visible(str(self.folder))

    def action_cancel(self) -> None:
        self.dismiss(None)
