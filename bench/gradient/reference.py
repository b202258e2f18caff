"""Networks of torchvision (random weights) as ONNX files, and gradients of a class score by PyTorch's autograd.

    python3 bench/gradient/reference.py FOLDER [NETWORK ...]

The networks are those of bench/torchvision/export.py --unfused. NAME.*.npy hold an input and, for one class, the
gradients of its score with respect to the input and to the last feature maps, and the input's gradient in double
precision, whose distance to the first is PyTorch's own rounding. NAME.gradient.txt says which class. Nothing is
downloaded.
"""

import argparse
import importlib.util
import pathlib

import numpy
import torch

CLASS = 281
MODULES = {"vgg16": "features", "alexnet": "features"}


def load_exporter():
    path = pathlib.Path(__file__).parent.parent / "torchvision" / "export.py"
    spec = importlib.util.spec_from_file_location("export", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gradients(network, name, module, image):
    image = image.clone().requires_grad_(True)
    seen = {}
    if name == "densenet121":  # ReLU and pooling are function calls after `features`
        seen["maps"] = torch.relu(network.features(image))
        logits = network.classifier(seen["maps"].mean(dim=(2, 3)))
    else:
        network.get_submodule(module).register_forward_hook(lambda _m, _i, out: seen.update(maps=out))
        logits = network(image)
    return torch.autograd.grad(logits[0, CLASS], [image, seen["maps"]])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("networks", nargs="*", metavar="NETWORK")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    exporter = load_exporter()
    print(f"torch {torch.__version__}")
    for name in arguments.networks or exporter.NETWORKS:
        network = exporter.build(name)
        image = torch.rand(1, 3, 224, 224, generator=torch.Generator().manual_seed(3)) * 2 - 1
        how = argparse.Namespace(exporter="classic", unfused=True)
        exporter.export(network, image, str(arguments.folder / f"{name}.onnx"), how)
        module = exporter.NETWORKS[name][0] or MODULES.get(name)
        of_image, of_maps = gradients(network, name, module, image)
        exact, _ = gradients(network.double(), name, module, image.double())
        arrays = {"input": image, "gradient_input": of_image, "gradient_maps": of_maps, "gradient_exact": exact}
        for key, value in arrays.items():
            numpy.save(arguments.folder / f"{name}.{key}.npy", value.detach().numpy().astype("float32"))
        (arguments.folder / f"{name}.gradient.txt").write_text(str(CLASS))
        rounding = float((of_image - exact).abs().max() / exact.abs().max())
        print(name, list(of_maps.shape), f"PyTorch's rounding {rounding:.0e}", flush=True)


if __name__ == "__main__":
    main()
