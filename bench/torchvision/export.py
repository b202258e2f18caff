"""Exports networks of torchvision (random weights) to ONNX with reference outputs, for verify.ts to check.

    python3 bench/torchvision/export.py FOLDER [--exporter classic|dynamo] [--unfused] [NETWORK ...]

Each network NAME becomes NAME.onnx, and NAME.json says where float32 .npy files hold what PyTorch computed on one
seeded input: the input, the last feature maps (what goes into the pooling), the pooled features and the logits.
Nothing is downloaded.
"""

import argparse
import json
import pathlib
import sys

import numpy
import torch
import torchvision

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from seeded_torchvision import seeded

# Network -> (the module whose output are the last feature maps, parameters as published by torchvision)
NETWORKS = {
    "resnet18": ("layer4", 11689512),
    "mobilenet_v2": ("features", 3504872),
    "googlenet": ("inception5b", 6624904),
    "squeezenet1_1": ("features", 1235496),
    "densenet121": (None, 7978856),
    "efficientnet_b0": ("features", 5288548),
    "shufflenet_v2_x1_0": ("conv5", 2278604),
    "convnext_tiny": ("features", 28589128),
    "vgg16": (None, 138357544),
    "alexnet": (None, 61100840),
}


def reference(network, name, image):
    seen = {}
    maps_module, _ = NETWORKS[name]
    if maps_module:
        network.get_submodule(maps_module).register_forward_hook(lambda _m, _i, out: seen.update(maps=out))
    if name == "densenet121":  # ReLU and pooling are function calls after `features`
        network.features.register_forward_hook(lambda _m, _i, out: seen.update(maps=torch.relu(out)))
    with torch.no_grad():
        logits = network(image)
    arrays = {"input": image, "logits": logits}
    if "maps" in seen:
        arrays |= {"maps": seen["maps"], "features": seen["maps"].mean(dim=(2, 3))}
    return {key: value.detach().numpy().astype("float32") for key, value in arrays.items()}


def export(network, image, path, arguments):
    if arguments.exporter == "dynamo":
        torch.onnx.export(network, (image,), path, dynamo=True, opset_version=18, external_data=False,
                          input_names=["input"], output_names=["logits"], verbose=False)
        return
    options = {"dynamo": False} if torch.__version__ >= "2.5" else {}
    if arguments.unfused:
        options |= {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
    torch.onnx.export(network, image, path, opset_version=13, input_names=["input"], output_names=["logits"],
                      dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}}, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    parser.add_argument("--exporter", choices=["classic", "dynamo"], default="classic")
    parser.add_argument("--unfused", action="store_true", help="keep BatchNormalization apart from the convolutions")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, exporter {arguments.exporter}")
    for name in arguments.networks or NETWORKS:
        network = seeded(torchvision.models, name, training_heads=False)
        image = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(3)) * 2 - 1
        arrays = reference(network, name, image)
        export(network, image, str(arguments.folder / f"{name}.onnx"), arguments)
        files = {}
        for key, array in arrays.items():
            files[key] = f"{name}.{key}.npy"
            numpy.save(arguments.folder / files[key], array)
        description = {"network": name, "parameters": NETWORKS[name][1], "files": files}
        (arguments.folder / f"{name}.json").write_text(json.dumps(description))
        print(name, {key: list(array.shape) for key, array in arrays.items()}, flush=True)


if __name__ == "__main__":
    main()
