"""Images of any kind through the model: the same numbers as everywhere, and nothing fatal."""

import os
import struct
import zlib
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.batch.job import Job, Request
from engine.batch.run import score_images
from engine.cards.operating_point import given
from engine.scoring.run.runner import predictions, score
from engine.scoring.run.scorer import open_scorer
from engine.scoring.run.store import Store
from engine.whatif.keeping import predictions_file
from engine.whatif.results import Results
from engine.whatif.trial import Listed, Problem, listed, score_one, scored
from tests.engine.scoring.making import images_of
from tui.commands.plain import DEMOS


@pytest.fixture(scope="module")
def detector():
    return open_scorer(DEMOS / "detection" / "model.onnx", provider="cpu")


@pytest.fixture(scope="module")
def photos():
    return sorted((DEMOS / "detection" / "images").iterdir())[:6]


def names(events):
    return [path for event in events if isinstance(event, Listed) for path in event.paths]


def problems(events):
    return [event for event in events if isinstance(event, Problem)]


def answers(scorer, paths):
    return [answer for some in scored(scorer, [str(path) for path in paths]) for answer in some]


def test_numbers_are_those_of_a_dataset_to_the_last_bit(detector, photos, tmp_path):
    store, images = Store(tmp_path / "kept.sqlite"), images_of(photos)
    for _ in score(detector, images, store):
        pass
    kept = predictions(detector, images, store, detector.class_names).predictions
    here = answers(detector, photos)
    assert [answer.file.path for answer in here] == [str(path) for path in photos]
    for index, answer in enumerate(here):
        rows = kept.image == index
        assert np.array_equal(answer.found.confidence.astype(float), kept.confidence[rows])
        assert np.array_equal(answer.found.box.astype(float), kept.box[rows])
        assert np.array_equal(answer.found.class_, kept.class_[rows])
        assert answer.timing.decode > 0
        assert answer.timing.inference > 0
        assert answer.timing.post > 0


@pytest.mark.parametrize("suffix", ["json", "csv", "jsonl"])
def test_saved_predictions_are_those_that_the_command_writes(detector, photos, tmp_path, suffix):
    out, point = tmp_path / f"out.{suffix}", given(0.4, len(detector.class_names))
    form = {"json": "coco"}.get(suffix, suffix)
    job = Job(Request(tuple(map(str, photos)), out, form), detector, point)
    for _ in score_images(job, lambda: "now"):
        pass
    here = predictions_file(
        answers(detector, photos), point, detector.class_names, "detect", str(out)
    )
    assert here == out.read_bytes()
    assert len(here) > 100


def test_files_folders_patterns_and_lists_are_found(tmp_path):
    (tmp_path / "deep" / "er").mkdir(parents=True)
    made = [tmp_path / "deep" / "a.jpg", tmp_path / "deep" / "er" / "b.PNG", tmp_path / "c.jpg"]
    for path in (*made, tmp_path / "deep" / "notes.txt"):
        path.touch()
    (tmp_path / "list.txt").write_text(f"{made[2]}\n{made[0]}\n")
    assert names(listed([str(tmp_path / "deep")])) == [str(path) for path in made[:2]]
    assert names(listed([str(tmp_path / "*.jpg")])) == [str(made[2])]
    assert names(listed([f"@{tmp_path / 'list.txt'}"])) == [str(made[2]), str(made[0])]
    assert names(listed([str(tmp_path / "deep" / "notes.txt")])) == [
        str(tmp_path / "deep" / "notes.txt")
    ]


def test_what_is_not_there_is_told_and_the_rest_is_found(tmp_path):
    (tmp_path / "a.jpg").touch()
    (tmp_path / "empty").mkdir()
    events = list(
        listed(["/Users/ana/cat 1.jpg", "imags/x.jpg", "-", str(tmp_path / "empty"), str(tmp_path)])
    )
    assert names(events) == [str(tmp_path / "a.jpg")]
    elsewhere, slip, stdin, empty = problems(events)
    assert (elsewhere.elsewhere, elsewhere.reason) == (True, "is not on this machine")
    assert (slip.elsewhere, slip.reason[:33]) == (False, "there is no such file or folder i")
    assert "standard input" in stdin.reason
    assert empty.reason == "there is no image in this folder"
    assert events[-1] == Listed((), complete=True)


def test_a_huge_folder_comes_in_pieces_and_can_be_stopped(tmp_path):
    for number in range(1200):
        (tmp_path / f"{number}.jpg").touch()
    events = listed([str(tmp_path)])
    assert len(next(events).paths) == 500
    assert len(list(listed([str(tmp_path)], lambda: True))) == 1


