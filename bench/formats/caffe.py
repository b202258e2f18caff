"""Seeded networks in Caffe's form with what OpenCV computes of them, for compare.ts: the four networks that the CVPR 2016
paper starts from, and small ones put together at random. Needs numpy and "opencv-python-headless<5": later ones read Caffe no more.
  python bench/formats/caffe.py FOLDER [NAME …]       (names by their beginnings: alexnet, googlenet, nin, small, and vgg16, whose
                                                       553 MB are written only where it is named; else a quarter of its channels)
"""

import pathlib
import random
import sys

import cv2
import numpy

from caffe_files import Net


def alexnet():
    net = Net("AlexNet", [1, 3, 227, 227], 1, old=True)
    lrn = dict(lrn_param=dict(local_size=5, alpha=0.0001, beta=0.75))
    net.conv("conv1", 3, 96, 11, stride=4)
    net.relu("relu1")
    net.add("LRN", "norm1", **lrn)
    net.pool("pool1", kernel_size=3, stride=2)
    net.conv("conv2", 96, 256, 5, pad=2, group=2)
    net.relu("relu2")
    net.add("LRN", "norm2", **lrn)
    net.pool("pool2", kernel_size=3, stride=2)
    net.conv("conv3", 256, 384, 3, pad=1)
    net.relu("relu3")
    net.conv("conv4", 384, 384, 3, pad=1, group=2)
    net.relu("relu4")
    net.conv("conv5", 384, 256, 3, pad=1, group=2)
    net.relu("relu5")
    net.pool("pool5", kernel_size=3, stride=2)
    net.dense("fc6", 256 * 6 * 6, 4096)
    net.relu("relu6")
    net.add("Dropout", "drop6", [net.last], net.last)
    net.dense("fc7", 4096, 4096)
    net.relu("relu7")
    net.add("Dropout", "drop7", [net.last], net.last)
    net.dense("fc8", 4096, 1000)
    net.add("Softmax", "prob")
    return net


def vgg16(width=64):
    net = Net("VGG-16", [1, 3, 224, 224], 2)
    channels = 3
    for stage, (times, count) in enumerate([(2, 1), (2, 2), (3, 4), (3, 8), (3, 8)], 1):
        for i in range(1, count and times + 1):
            net.conv(f"conv{stage}_{i}", channels, width * count, 3, pad=1)
            net.relu(f"relu{stage}_{i}")
            channels = width * count
        net.pool(f"pool{stage}", kernel_size=2, stride=2)
    net.dense("fc6", channels * 7 * 7, 64 * width)
    net.relu("relu6")
    net.add("Dropout", "drop6", [net.last], net.last)
    net.dense("fc7", 64 * width, 64 * width)
    net.relu("relu7")
    net.add("Dropout", "drop7", [net.last], net.last)
    net.dense("fc8", 64 * width, 1000)
    net.add("Softmax", "prob")
    return net


def inception(net, name, channels, sizes):
    one, reduce3, three, reduce5, five, pool = sizes
    start = net.last
    ends = []

    def branch(*steps):
        net.last = start
        for step, arguments in steps:
            step(*arguments[0], **arguments[1])
        ends.append(net.last)

    def conv(suffix, inputs, out, kernel, **more):
        def run():
            net.conv(f"{name}/{suffix}", inputs, out, kernel, [net.last], **more)
            net.relu(f"{name}/relu_{suffix}")

        return (run, ((), {}))

    def pooling():
        net.pool(f"{name}/pool", kernel_size=3, stride=1, pad=1)

    branch(conv("1x1", channels, one, 1))
    branch(conv("3x3_reduce", channels, reduce3, 1), conv("3x3", reduce3, three, 3, pad=1))
    branch(conv("5x5_reduce", channels, reduce5, 1), conv("5x5", reduce5, five, 5, pad=2))
    branch((pooling, ((), {})), conv("pool_proj", channels, pool, 1))
    net.add("Concat", f"{name}/output", ends)
    return one + three + five + pool


