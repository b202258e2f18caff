"""pytorch-grad-cam and torch-cam, from a JPEG to a map, for bench/ways/speed.ts: it tells a task and files on a line, and is
answered with the milliseconds.

    python bench/ways/speed_peers.py MODEL.onnx resnet18|mobilenet_v2|efficientnet_lite0

First writes MODEL.onnx: torchvision's (or timm's) network with seeded weights, the very network that runs here.
"""

import pathlib
import sys
import time

import numpy as np
import timm
import torch
import torchvision
from PIL import Image
from pytorch_grad_cam import GradCAM, ScoreCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from torchcam import methods

sys.path.append(str(pathlib.Path(__file__).parent.parent))
from seeded_torchvision import seeded  # noqa: E402

LAYER = {"resnet18": "layer4", "mobilenet_v2": "features", "efficientnet_lite0": "bn2"}[sys.argv[2]]
if sys.argv[2] == "efficientnet_lite0":
    torch.manual_seed(7)
    model = timm.create_model(sys.argv[2], exportable=True).eval()
else:
    model = seeded(torchvision.models, sys.argv[2], False)
torch.onnx.export(
    model, torch.zeros(1, 3, 224, 224), sys.argv[1], input_names=["input"], output_names=["logits"], opset_version=17,
    dynamic_axes={"input": {0: "n"}, "logits": {0: "n"}}, dynamo=False,
)
MEAN, STD = np.array([0.485, 0.456, 0.406], "f4"), np.array([0.229, 0.224, 0.225], "f4")


def read(file):
    image = Image.open(file).convert("RGB")
    width, height = image.size
    scale = 224 / min(width, height)
    image = image.resize((max(224, round(width * scale)), max(224, round(height * scale))), Image.BILINEAR)
    left, top = (image.size[0] - 224) // 2, (image.size[1] - 224) // 2
    pixels = np.asarray(image.crop((left, top, left + 224, top + 224)), "f4") / 255
    return torch.from_numpy(((pixels - MEAN) / STD).transpose(2, 0, 1)[None])


def grad_cam(method):
    extractor = method(model=model, target_layers=[getattr(model, LAYER)])
    return lambda files: extractor(torch.cat([read(file) for file in files]), None)


def torch_cam(method):
    def look(files):
        with method(model, LAYER) as extractor:
            scores = model(torch.cat([read(file) for file in files]))
            return extractor(scores.argmax(1).tolist(), scores)[0].numpy()

    return look


TASKS = {
    "pytorch-grad-cam grad-cam": grad_cam(GradCAM),
    "pytorch-grad-cam score-cam": grad_cam(ScoreCAM),
    "torch-cam cam": torch_cam(methods.CAM),
    "torch-cam grad-cam": torch_cam(methods.GradCAM),
    "torch-cam score-cam": torch_cam(methods.ScoreCAM),
}

print("ready", flush=True)
for line in sys.stdin:
    task, *files = line.rstrip("\n").split("\t")
    name, *batched = task.split(", batches of ")
    size = int(batched[0]) if batched else 1
    began = time.perf_counter()
    for start in range(0, len(files), size):
        TASKS[name](files[start : start + size])
    print(1000 * (time.perf_counter() - began), flush=True)
