"""Record where Ultralytics puts a picture in its input, and what OpenCV makes of its pixels.

Needs ultralytics and opencv, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_letterbox.py
"""

import json
from pathlib import Path

import numpy as np

from tests.exports.photo import SIZE, photo, sampled

RECORDED = Path(__file__).parent / "letterbox.json"
# Width and height of the picture, sides of the input, and how it is placed in it.
CASES = [
    (SIZE, 64, "letterbox"),
    (SIZE, 320, "letterbox"),
    (SIZE, 64, "letterbox-rectangle"),
    (SIZE, 320, "letterbox-rectangle"),
    ((98, 151), 320, "letterbox-rectangle"),
    ((128, 96), 128, "letterbox-rectangle"),
    ((333, 500), 640, "letterbox-rectangle"),
    (SIZE, 96, "stretch"),
    ((128, 128), 64, "stretch"),
    ((7, 300), 64, "letterbox"),
]


def main() -> None:
    import cv2
    import ultralytics
    from ultralytics.data.augment import LetterBox

    cases = []
    for size, side, resize in CASES:
        image = np.asarray(photo().resize(size))
        place = LetterBox(
            (side, side),
            auto=resize == "letterbox-rectangle",
            scale_fill=resize == "stretch",
            stride=32,
        )
        pixels = place(image=image).transpose(2, 0, 1)
        case = {"size": size, "side": side, "resize": resize, "shape": pixels.shape}
        cases.append(case | {"values": sampled(pixels), "sum": int(pixels.sum())})
    versions = {"ultralytics": ultralytics.__version__, "opencv": cv2.__version__}
    RECORDED.write_text(json.dumps(versions | {"cases": cases}) + "\n")


if __name__ == "__main__":
    main()