def _png(width, height):
    def chunk(kind, data):
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0")
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def bad_files(folder):
    Image.effect_noise((200, 200), 90).save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    made = {
        "text.jpg": (b"this is a letter\n", "not an image that Pillow knows"),
        "cut.jpg": (whole[: len(whole) // 2], "damaged: image file is truncated"),
        "empty.png": (b"", "is empty"),
        "bomb.png": (_png(30_000, 30_000), "more than 179 million pixels"),
        "pointer.jpg": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    }
    for name, (content, _) in made.items():
        (folder / name).write_bytes(content)
    os.mkfifo(folder / "pipe.jpg")
    made["pipe.jpg"] = (b"", "is no file but a device or a pipe")
    made["gone.jpg"] = (b"", "no such file or directory")
    made["a" * 300] = (b"", "file name too long")
    return {name: reason for name, (_, reason) in made.items()}


def odd_files(folder):
    """Images that are to be scored all the same, each 64 x 48 for the eye."""
    rgb = Image.effect_noise((64, 48), 90).convert("RGB")
    Image.fromarray(np.asarray(rgb.convert("L")).astype(np.uint16) << 8).save(folder / "deep.png")
    rgb.convert("CMYK").save(folder / "print.jpg")
    rgb.convert("P").save(folder / "palette.png")
    rgb.convert("RGBA").save(folder / "alpha.png")
    rgb.save(folder / "moving.gif", save_all=True, append_images=[rgb.rotate(90)])
    exif = rgb.getexif()
    exif[0x0112] = 6
    rgb.transpose(Image.Transpose.ROTATE_90).save(folder / "turned.jpg", exif=exif)
    rgb.save(folder / "two\nlines \x1b[31m.png")
    named = ["deep.png", "print.jpg", "palette.png", "alpha.png", "moving.gif", "turned.jpg"]
    return [*named, "two\nlines \x1b[31m.png"]


def test_bad_files_are_answers_with_a_reason_and_odd_ones_are_scored(detector, tmp_path):
    bad, odd = bad_files(tmp_path), odd_files(tmp_path)
    mixed = [*list(bad)[:3], *odd[:2], *list(bad)[3:], *odd[2:]]
    made = answers(detector, [tmp_path / name for name in mixed])
    assert [answer.file.path for answer in made] == [str(tmp_path / name) for name in mixed]
    for name, answer in zip(mixed, made, strict=True):
        if name in bad:
            assert bad[name] in answer.failure, name
            assert answer.timing is None
        else:
            assert answer.failure == "", name
            assert answer.size == (64, 48), name


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_permission_says_so(detector, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "mine.png")
    (tmp_path / "mine.png").chmod(0)
    assert "permission denied" in score_one(detector, str(tmp_path / "mine.png")).failure


def test_answers_come_one_by_one_as_they_are_made(detector, photos):
    assert [len(some) for some in scored(detector, [str(path) for path in photos])] == [1] * 6


def test_a_stop_ends_the_work(detector, photos):
    asked = iter([False] * 3 + [True] * 1000)
    made = list(scored(detector, [str(path) for path in photos] * 20, lambda: next(asked)))
    assert sum(len(some) for some in made) < 40


def test_answers_beyond_memory_are_the_same_as_those_within(detector, photos, tmp_path):
    made = answers(detector, photos)
    near, far = Results(tmp_path), Results(tmp_path, in_memory=2)
    for results in (near, far):
        for answer in made:
            results.add([answer])
        results.add(made[:1])
        assert len(results) == len(photos)
    for one, other in zip(near.all(), far.all(), strict=True):
        assert one.file == other.file
        assert np.array_equal(one.found.confidence, other.found.confidence)
        assert np.array_equal(one.found.box, other.found.box)
    assert len(far._near) == 2
    assert far.latency.images == len(photos)
    assert far.place_of(str(photos[3])) == 3
    far.close()


def test_what_is_fetched_is_at_hand_until_it_is_scored_again(detector, photos, tmp_path):
    made = answers(detector, photos)
    results = Results(tmp_path, in_memory=2)
    results.add(made)
    assert list(results.at_hand(range(6))) == [4, 5]
    results.fetch([0, 1, 1])
    at_hand = results.at_hand(range(6))
    assert list(at_hand) == [0, 1, 4, 5]
    assert np.array_equal(at_hand[0].found.box, made[0].found.box)
    assert at_hand[0].timing == made[0].timing
    again = replace(made[0], failure="gone")
    results.add([again])
    assert results.at_hand([0]) == {0: again}
    results.add(made[1:4])
    assert list(results.at_hand([0])) == []
    assert results.added == len(made) + 4
    results.close()
    results.fetch([0])  # a reader that comes too late does no harm
    assert "score it again" in results.at_hand([0])[0].failure


def test_an_answer_that_was_lost_is_told_and_not_fatal(detector, photos, tmp_path):
    results = Results(tmp_path, in_memory=1)
    results.add(answers(detector, photos[:3]))
    results._reader.connection.execute("DELETE FROM answers")
    assert "score it again" in results.at([0])[0].failure
    results.close()
