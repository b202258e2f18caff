"""Runs the graphs that verify.ts --write wrote in double precision and compares with PyTorch's autograd in double.

    npx tsx bench/gradient/verify.ts FOLDER --write
    python bench/gradient/in_double.py FOLDER [NETWORK ...]

A network with millions of ReLUs has some so near to 0 that rounding decides which side they fall on, and each such flip
changes the gradient by a visible amount: PyTorch in single and double precision differ by 1e-2 on some networks. In
double precision nothing flips, so this tells whether the backward pass is right. onnx's reference evaluator runs the
graph, with convolutions and poolings by PyTorch because its own take minutes. Needs numpy, torch and onnx.
"""

import pathlib
import sys

import numpy
import onnx
import torch
from onnx import TensorProto, numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun
from torch.nn import functional as F


def tensor(array):
    return torch.from_numpy(numpy.array(array))


def padded(x, pads, value=0.0):
    """Explicit padding on both sides; negative padding crops."""
    rank = len(pads) // 2
    order = [side for axis in reversed(range(rank)) for side in (pads[axis], pads[axis + rank])]
    return F.pad(x, order, value=value)


class Conv(OpRun):
    def _run(self, x, w, b=None, auto_pad=None, dilations=None, group=1, kernel_shape=None, pads=None, strides=None):
        if auto_pad == "SAME_UPPER":
            total = [max(0, (-(-size // stride) - 1) * stride + kernel - size)
                     for size, stride, kernel in zip(x.shape[2:], strides, w.shape[2:])]
            pads = [pad // 2 for pad in total] + [pad - pad // 2 for pad in total]
        x = padded(tensor(x), pads or [0] * 4)
        bias = None if b is None else tensor(b)
        return (F.conv2d(x, tensor(w), bias, tuple(strides or (1, 1)), 0, tuple(dilations or (1, 1)), group).numpy(),)


class ConvTranspose(OpRun):
    def _run(self, x, w, b=None, auto_pad=None, dilations=None, group=1, kernel_shape=None, output_padding=None,
             output_shape=None, pads=None, strides=None):
        full = F.conv_transpose2d(tensor(x), tensor(w), None, tuple(strides), 0, 0, group, tuple(dilations))
        before, after = pads[:2], [p - extra for p, extra in zip(pads[2:], output_padding)]
        return (padded(full, [-p for p in (*before, *after)]).numpy(),)


class MaxPool(OpRun):
    def _run(self, x, auto_pad=None, ceil_mode=0, dilations=None, kernel_shape=None, pads=None, storage_order=0,
             strides=None):
        x = padded(tensor(x), pads or [0] * 4, float("-inf"))
        return (F.max_pool2d(x, tuple(kernel_shape), tuple(strides), ceil_mode=bool(ceil_mode)).numpy(),)


class AveragePool(OpRun):
    def _run(self, x, auto_pad=None, ceil_mode=0, count_include_pad=0, dilations=None, kernel_shape=None, pads=None,
             strides=None):
        assert not ceil_mode and not any(pads or [])
        return (F.avg_pool2d(tensor(x), tuple(kernel_shape), tuple(strides or (1, 1))).numpy(),)


class BatchNormalization(OpRun):
    """onnx's own takes the statistics of the batch up to operator set 13."""

    def _run(self, x, scale, shift, mean, variance, epsilon=1e-5, momentum=None, training_mode=0):
        norm = F.batch_norm(*map(tensor, (x, mean, variance, scale, shift)), eps=epsilon)
        return (norm.numpy(),)


def widened(stored):
    if stored.data_type != TensorProto.FLOAT:
        return stored
    return numpy_helper.from_array(numpy_helper.to_array(stored).astype("float64"), stored.name)


OPERATORS = [Conv, ConvTranspose, MaxPool, AveragePool, BatchNormalization]


def in_double(model):
    stored = [widened(one) for one in model.graph.initializer]
    del model.graph.initializer[:]
    model.graph.initializer.extend(stored)
    for port in [*model.graph.input, *model.graph.output]:
        port.type.tensor_type.elem_type = TensorProto.DOUBLE
    for node in model.graph.node:
        for attribute in node.attribute:
            if node.op_type == "Cast" and attribute.name == "to" and attribute.i == TensorProto.FLOAT:
                attribute.i = TensorProto.DOUBLE
            if attribute.HasField("t"):
                attribute.t.CopyFrom(widened(attribute.t))
    del model.graph.value_info[:]
    return model


def main():
    folder = pathlib.Path(sys.argv[1])
    names = sys.argv[2:] or sorted(path.name.split(".")[0] for path in folder.glob("*.gradient.onnx"))
    for name in names:
        model = in_double(onnx.load(folder / f"{name}.gradient.onnx"))
        image, seed = model.graph.input[0].name, model.graph.input[1]
        weights = numpy.zeros((1, seed.type.tensor_type.shape.dim[1].dim_value))
        weights[0, int((folder / f"{name}.gradient.txt").read_text())] = 1
        evaluator = ReferenceEvaluator(model, new_ops=OPERATORS)
        feeds = {image: numpy.load(folder / f"{name}.input.npy").astype("float64"), seed.name: weights}
        (found,) = evaluator.run([f"camlab_gradient_{image}"], feeds)
        exact = numpy.load(folder / f"{name}.gradient_exact.npy")
        print(f"{name}: {abs(found - exact).max() / abs(exact).max():.0e}", flush=True)


if __name__ == "__main__":
    main()
