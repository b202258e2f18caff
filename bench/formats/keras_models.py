"""Seeded networks as Keras' .keras and .h5 files with what Keras computes of them, for compare.ts: small ones put together at
random, and those of keras.applications that are named. Needs keras with a backend; with tf_keras instead (--old) the files
are those of Keras 2; with --lite they are TFLite files of TensorFlow's own converter, in float32 and with weights in half
precision, and what is expected is what its interpreter computes.
  python bench/formats/keras_models.py FOLDER [--old | --lite] [NAME …]      (MobileNetV2, ResNet50, … of keras.applications)
"""

import os
import pathlib
import random
import sys

import numpy

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
OLD = "--old" in sys.argv
LITE = "--lite" in sys.argv
if OLD:
    import tf_keras as keras
else:
    import keras
layers = keras.layers


def lively(model, seed):
    """Weights of which none is 0 or 1 throughout, as biases and statistics are when they are made."""
    numbers = numpy.random.default_rng(seed)
    values = []
    for weight, value in zip(model.weights, model.get_weights()):
        name = getattr(weight, "path", weight.name)
        if "variance" in name or "gamma" in name:
            values.append(numbers.uniform(0.6, 1.4, value.shape))
        elif value.ndim <= 1:
            values.append(numbers.uniform(-0.3, 0.3, value.shape))
        else:
            fan = numpy.prod(value.shape[:-1]) if "depthwise" not in name else numpy.prod(value.shape[:2])
            values.append(numbers.normal(0, (1.6 / fan) ** 0.5, value.shape))
    model.set_weights([value.astype("f4") if value.ndim else value for value in map(numpy.asarray, values)])


def block(x, pick):
    """One to three layers on a picture."""
    kind = pick.randrange(9)
    act = pick.choice(["relu", "linear", "sigmoid", "tanh", "elu", "swish", "selu", "softplus", "relu6", "hard_sigmoid", "gelu"])
    padding, filters = pick.choice(["same", "valid"]), pick.choice([3, 4, 6, 8])
    stride, size = pick.choice([1, 1, 2]), pick.choice([1, 2, 3, 3])
    bias = pick.random() < 0.7
    if kind == 0:
        return layers.Conv2D(filters, size, stride, padding, use_bias=bias, activation=act)(x)
    if kind == 1:
        return layers.DepthwiseConv2D(3, stride, "same", depth_multiplier=pick.choice([1, 2]), use_bias=bias)(x)
    if kind == 2:
        return layers.SeparableConv2D(filters, 3, 1, "same", use_bias=bias, activation=act)(x)
    if kind == 3:
        x = layers.BatchNormalization(scale=pick.random() < 0.7, center=pick.random() < 0.7)(x)
        return layers.Activation(act)(x)
    if kind == 4:
        return pick.choice([layers.MaxPooling2D, layers.AveragePooling2D])(2, stride, "same")(x)
    if kind == 5:
        x = layers.ZeroPadding2D(((0, 1), (1, 2)))(x)
        return pick.choice([layers.ReLU(6.0), layers.LeakyReLU(), layers.PReLU(shared_axes=[1, 2]), layers.ELU()])(x)
    if kind == 6:
        y = layers.Conv2D(x.shape[-1], 3, padding="same", activation=act)(x)
        return pick.choice([layers.Add, layers.Multiply, layers.Maximum, layers.Subtract])()([x, y])
    if kind == 7:
        y = layers.Conv2D(filters, 1)(x)
        return layers.Concatenate()([x, layers.Dropout(0.3)(y)])
    return x * 0.5 + 0.25 if pick.random() < 0.5 else layers.Conv2DTranspose(filters, 3, 2, "same", use_bias=bias)(x)


def small(seed):
    pick = random.Random(seed)
    sides = (pick.choice([12, 13, 16]), pick.choice([12, 15]), 3)
    start = x = keras.Input(sides)
    if pick.random() < 0.3:
        x = layers.Rescaling(1 / 127.5, offset=-1.0)(x)
        x = layers.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.5, 2.0, 0.5])(x)
    for _ in range(pick.randrange(2, 6)):
        x = block(x, pick)
    if pick.random() < 0.5:
        inside = keras.Sequential([keras.Input(x.shape[1:]), layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization()])
        x = inside(x)
        if pick.random() < 0.5:
            given = keras.Input(x.shape[1:])
            x = keras.Model(given, layers.Conv2D(5, 1, activation="relu")(layers.BatchNormalization()(given)))(x)
    x = pick.choice([layers.GlobalAveragePooling2D(), layers.GlobalMaxPooling2D(), layers.Flatten()])(x)
    return keras.Model(start, layers.Dense(5, activation=pick.choice(["softmax", "linear"]))(x))


def chain(seed):
    """A Sequential, as most courses make them, with some layers not to be trained."""
    model = keras.Sequential(
        [
            keras.Input((14, 14, 3)),
            layers.Rescaling(1 / 255),
            layers.Conv2D(6, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(4, activation="softmax"),
        ]
    )
    for layer in model.layers[seed % 2 : 4]:
        layer.trainable = False
    return model


def converted(model, how, picture):
    """A TFLite file of the model, and what its interpreter computes."""
    import tensorflow as tf

    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if how == "float16":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    content = converter.convert()
    interpreter = tf.lite.Interpreter(model_content=content)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture)
    interpreter.invoke()
    return content, interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def write(folder, name, model, seed):
    lively(model, seed)
    shape = [1 if LITE else 2, *model.inputs[0].shape[1:]]
    shape[1:3] = [side or 64 for side in shape[1:3]]
    picture = numpy.random.default_rng(seed + 1).uniform(-1, 1, shape).astype("f4")
    expected = numpy.asarray(model.predict(picture, verbose=0))
    for ending in ["float32", "float16"] if LITE else ["keras", "h5"]:
        at = folder / f"{name}-{ending}"
        at.mkdir(parents=True, exist_ok=True)
        if LITE:
            content, expected = converted(model, ending, picture)
            (at / "net.tflite").write_bytes(content)
        else:
            model.save(at / f"net.{ending}")
        numpy.save(at / "input.npy", numpy.ascontiguousarray(picture.transpose(0, 3, 1, 2)))
        numpy.save(at / "expected.npy", expected)


def main():
    folder, *names = [pathlib.Path(sys.argv[1]), *[name for name in sys.argv[2:] if not name.startswith("--")]]
    for i in range(20):
        keras.backend.clear_session()
        write(folder, f"small-{i:02}", small(i), i)
    for i in range(2):
        keras.backend.clear_session()
        write(folder, f"chain-{i}", chain(i), 100 + i)
    for i, name in enumerate(names):
        keras.backend.clear_session()
        write(folder, name, getattr(keras.applications, name)(weights=None, classifier_activation=None), 200 + i)


if __name__ == "__main__":
    main()
