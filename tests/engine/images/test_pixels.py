import contextlib
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.images.pixels import UnreadableImage, read_image
from engine.images.tones import FEW_BITS, FRAMES, STRETCHED, TRANSPARENT

ORIENTATION = 0x0112


def pixels(path, **options):
    return np.asarray(read_image(path, **options).pixels)


def test_cmyk_palette_and_alpha_become_rgb(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "print.jpg")
    Image.new("RGB", (8, 8), (255, 0, 0)).convert("P").save(tmp_path / "palette.png")
    Image.new("RGBA", (8, 8), (255, 0, 0, 40)).save(tmp_path / "alpha.png")
    clear = Image.new("P", (8, 8))
    clear.putpalette([255, 0, 0])
    clear.save(tmp_path / "clear.png", transparency=b"\x10")
    for name in ("print.jpg", "palette.png", "alpha.png", "clear.png"):
        assert np.abs(pixels(tmp_path / name)[4, 4].astype(int) - [255, 0, 0]).max() < 4, name


def test_a_png_named_jpg_is_read_for_what_it_is(tmp_path):
    Image.new("RGB", (8, 8), (1, 2, 3)).save(tmp_path / "odd.jpg", format="png")
    assert pixels(tmp_path / "odd.jpg")[0, 0].tolist() == [1, 2, 3]


@pytest.fixture
def sideways(tmp_path):
    """A camera held upright: 40 x 20 stored, 20 x 40 seen, red at the top."""
    stored = np.zeros((20, 40, 3), np.uint8)
    stored[:, :20] = [255, 0, 0]
    image = Image.fromarray(stored)
    image.getexif()[ORIENTATION] = 6
    image.save(tmp_path / "phone.jpg", exif=image.getexif(), quality=95)
    return tmp_path / "phone.jpg"


def test_exif_turns_the_image_when_the_dataset_saw_it_turned(sideways):
    for dataset_size in [(20, 40), (0, 0)]:
        decoded = read_image(sideways, dataset_size)
        assert decoded.size == decoded.pixels.size == (20, 40)
        red = np.asarray(decoded.pixels)[:, :, 0]
        assert red[2].mean() > 240
        assert red[-2].mean() < 15
        assert decoded.turnable


def test_exif_is_ignored_when_the_boxes_were_drawn_on_the_stored_pixels(sideways):
    assert read_image(sideways, (40, 20)).size == (40, 20)
    assert read_image(sideways, (640, 480)).size == (40, 20)


