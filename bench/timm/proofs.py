"""Writes what proofs.ts checks: a ViT with mean-pooled tokens, square and not, PyTorch's own tokens, and pictures with a
painted corner; networks with small networks behind the pooling, and their path weights by a quadrature in double
precision. Random weights.

    python3 bench/timm/proofs.py FOLDER [ARCHITECTURE ...] && node --import tsx bench/timm/proofs.ts FOLDER
"""

import copy
import pathlib
import sys

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "exporters"))
import missing_operators  # noqa: E402, F401
import timm  # noqa: E402

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def write(name, value):
    numpy.ascontiguousarray(value.detach().numpy(), dtype="float32").tofile(folder / f"{name}.bin")


def export(network, image, name):
    torch.onnx.export(network, (image,), str(folder / f"{name}.onnx"), dynamo=False, opset_version=17,
                      input_names=["input"], output_names=["logits"],
                      dynamic_axes={"input": {0: "batch"}, "logits": {0: "batch"}})


def tokens(name, height, width):
    """Mean-pooled tokens: a plain picture, and one with a painted patch in each corner."""
    torch.manual_seed(5)
    vit = timm.create_model("vit_tiny_patch16_224", global_pool="avg", img_size=(height, width)).eval()
    plain = 0.3 * torch.randn(1, 3, height, width)
    pictures = [plain]
    last = (height // 16 - 1, width // 16 - 1)
    for row, column in ((0, 0), (0, last[1]), (last[0], 0), last):
        painted = plain.clone()
        painted[:, :, 16 * row:16 * row + 16, 16 * column:16 * column + 16] += 2 * torch.randn(1, 3, 16, 16)
        pictures.append(painted)
    batch = torch.cat(pictures)
    with torch.no_grad():
        write(f"{name}.tokens", vit.forward_features(batch)[:, vit.num_prefix_tokens:].transpose(1, 2))
        write(f"{name}.logits", vit(batch))
    write(f"{name}.input", batch)
    export(vit, plain, name)


def tail_of(network):
    """From the features that are pooled to the scores, and from the picture to the maps that are pooled."""
    head = getattr(network, "head", None)
    if hasattr(head, "in_conv"):  # EfficientViT: a convolution before the pooling
        return head.classifier, lambda image: head.in_conv(network.forward_features(image))
    if type(network).__name__ == "MambaOut":  # channels last
        return (lambda pooled: network.forward_head(pooled[:, None, None])), (
            lambda image: network.forward_features(image).permute(0, 3, 1, 2))
    return (lambda pooled: network.forward_head(pooled[:, :, None, None])), network.forward_features


def path(architecture):
    """The weights of class 7 along the path, by Gauss's rule in double precision on panels that grow from 0."""
    torch.manual_seed(5)
    network = timm.create_model(architecture, exportable=True).eval()
    size = network.pretrained_cfg["input_size"]
    image = torch.randn(1, *size)
    with torch.no_grad():
        features = tail_of(network)[1](image).mean((2, 3))
    score = tail_of(copy.deepcopy(network).double())[0]
    features = features.double()
    nodes, shares = (torch.from_numpy(each) for each in numpy.polynomial.legendre.leggauss(16))
    ends = torch.cat([torch.zeros(1).double(), torch.logspace(-7, 0, 160, dtype=torch.float64)])
    total = torch.zeros_like(features)
    for low, high in zip(ends[:-1], ends[1:]):
        t = ((low + high) / 2 + (high - low) / 2 * nodes).view(-1, 1)
        points = (t * features).requires_grad_(True)
        score(points)[:, 7].sum().backward()
        total += (points.grad * shares.view(-1, 1)).sum(0, keepdim=True) * (high - low) / 2
    write(f"path-{architecture}.input", image)
    write(f"path-{architecture}.weights", total.flatten())
    export(network, image, f"path-{architecture}")
    print(architecture, flush=True)


ARCHITECTURES = [
    "mobilenetv3_small_100", "mobilenetv3_large_100", "ghostnet_100", "lcnet_050", "inception_next_atto",
    "efficientvit_b0", "efficientvit_l1", "mambaout_femto", "caformer_s18",
]
tokens("vit", 224, 160)
tokens("vit-square", 224, 224)
for each in sys.argv[2:] or ARCHITECTURES:
    path(each)
print("written")