def googlenet():
    net = Net("GoogleNet", [1, 3, 224, 224], 3)
    lrn = dict(lrn_param=dict(local_size=5, alpha=0.0001, beta=0.75))
    net.conv("conv1/7x7_s2", 3, 64, 7, pad=3, stride=2)
    net.relu("conv1/relu_7x7")
    net.pool("pool1/3x3_s2", kernel_size=3, stride=2)
    net.add("LRN", "pool1/norm1", **lrn)
    net.conv("conv2/3x3_reduce", 64, 64, 1)
    net.relu("conv2/relu_3x3_reduce")
    net.conv("conv2/3x3", 64, 192, 3, pad=1)
    net.relu("conv2/relu_3x3")
    net.add("LRN", "conv2/norm2", **lrn)
    net.pool("pool2/3x3_s2", kernel_size=3, stride=2)
    channels = 192
    for stage in [
        [("3a", (64, 96, 128, 16, 32, 32)), ("3b", (128, 128, 192, 32, 96, 64))],
        [("4a", (192, 96, 208, 16, 48, 64)), ("4b", (160, 112, 224, 24, 64, 64)), ("4c", (128, 128, 256, 24, 64, 64)),
         ("4d", (112, 144, 288, 32, 64, 64)), ("4e", (256, 160, 320, 32, 128, 128))],
        [("5a", (256, 160, 320, 32, 128, 128)), ("5b", (384, 192, 384, 48, 128, 128))],
    ]:
        for name, sizes in stage:
            channels = inception(net, f"inception_{name}", channels, sizes)
        if name != "5b":
            net.pool(f"pool{name[0]}/3x3_s2", kernel_size=3, stride=2)
    net.pool("pool5/7x7_s1", "AVE", kernel_size=7, stride=1)
    net.add("Dropout", "pool5/drop_7x7_s1", [net.last], net.last, dropout_param=dict(dropout_ratio=0.4))
    net.dense("loss3/classifier", 1024, 1000)
    net.add("Softmax", "prob")
    return net


def nin():
    net = Net("nin_imagenet", [1, 3, 224, 224], 4, old=True)
    channels = 3
    for i, (out, last, kernel, more) in enumerate([
        (96, 96, 11, dict(stride=4)), (256, 256, 5, dict(pad=2)), (384, 384, 3, dict(pad=1)), (1024, 1000, 3, dict(pad=1)),
    ], 1):
        net.conv(f"conv{i}", channels, out, kernel, **more)
        net.relu(f"relu{i}")
        for j, count in enumerate([out, last], 1):
            net.conv(f"cccp{2 * i + j - 2}", out, count, 1)
            net.relu(f"relu{i}_{j}")
        if i < 4:
            net.pool(f"pool{i}", kernel_size=3, stride=2)
        channels = last
    net.pool("pool4", "AVE", kernel_size=6, stride=1)
    net.add("Softmax", "prob")
    return net


