# PyTorch on its card: a process that reads a JSON command a line and answers with a line of JSON. See compare.ts.
#
#     python torch_side.py FOLDER
#
# {"prepare": [NAME, ...], "photos": N}  seeded networks become FOLDER/NAME.onnx, drawn photographs FOLDER/photos/*.jpg
# {"forward": NAME, "batch": N}          ms a picture: pictures in memory to scores in memory
# {"resident": NAME, "batch": N}         ms a picture: the network alone, pictures and scores staying on the card
# {"features": NAME, "batch": N}         ms a photograph: JPEG to pooled features, decoded by OpenCV in worker processes
# {"scores": NAME}                       scores of the seeded pictures in FOLDER/NAME.in.bin, in FOLDER/NAME.out.bin
import glob
import json
import os
import sys
import time

import cv2
import numpy as np
import timm
import torch

FOLDER = sys.argv[1]
PHOTOS = os.path.join(FOLDER, "photos")
NETWORKS = {"efficientnet_lite2": ("tf_efficientnet_lite2", 260), "resnet50": ("resnet50", 224)}
REPEATS = 20
networks = {}
batches = {}


def network(name):
    if name not in networks:
        torch.manual_seed(7)
        networks[name] = timm.create_model(NETWORKS[name][0], pretrained=False, exportable=True).eval()
    return networks[name]


def on_card(name):
    key = name + " on the card"
    if key not in networks:
        network(name)
        networks[key] = network(name).cuda().to(memory_format=torch.channels_last)
    return networks[key]


def pictures(name, batch):
    if (name, batch) not in batches:
        side = NETWORKS[name][1]
        batches[name, batch] = torch.from_numpy(np.random.default_rng(3).standard_normal((batch, 3, side, side), "f4"))
    return batches[name, batch]


def prepare(names, photos):
    os.makedirs(PHOTOS, exist_ok=True)
    for name in names:
        # Weights that keep a signal through all layers: statistics of the normalisations are of these very pictures.
        net, first = network(name), pictures(name, 16)
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                module.momentum = None
        net.train()
        with torch.no_grad():
            net(first)
        net.eval()
        image = first[:1]
        axes = {"input": {0: "batch"}, "logits": {0: "batch"}}
        file = os.path.join(FOLDER, name + ".onnx")
        names_of = {"input_names": ["input"], "output_names": ["logits"], "dynamic_axes": axes}
        torch.onnx.export(net, (image,), file, dynamo=False, opset_version=17, **names_of)
        first.numpy().tofile(os.path.join(FOLDER, name + ".in.bin"))
    rng = np.random.default_rng(5)
    for i in range(photos):
        coarse = rng.integers(0, 256, (24, 32, 3), dtype="u1")
        fine = rng.integers(-20, 21, (375, 500, 3))
        photo = cv2.resize(coarse, (500, 375), interpolation=cv2.INTER_CUBIC).astype(int) + fine
        cv2.imwrite(os.path.join(PHOTOS, f"{i:04}.jpg"), np.clip(photo, 0, 255).astype("u1"))
    return {"torch": torch.__version__, "card": torch.cuda.get_device_name(), "cuda": torch.version.cuda}


def timed(run, count):
    for _ in range(3):
        run()
    torch.cuda.synchronize()
    begun = time.perf_counter()
    for _ in range(REPEATS):
        run()
    torch.cuda.synchronize()
    return {"value": (time.perf_counter() - begun) * 1000 / REPEATS / count}


@torch.inference_mode()
def forward(name, batch):
    net, images = on_card(name), pictures(name, batch)
    return timed(lambda: net(images.cuda().to(memory_format=torch.channels_last)).cpu(), batch)


@torch.inference_mode()
def resident(name, batch):
    net, images = on_card(name), pictures(name, batch).cuda().to(memory_format=torch.channels_last)
    return timed(lambda: net(images), batch)


class Photographs(torch.utils.data.Dataset):
    def __init__(self, side):
        self.side, self.files = side, sorted(glob.glob(os.path.join(PHOTOS, "*.jpg")))

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        image = cv2.imread(self.files[i])
        height, width = image.shape[:2]
        scale = self.side / min(height, width)
        image = cv2.resize(image, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
        top, left = (image.shape[0] - self.side) // 2, (image.shape[1] - self.side) // 2
        image = image[top : top + self.side, left : left + self.side, ::-1]
        return torch.from_numpy((image.astype("f4") - 127.5) / 127.5).permute(2, 0, 1)


@torch.inference_mode()
def features(name, batch):
    net, photos = on_card(name), Photographs(NETWORKS[name][1])
    loader = torch.utils.data.DataLoader(photos, batch, num_workers=os.cpu_count(), pin_memory=True)
    begun = time.perf_counter()
    rows = []
    for images in loader:
        images = images.cuda(non_blocking=True).to(memory_format=torch.channels_last)
        rows.append(net.forward_features(images).mean((2, 3)).cpu())
    assert torch.cat(rows).shape[0] == len(photos)
    return {"value": (time.perf_counter() - begun) * 1000 / len(photos)}


@torch.inference_mode()
def scores(name):
    torch.backends.cudnn.allow_tf32 = False
    images = pictures(name, 16)
    on_card(name)(images.cuda()).cpu().numpy().tofile(os.path.join(FOLDER, name + ".out.bin"))
    torch.backends.cudnn.allow_tf32 = True
    return {}


for line in sys.stdin:
    command = json.loads(line)
    try:
        if "prepare" in command:
            answer = prepare(command["prepare"], command["photos"])
        elif "scores" in command:
            answer = scores(command["scores"])
        else:
            [task, name] = next(iter(command.items()))
            answer = {"forward": forward, "resident": resident, "features": features}[task](name, command["batch"])
    except Exception as error:
        answer = {"missing": f"{type(error).__name__}: {error}".split("\n")[0]}
    print(json.dumps(answer), flush=True)
