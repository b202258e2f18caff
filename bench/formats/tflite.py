"""Seeded networks as TFLite files with what Google's interpreter computes of them, for compare.ts: convolutions of all
kinds in float32, and with weights in half precision and in 8 bits (per tensor and per channel) that are dequantised in the
file. Needs numpy and ai-edge-litert (flatbuffers comes with it).
  python bench/formats/tflite.py FOLDER
"""

import pathlib
import random
import sys

import flatbuffers
import numpy
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter

OPS = schema.BuiltinOperator
SAME, VALID = 0, 1
TYPES = {"float32": 0, "float16": 1, "int32": 2, "uint8": 3, "int8": 9}


class Lite:
    def __init__(self, shape, seed):
        self.random = numpy.random.default_rng(seed)
        self.model = schema.ModelT()
        self.model.version = 3
        self.model.operatorCodes, self.model.buffers = [], [schema.BufferT()]
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.model.subgraphs = [self.graph]
        self.last = self.tensor("input", shape)
        self.graph.inputs = [self.last]

    def tensor(self, name, shape, data=None, scale=None, zero=None, axis=0):
        tensor = schema.TensorT()
        tensor.name, tensor.shape = name, list(shape)
        tensor.type = TYPES[str(data.dtype) if data is not None else "float32"]
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = numpy.frombuffer(numpy.ascontiguousarray(data).tobytes(), numpy.uint8)
            self.model.buffers.append(buffer)
            tensor.buffer = len(self.model.buffers) - 1
        if scale is not None:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = numpy.asarray(scale, "f4")
            tensor.quantization.zeroPoint = numpy.asarray(zero, "i8")
            tensor.quantization.quantizedDimension = axis
        self.graph.tensors.append(tensor)
        return len(self.graph.tensors) - 1

    def shape(self, index):
        return list(self.graph.tensors[index].shape)

    def op(self, code, inputs, shape, options=None, kind=0):
        known = [c.builtinCode for c in self.model.operatorCodes]
        if code not in known:
            entry = schema.OperatorCodeT()
            entry.builtinCode, entry.deprecatedBuiltinCode = code, min(code, 127)
            entry.version = 5 if code == OPS.DEQUANTIZE else 1
            self.model.operatorCodes.append(entry)
            known.append(code)
        operator = schema.OperatorT()
        operator.opcodeIndex, operator.inputs = known.index(code), list(inputs)
        self.last = self.tensor(f"value{len(self.graph.operators)}", shape)
        operator.outputs = [self.last]
        if options is not None:
            operator.builtinOptions, operator.builtinOptionsType = options, kind
        self.graph.operators.append(operator)
        return self.last

    def weights(self, name, shape, how, axis=0):
        data = (self.random.standard_normal(shape) * (2 / max(1, numpy.prod(shape) / shape[axis])) ** 0.5).astype("f4")
        if how == "float32":
            return self.tensor(name, shape, data)
        last = self.last
        if how == "float16":
            stored = self.tensor(name, shape, data.astype("f2"))
        elif how == "int8":
            scale = abs(data).max(axis=tuple(i for i in range(4 if len(shape) == 4 else 2) if i != axis)) / 127
            spread = scale.reshape([-1 if i == axis else 1 for i in range(len(shape))])
            stored = self.tensor(name, shape, numpy.round(data / spread).astype("i1"), scale, numpy.zeros(len(scale)), axis)
        else:
            low, high = min(data.min(), 0), max(data.max(), 0)
            scale = (high - low) / 255
            zero = round(-low / scale)
            stored = self.tensor(name, shape, numpy.clip(numpy.round(data / scale) + zero, 0, 255).astype("u1"), [scale], [zero])
        result = self.op(OPS.DEQUANTIZE, [stored], shape, schema.DequantizeOptionsT(), schema.BuiltinOptions.DequantizeOptions)
        self.last = last
        return result

    def vector(self, name, length):
        return self.tensor(name, [length], self.random.uniform(-0.3, 0.3, length).astype("f4"))

    def conv(self, out, kernel, stride, padding, activation=0, how="float32", dilation=1):
        batch, rows, columns, channels = self.shape(self.last)
        options = schema.Conv2DOptionsT()
        options.padding, options.strideW, options.strideH = padding, stride, stride
        options.dilationWFactor = options.dilationHFactor = dilation
        options.fusedActivationFunction = activation
        inputs = [self.last, self.weights("kernel", [out, kernel, kernel, channels], how), self.vector("bias", out)]
        shape = [batch, *[windows(s, kernel, stride, padding, dilation) for s in (rows, columns)], out]
        return self.op(OPS.CONV_2D, inputs, shape, options, schema.BuiltinOptions.Conv2DOptions)

    def depthwise(self, kernel, stride, padding, activation=0, how="float32", times=1):
        batch, rows, columns, channels = self.shape(self.last)
        options = schema.DepthwiseConv2DOptionsT()
        options.padding, options.strideW, options.strideH, options.depthMultiplier = padding, stride, stride, times
        options.dilationWFactor = options.dilationHFactor = 1
        options.fusedActivationFunction = activation
        out = channels * times
        inputs = [self.last, self.weights("kernel", [1, kernel, kernel, out], how, 3), self.vector("bias", out)]
        shape = [batch, *[windows(s, kernel, stride, padding) for s in (rows, columns)], out]
        return self.op(OPS.DEPTHWISE_CONV_2D, inputs, shape, options, schema.BuiltinOptions.DepthwiseConv2DOptions)

    def pool(self, code, kernel, stride, padding):
        batch, rows, columns, channels = self.shape(self.last)
        options = schema.Pool2DOptionsT()
        options.padding, options.strideW, options.strideH = padding, stride, stride
        options.filterWidth = options.filterHeight = kernel
        shape = [batch, *[windows(s, kernel, stride, padding) for s in (rows, columns)], channels]
        return self.op(code, [self.last], shape, options, schema.BuiltinOptions.Pool2DOptions)

    def dense(self, out, how):
        inputs = self.shape(self.last)[-1]
        parts = [self.last, self.weights("matrix", [out, inputs], how), self.vector("bias", out)]
        return self.op(OPS.FULLY_CONNECTED, parts, [1, out], schema.FullyConnectedOptionsT(), schema.BuiltinOptions.FullyConnectedOptions)

    def list(self, values):
        return self.tensor("list", numpy.shape(values), numpy.asarray(values, "i4"))

    def mean(self, keep):
        batch, _, _, channels = self.shape(self.last)
        options = schema.ReducerOptionsT()
        options.keepDims = keep
        shape = [batch, 1, 1, channels] if keep else [batch, channels]
        return self.op(OPS.MEAN, [self.last, self.list([1, 2])], shape, options, schema.BuiltinOptions.ReducerOptions)

    def bytes(self):
        self.graph.outputs = [self.last]
        builder = flatbuffers.Builder(1024)
        builder.Finish(self.model.Pack(builder), b"TFL3")
        return bytes(builder.Output())


