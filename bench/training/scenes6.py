"""What scenes6.ts does, with PyTorch: the same network, start, recipe and augmentation, from other random numbers.

    CAMLAB_REAL=… python bench/training/scenes6.py OUT [--seeds 1,2,3] [--epochs 30]

OUT gets pytorch.json. Needs torch, numpy and opencv.
"""

import argparse
import json
import math
import os
import pathlib
import time

import cv2
import numpy
import torch
from torch import nn
from torch.nn import functional as F

SIZE, BATCH, PEAK, WARMUP, DECAY, SMALLEST = 64, 32, 0.1, 0.2, 5e-4, 0.6


def load(folder, classes):
    images, labels = [], []
    for index, name in enumerate(classes):
        for path in sorted((folder / name).iterdir()):
            image = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
            images.append(cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA))
            labels.append(index)
    pixels = torch.from_numpy(numpy.stack(images)).permute(0, 3, 1, 2).float()
    return (pixels - 127.5) / 127.5, torch.tensor(labels)


def block(before, after, kernel, stride):
    return [nn.Conv2d(before, after, kernel, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]


def build(classes):
    network = nn.Sequential(*block(3, 32, 4, 2), *block(32, 64, 4, 2), *block(64, 128, 4, 2), *block(128, 128, 3, 1),
                            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, classes))
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, std=0.01)
            nn.init.zeros_(module.bias)
    return network


def augmented(x):
    """A square cut of 60 to 100 % of the area, every second picture mirrored."""
    part = torch.sqrt(SMALLEST + (1 - SMALLEST) * torch.rand(len(x)))
    mirror = torch.where(torch.rand(len(x)) < 0.5, -1.0, 1.0)
    shift = (2 * torch.rand(len(x), 2) - 1) * (1 - part)[:, None]
    theta = torch.zeros(len(x), 2, 3)
    theta[:, 0, 0], theta[:, 1, 1], theta[:, :, 2] = part * mirror, part, shift
    grid = F.affine_grid(theta, list(x.shape), align_corners=False)
    return F.grid_sample(x, grid, padding_mode="border", align_corners=False)


def rate(progress):
    if progress < WARMUP:
        return PEAK * (1 / 25 + 24 / 25 * progress / WARMUP)
    return PEAK * (1 + math.cos(math.pi * (progress - WARMUP) / (1 - WARMUP))) / 2


def train(data, judge, classes, seed, epochs):
    torch.manual_seed(seed)
    network = build(classes)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim == 1]
    optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": DECAY}, {"params": free}], lr=PEAK, momentum=0.9,
                                nesterov=True)
    (x, y), steps, history, times = data, len(data[0]) // BATCH, [], []
    started = time.perf_counter()
    for epoch in range(epochs):
        network.train()
        order, losses = torch.randperm(len(x)), []
        for step in range(steps):
            began = time.perf_counter()
            for group in optimizer.param_groups:
                group["lr"] = rate((epoch * steps + step) / (epochs * steps))
            chosen = order[step * BATCH : (step + 1) * BATCH]
            loss = F.cross_entropy(network(augmented(x[chosen])), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            times.append(time.perf_counter() - began)
        network.eval()
        with torch.no_grad():
            scores = network(judge[0])
        history.append({"epoch": epoch + 1, "loss": sum(losses) / steps,
                        "accuracy": float((scores.argmax(1) == judge[1]).float().mean()),
                        "validationLoss": float(F.cross_entropy(scores, judge[1]))})
    return {"seed": seed, "history": history, "stepMs": 1000 * sorted(times)[len(times) // 2],
            "seconds": time.perf_counter() - started}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--epochs", type=int, default=30)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    folder = pathlib.Path(os.environ["CAMLAB_REAL"]) / "data" / "scenes6"
    classes = sorted(path.name for path in (folder / "train").iterdir())
    data, judge = load(folder / "train", classes), load(folder / "test", classes)
    runs = []
    for seed in map(int, arguments.seeds.split(",")):
        runs.append(train(data, judge, len(classes), seed, arguments.epochs))
        last = runs[-1]["history"][-1]
        print(f"seed {seed}: accuracy {100 * last['accuracy']:.1f} %, loss {last['loss']:.3f}, "
              f"{runs[-1]['stepMs']:.0f} ms a step", flush=True)
    (arguments.out / "pytorch.json").write_text(json.dumps({"name": f"PyTorch {torch.__version__}", "runs": runs}))


if __name__ == "__main__":
    main()
