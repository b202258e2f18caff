"""Writes what proofs.ts checks: a ViT with mean-pooled tokens on pictures that are not square, PyTorch's own tokens, and
pictures with a painted corner; MobileNetV3 and its path weights by a quadrature in double precision. Random weights.

    python3 bench/timm/proofs.py FOLDER && node --import tsx bench/timm/proofs.ts FOLDER
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


torch.manual_seed(5)
vit = timm.create_model("vit_tiny_patch16_224", global_pool="avg", img_size=(224, 160)).eval()
plain = 0.3 * torch.randn(1, 3, 224, 160)
pictures = [plain]
for row, column in ((0, 0), (0, 9), (13, 0), (13, 9)):
    painted = plain.clone()
    painted[:, :, 16 * row:16 * row + 16, 16 * column:16 * column + 16] += 2 * torch.randn(1, 3, 16, 16)
    pictures.append(painted)
batch = torch.cat(pictures)
with torch.no_grad():
    tokens = vit.forward_features(batch)[:, vit.num_prefix_tokens:]
    write("vit.tokens", tokens.transpose(1, 2))
    write("vit.logits", vit(batch))
write("vit.input", batch)
export(vit, plain, "vit")

mobile = timm.create_model("mobilenetv3_small_100").eval()
image = torch.randn(1, 3, 224, 224)
with torch.no_grad():
    features = mobile.global_pool(mobile.forward_features(image))
write("mobile.input", image)
export(mobile, image, "mobile")
double = copy.deepcopy(mobile).double()
F = features.double()


def score(pooled):
    hidden = double.act2(double.norm_head(double.conv_head(pooled)))
    return double.classifier(double.flatten(hidden))


steps, total = 4096, torch.zeros_like(F)
for start in range(0, steps, 256):
    t = ((torch.arange(start, start + 256, dtype=torch.float64) + 0.5) / steps).view(-1, 1, 1, 1)
    points = (t * F).requires_grad_(True)
    score(points)[:, 7].sum().backward()
    total += points.grad.sum(0, keepdim=True) / steps
write("mobile.weights", total.flatten())
print("written")
