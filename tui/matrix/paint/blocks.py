"""What a block of the overview holds: the cell that stands for it, and words."""

from rich.cells import cell_len

from engine.core.overview import Overview, errors_in
from engine.util.words import number, share
from tui.drawing.names import cut
from tui.drawing.terms import Terms
from tui.grids.paint.scene import MatrixCell
from tui.grids.paint.view import MatrixView


def cell_of(view: MatrixView, rows: range, columns: range) -> MatrixCell:
    """The cell of the largest error at these positions; without one, on the diagonal, or the first.

    End row and end column do not meet in a cell: the one above stands for it.
    """
    _, truth, predicted = errors_in(view.matrix, view.shown, rows, columns)
    if len(truth):
        return int(truth[0]), int(predicted[0])
    common = max(rows.start, columns.start)
    if common in rows and common in columns and common < view.classes:
        return common, common
    row, column = rows.start, columns.start
    return (row - 1, column) if row == column == view.classes else (row, column)


def block_words(
    view: MatrixView, far: Overview, block: MatrixCell, terms: Terms, width: int
) -> str:
    """`bicycle to bus seen as car to cat: 141 errors, most bus → car: 88`.

    Names are cut as far as it takes to say all of it in so many columns.
    """
    for room in (width, 24, 16, 12, 10, 8):
        where, what = _block_words(view, far, block, terms, room)
        words = f"{where}: {what}" if where else what
        if cell_len(words) <= width:
            return words
    where, what = _block_words(view, far, block, terms, 24)
    return f"{what} · {where}"  # the end of which may be cut off


def _block_words(
    view: MatrixView, far: Overview, block: MatrixCell, terms: Terms, room: int
) -> tuple[str, str]:
    """Which classes meet in the block, and what it holds."""
    rows, columns = far.rows_of(block[0]), far.columns_of(block[1])
    if rows.start == columns.start == view.classes:
        return "", "Nothing is counted here: no object, and none predicted."
    truths, predictions = _names(view, rows, room), _names(view, columns, room)
    errors = int(far.errors[block])
    what = number(errors, "error")
    cells, truth, predicted = errors_in(view.matrix, view.shown, rows, columns)
    if len(truth):
        first, second, most = int(truth[0]), int(predicted[0]), int(cells.count[0])
        pair = [_names(view, range(place, place + 1), room) for place in (first, second)]
        named = " → ".join(filter(None, pair))
        what += f", all {named}" if most == errors else f", most {named}: {most:,}"
    if far.diagonal[block]:
        what += f" · {terms.right} {int(far.right[block]):,}, {share(float(far.recall[block]))}"
    return _seen_as(truths, predictions, terms), what


def _seen_as(truths: str, predictions: str, terms: Terms) -> str:
    if not truths:
        return f"{predictions} where no object is"
    return f"{truths} seen as {predictions}" if predictions else f"{truths} {terms.unmatched}"


def _names(view: MatrixView, positions: range, room: int) -> str:
    """`bicycle to bus`, or the one class there is; nothing at the end."""
    names = view.shown_names[positions.start : positions.stop]
    ends = dict.fromkeys((names[0], names[-1])) if names else ()
    return " to ".join(cut(name, room) for name in ends)


def overview_title(view: MatrixView, far: Overview | None) -> tuple[str, ...]:
    """How much is seen at once, and how to see it nearer, the most important first.

    far is None until it is known how much room there is.
    """
    hidden = len(view.names) - view.classes
    facts = (
        f"Overview of {number(view.classes, 'class', 'classes')}",
        f"{hidden:,} hidden" if hidden else "",
    )
    if far is None:
        return facts
    rows, columns = len(far.rows_of(0)), len(far.columns_of(0))
    return (*facts, f"a block is {rows} x {columns} cells", "Enter shows them")
