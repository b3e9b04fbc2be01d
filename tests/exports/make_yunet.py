"""Record what OpenCV's FaceDetectorYN finds with a graph of YuNet's signature.

Needs opencv and onnx, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_yunet.py
"""

import json
import tempfile
from pathlib import Path

import numpy as np

from tests.exports.yunet import SIZE, made

RECORDED = Path(__file__).parent / "yunet.json"
LEAST = 0.6  # confidence


def main() -> None:
    import cv2

    with tempfile.TemporaryDirectory() as folder:
        model = made(Path(folder) / "yunet.onnx")
        detector = cv2.FaceDetectorYN.create(str(model), "", SIZE[::-1], LEAST, 0.3, 5000)
        _, faces = detector.detect(np.zeros((*SIZE, 3), np.uint8))
    rows = [[round(float(value), 4) for value in (*face[:4], face[14])] for face in faces]
    RECORDED.write_text(
        json.dumps({"opencv": cv2.__version__, "least": LEAST, "faces": rows}) + "\n"
    )


if __name__ == "__main__":
    main()
