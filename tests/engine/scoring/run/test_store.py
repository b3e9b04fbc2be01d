import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.core.errors import StoreError
from engine.images.tones import NOTES
from engine.scoring.run.found import FoundBoxes
from engine.scoring.run.store import ImageAnswer, ImageFile, Store


@st.composite
def answers(draw):
    count = draw(st.integers(0, 5))
    floats = st.floats(width=32, allow_nan=False)
    file = ImageFile(
        "/" + draw(st.text("aé \udc80'\"", min_size=1, max_size=5)),
        draw(st.integers(0, 2**40)),
        draw(st.integers(0, 2**62)),
        (draw(st.integers(0, 9)), draw(st.integers(0, 9))),
    )
    found = FoundBoxes(
        draw(hnp.arrays(np.int32, count)),
        draw(hnp.arrays(np.float32, count, elements=floats)),
        draw(hnp.arrays(np.float32, (count, 4), elements=floats)),
    )
    failure = draw(st.sampled_from(["", "damaged: schön"]))
    notes = tuple(draw(st.sets(st.sampled_from(sorted(NOTES)))))
    size, turnable = (draw(st.integers(0, 9)), 3), draw(st.booleans())
    return ImageAnswer(file, size, turnable, found, failure, notes=notes)


@settings(max_examples=40, deadline=None)
@given(st.lists(answers(), max_size=4, unique_by=lambda answer: answer.file.path))
def test_what_is_kept_comes_back(tmp_path_factory, kept):
    store = Store(tmp_path_factory.mktemp("store") / "s.sqlite")
    with store.opened("key") as rows:
        rows.keep(kept)
    with store.opened("key") as rows:
        back = rows.of([answer.file for answer in kept])
    for answer, same in zip(kept, back, strict=True):
        assert (same.file, same.size, same.failure) == (answer.file, answer.size, answer.failure)
        assert (same.turnable, same.notes) == (answer.turnable, answer.notes)
        for column in ("class_", "confidence", "box"):
            ours, theirs = getattr(answer.found, column), getattr(same.found, column)
            assert np.array_equal(ours, theirs)


def answer_for(file: ImageFile, *, turnable: bool = False) -> ImageAnswer:
    return ImageAnswer(file, (4, 3), turnable, FoundBoxes.nothing())


def test_a_changed_file_another_model_or_another_frame_is_unknown(store):
    file = ImageFile("/a.jpg", 10, 20, (4, 3))
    turned = ImageFile("/b.jpg", 10, 20, (4, 3))
    with store.opened("key") as rows:
        rows.keep([answer_for(file), answer_for(turned, turnable=True)])
        assert None not in rows.of([file, turned, file])
        assert not any(rows.of([ImageFile("/a.jpg", 11, 20, (4, 3))]))
        assert not any(rows.of([ImageFile("/a.jpg", 10, 21, (4, 3))]))
        assert all(rows.of([ImageFile("/a.jpg", 10, 20, (0, 0))]))
        assert not any(rows.of([ImageFile("/b.jpg", 10, 20, (3, 4))]))
    with store.opened("another key") as rows:
        assert not any(rows.of([file]))


def test_a_batch_is_kept_whole_or_not_at_all(store):
    file = ImageFile("/a.jpg", 10, 20, (4, 3))
    unkeepable = answer_for(ImageFile("/b.jpg", 2**70, 0, (0, 0)))
    with store.opened("key") as rows:
        with pytest.raises(OverflowError):
            rows.keep([answer_for(file), unkeepable])
        assert not any(rows.of([file]))
        rows.keep([answer_for(file)])
        assert all(rows.of([file]))


def test_a_damaged_file_is_an_error_that_says_to_delete_it(store):
    store.path.parent.mkdir()
    store.path.write_bytes(b"this is no database" * 100)
    with (
        pytest.raises(StoreError, match=r"predictions.sqlite: is damaged .* delete this file"),
        store.opened("key"),
    ):
        pass


def test_tables_of_another_program_are_an_error_that_says_to_delete_them(store):
    store.path.parent.mkdir()
    with sqlite3.connect(store.path) as connection:
        connection.execute("CREATE TABLE answers (x)")
    connection.close()
    with (
        pytest.raises(StoreError, match="delete this file"),
        store.opened("key") as rows,
    ):
        rows.of([ImageFile("/a.jpg", 10, 20, (4, 3))])


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(StoreError, match="cannot be made"),
        Store(tmp_path / "file" / "s.sqlite").opened("key"),
    ):
        pass


WRITER = """
import sys
from pathlib import Path
from engine.scoring.run.found import FoundBoxes
from engine.scoring.run.store import ImageAnswer, ImageFile, Store
for index in range(60):
    with Store(Path(sys.argv[1])).opened("key") as rows:
        file = ImageFile(f"/{sys.argv[2]}{index}.jpg", 1, 1, (0, 0))
        rows.keep([ImageAnswer(file, (1, 1), False, FoundBoxes.nothing())])
"""


def test_processes_that_write_at_once_wait_for_each_other(store):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.path), name], stderr=subprocess.PIPE
        )
        for name in "abc"
    ]
    for writer in writers:
        _, problems = writer.communicate(timeout=60)
        assert (writer.returncode, problems) == (0, b"")
    files = [ImageFile(f"/{w}{i}.jpg", 1, 1, (0, 0)) for w in "abc" for i in range(60)]
    with store.opened("key") as rows:
        assert None not in rows.of(files)


def test_the_store_lies_in_the_cache_of_the_user():
    assert Store().path.parent.name == "offdiag"