def small(seed):
    """A network of random layers; sizes are chosen so that rounding and padding matter."""
    choose = random.Random(seed)
    rows, columns = choose.randint(17, 40), choose.randint(17, 40)
    old = choose.random() < 0.3
    net = Net(f"small-{seed}", [1, 3, rows, columns], seed, old)
    channels = 3
    size = [rows, columns]

    def conv():
        nonlocal channels
        group = choose.choice([1, 1, channels]) if channels > 3 else 1
        out = group * choose.randint(1, 3) if group > 1 else choose.randint(2, 12)
        kernel, stride = choose.choice([1, 3, 5, (3, 5)]), choose.choice([1, 1, 2])
        dilation = choose.choice([1, 1, 2]) if stride == 1 and not old else 1
        kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
        pad = choose.randint(0, min(kh, kw) // 2 * dilation)
        new = [(s + 2 * pad - dilation * (k - 1) - 1) // stride + 1 for s, k in zip(size, (kh, kw))]
        if min(new) < 4:
            return
        more = dict(pad=pad, stride=stride, **({"dilation": dilation} if dilation > 1 else {}))
        net.conv(f"conv{len(net.layers)}", channels, out, kernel, group=group, bias=choose.random() < 0.7, **more)
        channels, size[:] = out, new

    def pool():
        kernel = choose.randint(2, 4)
        stride = choose.randint(1, kernel)
        pad = choose.randint(0, kernel // 2)
        new = []
        for s in size:
            count = -((kernel - s - 2 * pad) // stride) + 1
            if pad > 0 and (count - 1) * stride >= s + pad:
                count -= 1
            new.append(count)
        if min(new) < 4:
            return
        net.pool(f"pool{len(net.layers)}", choose.choice(["MAX", "AVE"]), kernel_size=kernel, stride=stride, pad=pad)
        size[:] = new

    def activation():
        name = f"act{len(net.layers)}"
        kinds = ["ReLU", "LeakyReLU", "Sigmoid", "TanH", "AbsVal"] + ([] if old else ["PReLU", "ELU"])
        kind = choose.choice(kinds)
        if kind == "LeakyReLU":
            net.relu(name, negative_slope=0.1)
        elif kind == "PReLU":
            net.add("PReLU", name, [net.last], net.last, blobs=[net.random.uniform(0.1, 0.5, channels).astype("f4")])
        else:
            net.add(kind, name, [net.last], net.last)

    def lrn():
        region = choose.choice(["ACROSS_CHANNELS", "WITHIN_CHANNEL"])
        extra = {} if region == "ACROSS_CHANNELS" else dict(norm_region=region)
        net.add("LRN", f"norm{len(net.layers)}", lrn_param=dict(local_size=choose.choice([3, 5]), alpha=0.5, beta=0.75, **extra))

    def normal():
        if old:
            return
        name = f"bn{len(net.layers)}"
        factor = net.random.uniform(0.5, 2)
        sums = [net.random.normal(0, 0.3, channels) * factor, net.random.uniform(0.5, 2, channels) * factor, numpy.array([factor])]
        net.add("BatchNorm", name, [net.last], net.last, blobs=[s.astype("f4") for s in sums])
        net.add("Scale", f"{name}/scale", [net.last], net.last, blobs=[net.random.uniform(0.5, 2, channels).astype("f4"),
                net.random.uniform(-0.3, 0.3, channels).astype("f4")], scale_param=dict(bias_term=True))

    def branches():
        nonlocal channels
        start, count = net.last, len(net.layers)
        if choose.random() < 0.5:
            net.add("Split", f"split{count}", [start], [f"split{count}_a", f"split{count}_b"])
            start_a, start_b = f"split{count}_a", f"split{count}_b"
        else:
            start_a = start_b = start
        net.conv(f"a{count}", channels, channels, 3, [start_a], pad=1)
        a = net.last
        net.conv(f"b{count}", channels, channels, 1, [start_b])
        b = net.last
        if choose.random() < 0.5:
            net.add("Concat", f"concat{count}", [a, b])
            channels *= 2
        else:
            how = choose.choice([dict(operation="SUM"), dict(operation="MAX"), dict(operation="PROD"),
                                 dict(operation="SUM", coeff=[0.5, -1.5])])
            net.add("Eltwise", f"join{count}", [a, b], eltwise_param=how)

    conv()
    for _ in range(choose.randint(4, 9)):
        choose.choice([conv, pool, activation, lrn, normal, branches])()
    if channels < 2:
        net.conv("wide", channels, 5, 1)
        channels = 5
    end = choose.randint(0, 3)
    if end == 0:
        net.pool("gap", "AVE", global_pooling=True) if not old else net.pool("gap", "AVE", kernel_h=size[0], kernel_w=size[1])
        net.dense("fc", channels, 7)
    elif end == 1:
        net.dense("fc", channels * size[0] * size[1], 6)
        net.relu("relu_end")
        net.dense("fc2", 6, 5)
    elif end == 2:
        net.add("Flatten", "flat")
        net.dense("fc", channels * size[0] * size[1], 4)
        if not old:
            net.add("Reshape", "reshape", reshape_param=dict(shape=dict(dim=[0, 2, -1])))
            return net
    else:
        net.pool("gap", "MAX", kernel_h=size[0], kernel_w=size[1])
    net.add("Softmax", "prob")
    return net


def write(net, folder):
    net.save(folder)
    read = cv2.dnn.readNetFromCaffe(str(folder / "net.prototxt"), str(folder / "net.caffemodel"))
    read.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
    data = numpy.random.default_rng(7).uniform(-120, 120, net.shape).astype("f4")
    data /= 100
    read.setInput(data)
    layers = read.getUnconnectedOutLayersNames()
    expected = read.forward(layers[-1])
    numpy.save(folder / "input.npy", data)
    numpy.save(folder / "expected.npy", expected.astype("f4"))


def main():
    folder = pathlib.Path(sys.argv[1])
    wanted = sys.argv[2:]
    makers = {"alexnet": alexnet, "googlenet": googlenet, "nin": nin, "vgg16-quarter": lambda: vgg16(16), "vgg16": vgg16}
    makers |= {f"small-{seed:02}": lambda seed=seed: small(seed) for seed in range(20)}
    for name, make in makers.items():
        if any(name.startswith(each) for each in wanted) if wanted else name != "vgg16":
            write(make(), folder / name)


main()
