"""Export classifiers of Keras, as it exports itself and by tf2onnx, and keep its own answers.

Needs keras, tensorflow and tf2onnx, in an environment of its own:

    PYTHONPATH=. path/to/python tests/exports/make_keras.py WORK [part of a variant ...]
"""

import importlib.metadata
import sys
import traceback
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from tests.exports.real_run import PHOTOS, Probabilities, RealRun, folder_of

SIDE = 96
# How a net's own `preprocess_input` is called, and whether its graph rescales by itself.
NETS = {
    "mobilenet_v2": ("MobileNetV2", {"alpha": 0.35}),
    "efficientnet": ("EfficientNetB0", {}),
    "resnet50": ("ResNet50", {}),
}


def built(name, classes):
    """A net of Keras, ending in a softmax, or in one sigmoid for two classes."""
    keras.utils.set_random_seed(0)
    last = "sigmoid" if classes == 1 else "softmax"
    if name in NETS:
        build, options = NETS[name]
        return getattr(keras.applications, build)(
            weights=None,
            input_shape=(SIDE, SIDE, 3),
            classes=classes,
            classifier_activation=last,
            **options,
        )
    net = keras.Sequential([keras.Input((SIDE, SIDE, 3))])
    if name == "own rescaling":
        net.add(keras.layers.Rescaling(1 / 255))
    net.add(keras.layers.Conv2D(8, 5, strides=4, activation="relu"))
    net.add(keras.layers.GlobalAveragePooling2D())
    net.add(keras.layers.Dense(classes, activation=last))
    return net


def photo(path):
    """As `image_dataset_from_directory` reads one: stretched, by its own bilinear."""
    pixels = np.asarray(Image.open(path).convert("RGB"), np.float32)
    return tf.image.resize(pixels[None], (SIDE, SIDE), method="bilinear").numpy()


def given(name):
    """What the net is fed with."""
    photos = [photo(path) for path in PHOTOS]
    if name == "mobilenet_v2":
        return [pixels / 127.5 - 1 for pixels in photos]
    if name == "resnet50":
        return [pixels[..., ::-1] - (103.939, 116.779, 123.68) for pixels in photos]
    return [pixels / 255 for pixels in photos] if name == "own" else photos


def spread(net, fed):
    """Answers that differ between the photos."""
    for layer in net.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = 0.0
    net(np.concatenate(fed).astype(np.float32), training=True)
    last = net.layers[-1]
    weights, bias = last.get_weights()
    inner = keras.Model(net.inputs, net.layers[-2].output)
    logits = np.concatenate([inner.predict(image, verbose=0) for image in fed]) @ weights
    weights *= 2 / max(float(logits.std(axis=0).mean()), 1e-6)
    logits *= 2 / max(float(logits.std(axis=0).mean()), 1e-6)
    last.set_weights([weights, bias - logits.mean(axis=0)])


def make(work, name, classes, way):
    variant = f"{name} {classes} {way}"
    folder = folder_of(work, "keras", variant)
    net = built(name, classes)
    fed = [image.astype(np.float32) for image in given(name)]
    spread(net, fed)
    to = folder / "model.onnx"
    if way == "export":
        net.export(to, format="onnx", verbose=False)
    else:
        import tf2onnx

        wanted = [tf.TensorSpec((None, SIDE, SIDE, 3), tf.float32, name="input")]
        function = tf.function(lambda input: net(input), input_signature=wanted)
        tf2onnx.convert.from_function(function, wanted, opset=15, output_path=str(to))
    found = []
    for image in fed:
        values = net.predict(image, verbose=0)[0].astype(float)
        values = [1 - values[0], values[0]] if classes == 1 else values.tolist()
        found.append(Probabilities([float(value) for value in values]))
    versions = {each: importlib.metadata.version(each) for each in ("keras", "tf2onnx")}
    RealRun("keras", variant, versions, found).leave(work)
    print("MADE", variant, [round(max(each.values), 3) for each in found], flush=True)


def variants():
    for name in ("own", "own rescaling", *NETS):
        yield name, 4, "export"
    yield "own rescaling", 1, "export"
    yield "own", 1, "tf2onnx"
    yield "mobilenet_v2", 4, "tf2onnx"


def main():
    work = Path(sys.argv[1]).absolute()
    for name, classes, way in variants():
        variant = f"{name} {classes} {way}"
        if sys.argv[2:] and not any(part in variant for part in sys.argv[2:]):
            continue
        if (folder_of(work, "keras", variant) / "run.json").exists():
            continue
        try:
            make(work, name, classes, way)
        except Exception as error:  # noqa: BLE001  # one that cannot be exported is named
            print("NOT MADE", variant, repr(error)[:300], flush=True)
            traceback.print_exc(limit=-2)


if __name__ == "__main__":
    main()
