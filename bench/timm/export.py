"""Exports architectures of timm and torchvision (random weights) to ONNX with PyTorch's scores, for survey.ts to check.

    python3 bench/timm/export.py FOLDER [--exporter classic|dynamo] [NAME ...]

NAME is one of networks.txt beside this file (all of them unless given): an architecture of timm, with options of
`timm.create_model` behind an @ (`vit_tiny_patch16_224@global_pool=avg`), or `torchvision/NAME`. Each becomes FILE.onnx,
with FILE.in.bin (a seeded image, float32) and FILE.out.bin (the scores). Nothing is downloaded.
Needs torch, torchvision, timm, onnx, onnxscript.
"""

import argparse
import pathlib
import sys
import warnings

import torch

sys.path.append(str(pathlib.Path(__file__).parent.parent / "exporters"))
import missing_operators  # noqa: E402, F401
import timm  # noqa: E402
import torchvision  # noqa: E402

warnings.filterwarnings("ignore")
HERE = pathlib.Path(__file__).parent


def create(name):
    base, *options = name.split("@")
    if base.startswith("torchvision/"):
        base = base.split("/")[1]
        more = {"aux_logits": False, "init_weights": False} if base in ("googlenet", "inception_v3") else {}
        network = getattr(torchvision.models, base)(weights=None, **more)
        side = {"inception_v3": 299}.get(base, 224)
        return network.eval(), (3, side, side)
    network = timm.create_model(base, pretrained=False, exportable=True, **dict(each.split("=") for each in options))
    return network.eval(), tuple(network.pretrained_cfg["input_size"])


def as_if_trained(network):
    """Nothing stays at its starting value. (Exporters store equal tensors once, and leave out what changes nothing.)"""
    generator = torch.Generator().manual_seed(11)
    for parameter in network.parameters():
        if parameter.numel() > 1 and bool((parameter == parameter.flatten()[0]).all()):
            parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)
    for module in network.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            module.running_mean = 0.1 * torch.randn(module.running_mean.shape, generator=generator)
            module.running_var = 0.5 + torch.rand(module.running_var.shape, generator=generator)
    return generator


def export(name, folder, exporter, opset):
    torch.manual_seed(7)
    network, size = create(name)
    generator = as_if_trained(network)
    image = torch.randn((1, *size), generator=generator)
    with torch.no_grad():
        scores = network(image)
    file = folder / (name.replace("/", "_") + ".onnx")
    names = {"input_names": ["input"], "output_names": ["logits"]}
    if exporter == "classic":
        axes = {"input": {0: "batch"}, "logits": {0: "batch"}}
        torch.onnx.export(network, (image,), str(file), dynamo=False, opset_version=opset, dynamic_axes=axes, **names)
    else:
        torch.onnx.export(network, (image,), str(file), dynamo=True, **names)
    image.numpy().astype("float32").tofile(file.with_suffix(".in.bin"))
    scores.numpy().astype("float32").tofile(file.with_suffix(".out.bin"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--exporter", choices=["classic", "dynamo"], default="classic")
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    names = given.names or (HERE / "networks.txt").read_text().split()
    for name in names:
        for opset in (17, 18, 20):
            try:
                export(name, given.folder, given.exporter, opset)
                print("ok", name, flush=True)
                break
            except Exception as error:  # noqa: BLE001
                print("failed", name, f"opset {opset}:", type(error).__name__, str(error).split("\n")[0][:120], flush=True)
                if given.exporter == "dynamo":
                    break


main()
