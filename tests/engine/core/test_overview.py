import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.core.matrix import ConfusionMatrix
from engine.core.overview import FEW, Overview, errors_in, overview


@st.composite
def matrices(draw: st.DrawFn) -> ConfusionMatrix:
    classes = draw(st.integers(1, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = rng.integers(0, 60, (classes + 1, classes + 1))
    counts *= rng.random(counts.shape) < draw(st.sampled_from([0.0, 0.05, 0.6]))
    counts[-1, -1] = 0
    ends = ("Not an object", "Not detected")
    if draw(st.booleans()):  # a classifier that always answers
        counts[-1] = counts[:, -1] = 0
        ends = ("", "")
    return ConfusionMatrix(counts, 0, *ends)


@st.composite
def seen_from_far(draw: st.DrawFn) -> tuple[ConfusionMatrix, Overview]:
    matrix = draw(matrices())
    order = draw(st.permutations(range(matrix.classes)))
    shown = np.array(order[: draw(st.integers(1, matrix.classes))])
    blocks = st.integers(2, 40)
    return matrix, overview(matrix, shown, draw(blocks), draw(blocks))


def on_show(matrix: ConfusionMatrix, far: Overview) -> tuple[np.ndarray, np.ndarray]:
    """The counts at each position and whether it is on the diagonal, ends last if there are any."""
    rows = np.append(far.shown, [-1] * bool(matrix.extra_row)).astype(int)
    columns = np.append(far.shown, [-1] * bool(matrix.extra_column)).astype(int)
    return matrix.counts[np.ix_(rows, columns)], (rows[:, None] == columns) & (columns >= 0)


@given(seen_from_far())
def test_every_cell_on_show_is_counted_in_the_block_that_holds_it_and_in_no_other(drawn):
    matrix, far = drawn
    counts, diagonal = on_show(matrix, far)
    for row in range(far.shape[0]):
        for column in range(far.shape[1]):
            cells = np.ix_(far.rows_of(row), far.columns_of(column))
            assert far.errors[row, column] == counts[cells][~diagonal[cells]].sum()
            assert far.right[row, column] == counts[cells][diagonal[cells]].sum()
            assert far.diagonal[row, column] == diagonal[cells].any()
            for at in (far.rows_of(row)[0], far.rows_of(row)[-1]):
                assert far.block_of(at, far.columns_of(column)[-1]) == (row, column)
    assert (far.errors + far.right).sum() == counts.sum()


@given(seen_from_far())
def test_a_block_is_hot_exactly_where_it_has_an_error_and_never_beyond_all_of_a_row(drawn):
    _, far = drawn
    assert np.array_equal(far.heat > 0, far.errors > 0)
    assert far.heat.max() <= 1


@given(seen_from_far(), st.integers(1, 30))
def test_no_block_is_asked_for_in_vain(drawn, wanted):
    matrix, far = drawn
    again = overview(matrix, far.shown, wanted, 10**6)
    ends = bool(matrix.extra_row), bool(matrix.extra_column)
    assert again.shape == (
        min(max(wanted, 2) - ends[0], len(far.shown)) + ends[0],
        len(far.shown) + ends[1],
    )
    sizes = np.diff(again.row_starts)[: again.shape[0] - ends[0]]
    assert sizes.max() - sizes.min() <= 1


@given(seen_from_far())
def test_the_errors_of_a_block_are_listed_with_the_largest_first(drawn):
    matrix, far = drawn
    row, column = (size - 1 for size in far.shape)
    for block in ((0, 0), (row, column), (0, column)):
        rows, columns = far.rows_of(block[0]), far.columns_of(block[1])
        cells, truth, predicted = errors_in(matrix, far.shown, rows, columns)
        assert cells.count.sum() == far.errors[block]
        assert (np.diff(cells.count) <= 0).all()
        counts, _ = on_show(matrix, far)
        assert np.array_equal(counts[truth, predicted], cells.count)


def test_one_strong_confusion_is_hotter_than_many_weak_ones_and_than_a_single_object():
    counts = np.zeros((41, 41), np.int64)
    counts[range(40), range(40)] = 100
    counts[10:20, 30:40] = 1  # ten in a hundred of each class, spread
    counts[0, 30] = 60
    counts[25, 25], counts[25, 0] = 0, 1  # the only object of its class
    far = overview(ConfusionMatrix(counts), np.arange(40), 5, 5)
    assert far.heat[0, 3] == 60 / 160
    assert far.heat[1, 3] == 1 / 110
    assert far.heat[2, 0] == 1 / FEW
    assert far.heat[0, 3] > far.heat[2, 0] > far.heat[1, 3]


def test_a_block_by_hand():
    counts = np.array([[8, 2, 0, 1], [0, 5, 5, 0], [1, 0, 9, 3], [4, 0, 7, 0]])
    far = overview(ConfusionMatrix(counts), np.array([2, 0, 1]), 3, 4)
    assert far.row_starts.tolist() == [0, 1, 3, 4]
    assert far.column_starts.tolist() == [0, 1, 2, 3, 4]
    assert far.errors.tolist() == [[0, 1, 0, 3], [5, 0, 2, 1], [7, 4, 0, 0]]
    assert far.right.tolist() == [[9, 0, 0, 0], [0, 8, 5, 0], [0, 0, 0, 0]]
    assert far.recall[0, 0] == 9 / 13
    assert np.isnan(far.recall[0, 1])


@given(matrices(), st.integers(0, 40))
def test_the_first_confusions_are_those_of_the_whole_list(matrix, most):
    everything = matrix.confusions()
    assert np.array_equal(matrix.confusions(most), everything[:most])
    counts = matrix.counts[tuple(everything.T)]
    assert (np.diff(counts) <= 0).all()
    wrong = matrix.counts[:-1, :-1].sum() - matrix.true_positives.sum()
    assert counts.sum() == wrong


@given(matrices())
def test_partners_are_all_classes_confused_in_either_direction_the_worst_first(matrix):
    confused = matrix.counts[:-1, :-1] + matrix.counts[:-1, :-1].T
    np.fill_diagonal(confused, 0)
    for class_ in range(matrix.classes):
        partners = matrix.partners(class_).tolist()
        times = confused[class_]
        assert partners == sorted(np.flatnonzero(times), key=lambda other: (-times[other], other))


def test_a_matrix_without_errors_has_no_confusion_and_no_heat():
    matrix = ConfusionMatrix(np.diag([5, 6, 0]))
    assert matrix.confusions().shape == (0, 2)
    assert matrix.partners(0).tolist() == []
    assert overview(matrix, np.arange(2), 2, 2).heat.max() == 0
