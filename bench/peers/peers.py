# The peers, as somebody would write them in Python: a process that lives long, reads the name of a task on a line and
# answers with a line of JSON, the milliseconds it took (for one photograph, step or training), or what is missing here.
#
#     python peers.py WORK PHOTOS
#
# WORK holds model.onnx (MobileNet v1 0.75), exposed.onnx (the same with feature maps and pooled features as outputs) and
# weights.npy (its classes' weights, 1000 × 768), which run.ts puts there; PHOTOS is a folder of photographs.
import glob
import json
import multiprocessing
import os
import sys
import time

WORK, PHOTOS = sys.argv[1:3]
SIDE = 224
REPEATS_OF_FEATURES = 10
kept = {}


def once(make):
    """Makes something at its first use."""

    def get():
        if make.__name__ not in kept:
            kept[make.__name__] = make()
        return kept[make.__name__]

    return get


def photos():
    return sorted(glob.glob(os.path.join(PHOTOS, "*")))


def cover(width, height):
    scale = SIDE / min(width, height)
    return max(SIDE, round(width * scale)), max(SIDE, round(height * scale))


def by_pillow(path):
    import numpy as np
    from PIL import Image

    image = Image.open(path).convert("RGB")
    width, height = cover(*image.size)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    image = image.resize((width, height), Image.BILINEAR).crop((left, top, left + SIDE, top + SIDE))
    return ((np.asarray(image, "f4") - 127.5) / 127.5).transpose(2, 0, 1)


def by_opencv(path):
    import cv2

    image = cv2.imread(path)
    width, height = cover(image.shape[1], image.shape[0])
    image = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    left, top = (width - SIDE) // 2, (height - SIDE) // 2
    image = image[top : top + SIDE, left : left + SIDE, ::-1]
    return ((image.astype("f4") - 127.5) / 127.5).transpose(2, 0, 1)


def session(threads=0):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    opened = onnxruntime.InferenceSession(os.path.join(WORK, "exposed.onnx"), options)
    names = [output.name for output in opened.get_outputs()]

    def run(batch):
        outputs = opened.run(names, {"image": batch})
        maps = next(value for value in outputs if value.ndim == 4 and value.shape[2] > 1)
        logits = next(value for value in outputs if value.shape[1:] == (1000,))
        return maps, logits

    return run


@once
def all_cores():
    return session()


@once
def weights():
    import numpy as np

    return np.load(os.path.join(WORK, "weights.npy"))


def maps_and_boxes(maps, logits, largest=True):
    """Five class activation maps on the input's grid, and the box of the largest part above a fifth of each maximum."""
    import numpy as np
    from PIL import Image

    places = maps.reshape(maps.shape[0], -1)
    for chosen in logits.argsort()[::-1][:5]:
        small = (weights()[chosen] @ places).reshape(maps.shape[1:])
        large = np.asarray(Image.fromarray(small).resize((SIDE, SIDE), Image.BILINEAR))
        box_of(large >= 0.2 * large.max(), largest)


def box_of(above, largest):
    import numpy as np

    if largest:
        import cv2

        count, _, parts, _ = cv2.connectedComponentsWithStats(above.astype("u1"), connectivity=8)
        return parts[1 + int(np.argmax(parts[1:, 4])), :4] if count > 1 else None
    rows, columns = np.nonzero(above)
    return columns.min(), rows.min(), columns.max(), rows.max()


def look():
    files = photos()
    run = all_cores()
    weights()

    def work():
        for file in files:
            maps, logits = run(by_pillow(file)[None])
            maps_and_boxes(maps[0], logits[0])

    return timed(work, len(files))


def timed(work, count=1):
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun) / count


def rounds(inbox, outbox):
    """One round each time that it is asked for, until it is told to stop."""
    while True:
        outbox.put("ready")
        if inbox.get() is None:
            return
        yield


def part_of_features(files, inbox, outbox):
    """One of two processes: OpenCV and ONNX Runtime on one thread each, batches of eight."""
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    run = session(1)
    for _ in rounds(inbox, outbox):
        batch = []
        for file in files:
            batch.append(by_opencv(file))
            if len(batch) == 8:
                run(np.stack(batch))
                batch = []
        if batch:
            run(np.stack(batch))


def part_of_looks(files, inbox, outbox):
    import cv2
    import numpy as np

    cv2.setNumThreads(1)
    run = session(1)
    for _ in rounds(inbox, outbox):
        for file in files:
            maps, logits = run(by_opencv(file)[None])
            maps_and_boxes(maps[0], logits[0])


def two_processes(part, files):
    """Milliseconds a photograph of both together; they live on for the next time."""
    key = part.__name__
    if key not in kept:
        # A fork would take over locks that the threads of ONNX Runtime and PyTorch hold here.
        spawned = multiprocessing.get_context("spawn")
        inbox, outbox = spawned.Queue(), spawned.Queue()
        workers = [spawned.Process(target=part, args=(files[i::2], inbox, outbox), daemon=True) for i in range(2)]
        for worker in workers:
            worker.start()
        kept[key] = (inbox, outbox)
        for _ in workers:
            outbox.get()
    inbox, outbox = kept[key]

    def work():
        for _ in range(2):
            inbox.put("go")
        for _ in range(2):
            outbox.get()

    return timed(work, len(files))