def test_a_turned_jpeg_is_decoded_small_along_the_right_sides(tmp_path):
    image = Image.new("RGB", (1600, 400), (9, 9, 9))
    image.getexif()[ORIENTATION] = 8
    image.save(tmp_path / "long.jpg", exif=image.getexif())
    decoded = read_image(tmp_path / "long.jpg", enough=lambda size: (size[0] // 3, size[1] // 3))
    assert decoded.size == (400, 1600)
    assert decoded.pixels.size == (200, 800)


def damaged_files(folder):
    Image.effect_noise((200, 200), 90).save(folder / "whole.jpg")
    whole = (folder / "whole.jpg").read_bytes()
    return {
        "cut.jpg": (whole[: len(whole) // 2], "damaged: image file is truncated"),
        "text.jpg": (b"this is a letter\n", "not an image that Pillow knows"),
        "empty.png": (b"", "is empty"),
        "pointer.jpg": (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        "phone.heic": (b"\0\0\0\x18ftypheic" + bytes(40), "is HEIC"),
    }


def test_a_damaged_file_is_told_by_its_reason(tmp_path):
    for name, (content, reason) in damaged_files(tmp_path).items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(UnreadableImage, match=reason):
            read_image(tmp_path / name)


def noted(path):
    decoded = read_image(path)
    return np.asarray(decoded.pixels)[:, :, 0].tolist(), decoded.notes


def test_floating_point_pixels_go_from_black_to_white_and_are_noted(tmp_path):
    depth = np.array([[-1.0, 0.0, 1.0, np.nan, np.inf]], np.float32)
    Image.fromarray(depth).save(tmp_path / "depth.tiff")
    assert noted(tmp_path / "depth.tiff") == ([[0, 128, 255, 0, 0]], (STRETCHED,))
    Image.fromarray(np.full((1, 3), 7, np.float32)).save(tmp_path / "flat.tiff")
    assert noted(tmp_path / "flat.tiff") == ([[0, 0, 0]], (STRETCHED,))
    Image.fromarray(np.full((4, 4), np.nan, np.float32)).save(tmp_path / "none.tiff")
    with pytest.raises(UnreadableImage, match="no pixel that is a finite number"):
        read_image(tmp_path / "none.tiff")


def test_whole_numbers_beyond_16_bits_are_stretched_too(tmp_path):
    Image.fromarray(np.array([[-100, 0, 100]], np.int32)).save(tmp_path / "height.tiff")
    assert noted(tmp_path / "height.tiff") == ([[0, 128, 255]], (STRETCHED,))
    Image.fromarray(np.array([[0, 0x8000, 0xFFFF]], np.int32)).save(tmp_path / "wide.tiff")
    assert noted(tmp_path / "wide.tiff") == ([[0, 128, 255]], ())


@pytest.mark.parametrize(
    ("deep", "tones", "notes"),
    [
        ([0, 256, 32768, 65535], [0, 1, 128, 255], ()),
        ([0, 16, 2048, 4095], [0, 1, 128, 255], (FEW_BITS,)),
        ([0, 1, 128, 255], [0, 1, 128, 255], (FEW_BITS,)),
        ([0, 0, 0, 4096], [0, 0, 0, 16], ()),
        ([0, 0, 0, 0], [0, 0, 0, 0], ()),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "tiff"])
def test_sixteen_bits_are_scaled_also_where_only_twelve_are_used(
    tmp_path, deep, tones, notes, suffix
):
    Image.fromarray(np.array([deep], np.uint16)).save(tmp_path / f"deep.{suffix}")
    assert noted(tmp_path / f"deep.{suffix}") == ([tones], notes)


def png(width, height, depth, color, rows=b""):
    """A PNG of any depth, which Pillow does not write."""

    def chunk(kind, content):
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_sixteen_bits_of_each_color_keep_their_tones(tmp_path):
    row = b"\0" + struct.pack(">6H", 65535, 256, 0, 0, 32768, 65535)
    (tmp_path / "deep.png").write_bytes(png(2, 1, 16, 2, row))
    assert pixels(tmp_path / "deep.png").tolist() == [[[255, 1, 0], [0, 128, 255]]]


def test_an_image_of_too_many_pixels_is_refused_before_it_takes_memory(tmp_path):
    (tmp_path / "bomb.png").write_bytes(png(30_000, 30_000, 8, 2))
    with pytest.raises(UnreadableImage, match="more than 179 million pixels; resize it"):
        read_image(tmp_path / "bomb.png")


@pytest.mark.parametrize("suffix", ["gif", "webp", "tiff", "png"])
def test_of_several_frames_the_first_is_used_and_noted(tmp_path, suffix):
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "blue", "lime")]
    path = tmp_path / f"moving.{suffix}"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    decoded = read_image(path)
    assert decoded.notes == (FRAMES,)
    assert np.abs(np.asarray(decoded.pixels)[4, 4].astype(int) - [255, 0, 0]).max() < 4
    frames[0].save(tmp_path / f"still.{suffix}")
    assert read_image(tmp_path / f"still.{suffix}").notes == ()


def test_transparency_is_noted_only_where_there_is_some(tmp_path):
    Image.new("RGBA", (8, 8), (255, 0, 0, 40)).save(tmp_path / "clear.png")
    Image.new("RGBA", (8, 8), (255, 0, 0, 255)).save(tmp_path / "opaque.png")
    Image.new("LA", (8, 8), (200, 9)).save(tmp_path / "gray.png")
    assert [read_image(tmp_path / f"{name}.png").notes for name in ("clear", "opaque", "gray")] == [
        (TRANSPARENT,),
        (),
        (TRANSPARENT,),
    ]


STUBS = {
    "BUFR": b"BUFR" + bytes(60),
    "GRIB": b"GRIB" + bytes(3) + b"\1" + bytes(60),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(60),
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n%%EndComments\n",
}


@pytest.mark.parametrize("start", STUBS.values(), ids=STUBS)
def test_formats_that_pillow_has_stubs_or_other_programs_for_are_no_images(tmp_path, start):
    (tmp_path / "odd.jpg").write_bytes(start)
    with pytest.raises(UnreadableImage, match="not an image"):
        read_image(tmp_path / "odd.jpg")


@pytest.mark.parametrize("raised", [RuntimeError("bad frame"), NotImplementedError(), KeyError(7)])
def test_whatever_a_decoder_raises_is_a_reason(tmp_path, monkeypatch, raised):
    Image.new("RGB", (8, 8)).save(tmp_path / "fine.png")

    def load(self):
        raise raised

    monkeypatch.setattr("PIL.PngImagePlugin.PngImageFile.load", load)
    with pytest.raises(UnreadableImage, match=r"^damaged: \w+"):
        read_image(tmp_path / "fine.png")


@pytest.mark.parametrize("format", ["avif", "webp", "tiff", "jpeg", "png", "gif"])
def test_a_file_that_ends_anywhere_gives_pixels_or_a_reason(tmp_path, format):
    noise = np.random.default_rng(1).integers(0, 255, (24, 24, 3), np.uint8)
    path = tmp_path / f"cut.{format}"
    Image.fromarray(noise).save(path, format=format)
    whole = path.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        path.write_bytes(whole[:length])
        with contextlib.suppress(UnreadableImage):
            read_image(path)


def test_a_pipe_a_folder_and_a_link_to_itself_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    for name, reason in {
        "pipe.jpg": "is no file but a device or a pipe",
        "folder.jpg": "is a folder that cannot be read",
        "loop.jpg": "may not be read: Too many levels of symbolic links",
    }.items():
        with pytest.raises(UnreadableImage, match=reason):
            read_image(tmp_path / name)
