import numpy as np
import pytest
from PIL import Image

from engine.pixels import UnreadableImage, read_image

ORIENTATION = 0x0112


def pixels(path, **options):
    return np.asarray(read_image(path, **options).pixels)


def test_sixteen_bit_gray_keeps_its_tones(tmp_path):
    tones = np.array([[0, 256, 32768, 65535]], np.uint16)
    Image.fromarray(tones).save(tmp_path / "deep.png")
    assert pixels(tmp_path / "deep.png")[0, :, 0].tolist() == [0, 1, 128, 255]


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


def test_floating_point_pixels_are_refused_rather_than_turned_black(tmp_path):
    Image.fromarray(np.ones((4, 4), np.float32)).save(tmp_path / "depth.tiff")
    with pytest.raises(UnreadableImage, match="floating-point"):
        read_image(tmp_path / "depth.tiff")
