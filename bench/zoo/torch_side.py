"""PyTorch's side of bench/zoo/table.ts: builds a network, saves its weights and one result, and runs it as often as asked.

Reads one JSON command a line from its input and answers with one JSON line:
  {"torchvision": NAME, "folder": F}  torchvision's network with seeded weights; writes F/NAME.pth (ZIP form),
                                      NAME-old.pth (old form), NAME.safetensors, NAME.input.npy, NAME.output.npy
  {"graph": F/NAME.onnx, "folder": F} the ONNX graph, layer by layer in PyTorch; writes NAME.input.npy, NAME.output.npy
  {"golden": F/NAME.onnx, "torchvision": NAME, "classes": C}
                                      torchvision's network with the weights of the graph; answers its scores
  {"golden": F/NAME.onnx}             the same of the graph, layer by layer
  {"run": N}                          milliseconds of N runs of the last network on its one picture
"""

import json
import pathlib
import sys
import time

import numpy
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from seeded_torchvision import seeded


def torchvision_models():
    try:
        from torchvision import models
    except RuntimeError:
        # A torchvision built for another PyTorch lacks its compiled operators; none of these networks needs them.
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        for name in [name for name in sys.modules if name.startswith("torchvision")]:
            del sys.modules[name]
        from torchvision import models
        torchvision_models.library = library
    return models


def layers(path):
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(path).graph
    constants = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    steps = []
    for node in graph.node:
        given = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        steps.append((OPERATORS[node.op_type], given, list(node.input), node.output[0]))
    source, result = graph.input[0].name, graph.output[0].name

    def run(image):
        values = {source: image}
        for operator, given, inputs, output in steps:
            values[output] = operator(given, *[values[n] if n in values else constants[n] for n in inputs])
        return values[result]

    sides = [d.dim_value for d in graph.input[0].type.tensor_type.shape.dim[2:]]
    return run, sides


def padded(x, pads, value=0.0):
    top, left, bottom, right = pads
    return F.pad(x, (left, right, top, bottom), value=value) if any(pads) else x


def convolution(given, x, weight, bias=None):
    return F.conv2d(padded(x, given["pads"]), weight, bias, stride=given["strides"], groups=given["group"])


def largest(given, x):
    x = padded(x, given["pads"], float("-inf"))
    return F.max_pool2d(x, given["kernel_shape"], given["strides"], ceil_mode=bool(given["ceil_mode"]))


def flattened(given, x):
    return torch.flatten(x, 1)


OPERATORS = {
    "Conv": convolution,
    "MaxPool": largest,
    "AveragePool": lambda given, x: F.avg_pool2d(x, given["kernel_shape"], given["strides"]),
    "GlobalAveragePool": lambda given, x: x.mean((2, 3), keepdim=True),
    "GlobalMaxPool": lambda given, x: x.amax((2, 3), keepdim=True),
    "BatchNormalization": lambda given, x, w, b, m, v: F.batch_norm(x, m, v, w, b, eps=given["epsilon"]),
    "LRN": lambda given, x: F.local_response_norm(x, given["size"], given["alpha"], given["beta"], given["bias"]),
    "Relu": lambda given, x: F.relu(x),
    "Clip": lambda given, x, low, high: torch.clamp(x, float(low), float(high)),
    "Sigmoid": lambda given, x: torch.sigmoid(x),
    "Mul": lambda given, a, b: a * b,
    "Add": lambda given, a, b: a + b,
    "Concat": lambda given, *parts: torch.cat(parts, given["axis"]),
    "Flatten": flattened,
    "Gemm": lambda given, x, weight, bias: F.linear(x, weight, bias),
}


def golden(command):
    """The scores of a picture whose numbers are sin(0.01 i²), whoever computes them."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(command["golden"]).graph
    network, sides = layers(command["golden"])
    if "torchvision" in command:
        options = {"aux_logits": False, "init_weights": False} if command["torchvision"] == "googlenet" else {}
        network = getattr(torchvision_models(), command["torchvision"])(num_classes=command["classes"], **options).eval()
        state = network.state_dict()
        given = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy()) for t in graph.initializer}
        state.update({name: value for name, value in given.items() if name not in ("zero", "six")})
        network.load_state_dict(state)
    i = numpy.arange(3 * sides[0] * sides[1], dtype="float64")
    image = torch.from_numpy(numpy.sin(0.01 * i * i).astype("float32").reshape(1, 3, *sides))
    with torch.inference_mode():
        return network(image)[0].tolist()


def load(command):
    folder = pathlib.Path(command["folder"])
    if "torchvision" in command:
        from safetensors.torch import save_file

        name = command["torchvision"]
        network, sides = seeded(torchvision_models(), name, training_heads=True), [224, 224]
        state = network.state_dict()
        torch.save(state, folder / f"{name}.pth")
        torch.save(state, folder / f"{name}-old.pth", _use_new_zipfile_serialization=False)
        save_file({key: value.contiguous() for key, value in state.items()}, folder / f"{name}.safetensors")
    else:
        name = pathlib.Path(command["graph"]).stem
        network, sides = layers(command["graph"])
    image = torch.rand(1, 3, *sides, generator=torch.Generator().manual_seed(3)) * 2 - 1
    with torch.inference_mode():
        output = network(image)
    numpy.save(folder / f"{name}.input.npy", image.numpy())
    numpy.save(folder / f"{name}.output.npy", output.numpy())
    return network, image


def main():
    torch.set_num_threads(int(sys.argv[1]))
    network = image = None
    for line in sys.stdin:
        command = json.loads(line)
        if "run" in command:
            times = []
            with torch.inference_mode():
                for _ in range(command["run"]):
                    started = time.perf_counter()
                    network(image)
                    times.append((time.perf_counter() - started) * 1000)
            answer = {"ms": times}
        elif "golden" in command:
            answer = {"scores": golden(command)}
        else:
            network, image = load(command)
            answer = {"torch": torch.__version__}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