def features():
    import cv2  # noqa: F401  (missing here is said here, not in the processes)
    import onnxruntime  # noqa: F401

    return two_processes(part_of_features, photos() * REPEATS_OF_FEATURES)


def look_at_all():
    import cv2  # noqa: F401
    import onnxruntime  # noqa: F401

    return two_processes(part_of_looks, photos())


@once
def torch_network():
    """The same weights as modules of PyTorch, batch normalisation fused into convolutions, channels last."""
    import numpy as np
    import torch
    import onnx
    from onnx import numpy_helper
    from torch import nn

    graph = onnx.load(os.path.join(WORK, "model.onnx")).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    layers, shape = [], None
    for node in graph.node:
        given = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type == "GlobalAveragePool":
            break
        if node.op_type == "Conv":
            weight = torch.tensor(values[node.input[1]])
            stride = given["strides"][0]
            convolution = nn.Conv2d(
                weight.shape[1] * given["group"], weight.shape[0], weight.shape[2], stride, groups=given["group"], bias=False
            )
            convolution.weight.data = weight
            if "pads" in given:
                top, left, bottom, right = given["pads"]
            else:
                # SAME_UPPER: the odd line of padding lies below and to the right.
                missing = weight.shape[2] - stride if weight.shape[2] > 1 else 0
                top = left = missing // 2
                bottom = right = missing - missing // 2
            if top == bottom == left == right:
                convolution.padding = (top, left)
            else:
                layers.append(nn.ZeroPad2d((left, right, top, bottom)))
            layers.append(convolution)
        elif node.op_type == "BatchNormalization":
            scale, bias, mean, variance = (torch.tensor(values[name]) for name in node.input[1:5])
            norm = nn.BatchNorm2d(len(scale), eps=given["epsilon"])
            norm.weight.data, norm.bias.data, norm.running_mean, norm.running_var = scale, bias, mean, variance
            layers[-1] = torch.nn.utils.fusion.fuse_conv_bn_eval(layers[-1].eval(), norm.eval())
        else:
            layers.append(nn.ReLU6())

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.features = nn.Sequential(*layers)
            self.fc = nn.Linear(768, 1000)

        def forward(self, x):
            return self.fc(self.features(x).mean((2, 3)))

    network = Network().eval()
    network.fc.weight.data = torch.tensor(np.ascontiguousarray(weights()))
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network.to(memory_format=torch.channels_last)


def torch_cam():
    import torch
    from torchcam.methods import CAM

    network = torch_network()
    files = photos()
    if "cam" not in kept:
        kept["cam"] = CAM(network, target_layer=network.features[-1], fc_layer=network.fc)

    def work():
        for file in files:
            x = torch.from_numpy(by_pillow(file).copy())[None].to(memory_format=torch.channels_last)
            with torch.no_grad():
                scores = network(x)
            for chosen in scores[0].topk(5).indices.tolist():
                small = kept["cam"](chosen, scores)[0]
                large = torch.nn.functional.interpolate(small[None], size=(SIDE, SIDE), mode="bilinear")[0, 0].numpy()
                box_of(large >= 0.2 * large.max(), True)

    return timed(work, len(files))


@once
def training():
    import torch
    from torch import nn

    def block(given, made, side, stride):
        return [nn.Conv2d(given, made, side, stride, 1, bias=False), nn.BatchNorm2d(made), nn.ReLU()]

    # The network of bench/training/step-time.ts, whose strides are those of 4 × 4 kernels.
    stages = [*block(3, 32, 4, 2), *block(32, 64, 4, 2), *block(64, 128, 4, 2), *block(128, 128, 3, 1)]
    network = nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 20))
    assert sum(parameter.numel() for parameter in network.parameters()) == 316_116
    return network, torch.optim.AdamW(network.parameters(), 1e-4, weight_decay=0.01)


def train_step():
    import torch

    network, optimizer = training()
    x, y = torch.randn(16, 3, 112, 112), torch.arange(16) % 20

    def step():
        loss = torch.nn.functional.cross_entropy(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    # As step-time.ts: one that warms up, then the least of five.
    return min([timed(step) for _ in range(6)][1:])


TASKS = {
    "features": features,
    "look": look,
    "look-at-all": look_at_all,
    "torch-cam": torch_cam,
    "train-step": train_step,
}

if __name__ == "__main__":
    print("{}", flush=True)
    for line in sys.stdin:
        try:
            print(json.dumps({"value": TASKS[line.strip()]()}), flush=True)
        except ImportError as error:
            print(json.dumps({"missing": str(error)}), flush=True)
        except Exception as error:
            print(json.dumps({"missing": f"{type(error).__name__}: {error}"}), flush=True)