def windows(size, kernel, stride, padding, dilation=1):
    if padding == SAME:
        return -(-size // stride)
    return (size - (kernel - 1) * dilation - 1) // stride + 1


def network(seed):
    choose = random.Random(seed)
    net = Lite([1, choose.randint(14, 22), choose.randint(14, 22), 3], seed)
    how = choose.choice(["float32", "float16", "int8", "uint8"])
    net.conv(choose.randint(3, 8), 3, 2, SAME, 3, how)
    for _ in range(5):
        shape = net.shape(net.last)
        kind = choose.randint(0, 8)
        if kind == 0:
            net.conv(choose.randint(3, 8), choose.choice([1, 2, 3]), choose.choice([1, 2]), SAME, choose.choice([0, 1, 3]), how)
        elif kind == 1:
            net.depthwise(choose.choice([3, 5]), choose.choice([1, 2]), SAME, choose.choice([0, 3]), how, choose.choice([1, 2]))
        elif kind == 2 and min(shape[1:3]) > 3:
            net.pool(choose.choice([OPS.MAX_POOL_2D, OPS.AVERAGE_POOL_2D]), choose.choice([2, 3]), choose.choice([1, 2]), choose.choice([SAME, VALID]))
        elif kind == 3:
            net.op(choose.choice([OPS.HARD_SWISH, OPS.LOGISTIC, OPS.RELU6, OPS.TANH]), [net.last], shape)
        elif kind == 4:
            start = net.last
            net.conv(shape[3], 3, 1, SAME, 0, how)
            code, options, number = choose.choice([(OPS.ADD, schema.AddOptionsT(), schema.BuiltinOptions.AddOptions),
                                                   (OPS.MUL, schema.MulOptionsT(), schema.BuiltinOptions.MulOptions)])
            net.op(code, [start, net.last], shape, options, number)
        elif kind == 5:
            start = net.last
            net.conv(4, 1, 1, SAME, 1, how)
            options = schema.ConcatenationOptionsT()
            options.axis = 3
            net.op(OPS.CONCATENATION, [start, net.last], [*shape[:3], shape[3] + 4], options, schema.BuiltinOptions.ConcatenationOptions)
        elif kind == 6:
            # Squeeze and excite, as in MobileNet v3.
            start = net.last
            net.mean(True)
            net.conv(shape[3], 1, 1, VALID, 0, how)
            net.op(OPS.LOGISTIC, [net.last], [1, 1, 1, shape[3]])
            net.op(OPS.MUL, [start, net.last], shape, schema.MulOptionsT(), schema.BuiltinOptions.MulOptions)
        elif kind == 7:
            pads = [[0, 0], [1, 0], [0, 2], [0, 0]]
            net.op(OPS.PAD, [net.last, net.list(pads)], [1, shape[1] + 1, shape[2] + 2, shape[3]], schema.PadOptionsT(), schema.BuiltinOptions.PadOptions)
        elif kind == 8:
            net.op(OPS.MUL, [net.last, net.vector("scale", shape[3])], shape, schema.MulOptionsT(), schema.BuiltinOptions.MulOptions)
    shape = net.shape(net.last)
    if choose.random() < 0.5:
        net.mean(False)
    else:
        sizes = [-1 if choose.random() < 0.5 else 1, int(numpy.prod(shape))]
        net.op(OPS.RESHAPE, [net.last, net.list(sizes)], [1, sizes[1]])
    net.dense(5, how)
    options = schema.SoftmaxOptionsT()
    options.beta = 1.0
    net.op(OPS.SOFTMAX, [net.last], [1, 5], options, schema.BuiltinOptions.SoftmaxOptions)
    return net


def main():
    folder = pathlib.Path(sys.argv[1])
    for seed in range(20):
        at = folder / f"tflite-{seed:02}"
        at.mkdir(parents=True, exist_ok=True)
        data = network(seed).bytes()
        (at / "net.tflite").write_bytes(data)
        interpreter = Interpreter(model_content=data)
        interpreter.allocate_tensors()
        [given], [wanted] = interpreter.get_input_details(), interpreter.get_output_details()
        picture = numpy.random.default_rng(7).uniform(-1, 1, given["shape"]).astype("f4")
        interpreter.set_tensor(given["index"], picture)
        interpreter.invoke()
        numpy.save(at / "input.npy", numpy.ascontiguousarray(picture.transpose(0, 3, 1, 2)))
        numpy.save(at / "expected.npy", interpreter.get_tensor(wanted["index"]))


main()
