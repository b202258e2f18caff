"""Gradients of a class score of a stored ONNX network by PyTorch's autograd, through onnx2torch: an independent reading.

    python bench/gradient/reference_onnx.py FOLDER NAME=NETWORK.onnx:LOGITS:MAPS …

Writes what reference.py writes, for the network up to LOGITS. Needs torch, onnx and onnx2torch.
"""

import pathlib
import sys

import numpy
import onnx
import onnx2torch
import torch

CLASS = 281


def gradients(network, image):
    image = image.clone().requires_grad_(True)
    logits, maps = network(image)
    return torch.autograd.grad(logits[0, CLASS], [image, maps])


def explicit_padding(model):
    """The padding that SAME_UPPER stands for, which onnx2torch does not know."""
    shapes = {value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
              for value in [*onnx.shape_inference.infer_shapes(model).graph.value_info, *model.graph.input]}
    kernels = {stored.name: list(stored.dims[2:]) for stored in model.graph.initializer}
    for node in model.graph.node:
        attributes = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        if attributes.get("auto_pad") != b"SAME_UPPER":
            continue
        kernel = attributes.get("kernel_shape") or kernels[node.input[1]]
        pads = [max(0, (-(-size // stride) - 1) * stride + reach - size)
                for size, stride, reach in zip(shapes[node.input[0]][2:], attributes.get("strides", [1, 1]), kernel)]
        for attribute in [a for a in node.attribute if a.name == "auto_pad"]:
            node.attribute.remove(attribute)
        halves = [pad // 2 for pad in pads] + [pad - pad // 2 for pad in pads]
        node.attribute.append(onnx.helper.make_attribute("pads", halves))
    return model


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for argument in sys.argv[2:]:
        name, source = argument.split("=", 1)
        path, logits, maps = source.rsplit(":", 2)
        image_name = onnx.load(path).graph.input[0].name
        both = folder / f"{name}.both.onnx"
        onnx.utils.extract_model(path, both, [image_name], [logits, maps])
        network = onnx2torch.convert(explicit_padding(onnx.load(both))).eval()
        both.unlink()
        onnx.utils.extract_model(path, folder / f"{name}.onnx", [image_name], [logits])
        image = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(3)) / 2
        of_image, of_maps = gradients(network, image)
        exact, _ = gradients(network.double(), image.double())
        arrays = {"input": image, "gradient_input": of_image, "gradient_maps": of_maps, "gradient_exact": exact}
        for key, value in arrays.items():
            numpy.save(folder / f"{name}.{key}.npy", value.detach().numpy().astype("float32"))
        (folder / f"{name}.gradient.txt").write_text(str(CLASS))
        rounding = float((of_image - exact).abs().max() / exact.abs().max())
        print(name, list(of_maps.shape), f"PyTorch's rounding {rounding:.0e}", flush=True)


if __name__ == "__main__":
    main()
