"""Exports architectures of timm and torchvision (random weights) to ONNX with PyTorch's scores, for survey.ts to check.

    python3 bench/timm/export.py FOLDER [--exporter classic|dynamo|both] [--jobs N] [--timeout SECONDS] [NAME|LIST.txt ...]

NAME is one of networks.txt beside this file (all of them unless given): an architecture of timm, with options of
`timm.create_model` behind an @ (`vit_tiny_patch16_224@global_pool=avg`), or `torchvision/NAME`; LIST.txt holds names. Each
becomes FILE.onnx, with FILE.in.bin (a seeded image, float32) and FILE.out.bin (the scores); those of the newer exporter lie in
FOLDER/dynamo. One architecture a process, N at once (one a processor unless given). What is there is not exported again;
what fails is told with its reason, one line each: `ok|failed EXPORTER NAME SECONDS REASON`. Nothing is downloaded.
Needs torch, torchvision, timm, onnx, onnxscript.
"""

import argparse
import logging
import multiprocessing
import os
import pathlib
import sys
import time
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


def file_of(folder, exporter, name):
    return (folder / "dynamo" if exporter == "dynamo" else folder) / (name.replace("/", "_") + ".onnx")


def export(name, file, exporter, opset):
    torch.manual_seed(7)
    network, size = create(name)
    generator = as_if_trained(network)
    image = torch.randn((1, *size), generator=generator)
    with torch.no_grad():
        scores = network(image)
    names = {"input_names": ["input"], "output_names": ["logits"]}
    if exporter == "classic":
        axes = {"input": {0: "batch"}, "logits": {0: "batch"}}
        torch.onnx.export(network, (image,), str(file), dynamo=False, opset_version=opset, dynamic_axes=axes, **names)
    else:
        torch.onnx.export(network, (image,), str(file), dynamo=True, **names)
    image.numpy().astype("float32").tofile(file.with_suffix(".in.bin"))
    # The last to be written: an export is whole when it is there.
    scores.numpy().astype("float32").tofile(file.with_suffix(".out.bin"))


def export_alone(name, file, exporter, said):
    """In a process of its own: what exporters print is not passed on."""
    torch.set_num_threads(1)
    logging.disable(logging.CRITICAL)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    reasons = []
    for opset in (17, 18, 20) if exporter == "classic" else (None,):
        try:
            export(name, file, exporter, opset)
            said.send("")
            return
        except Exception as error:  # noqa: BLE001
            with_opset = f"opset {opset}: " if opset else ""
            reasons.append(f"{with_opset}{type(error).__name__}: {' '.join(str(error).split())[:160]}")
    said.send("; ".join(reasons))


class Job:
    def __init__(self, context, name, file, exporter):
        self.name, self.exporter, self.file, self.start = name, exporter, file, time.monotonic()
        self.said, said = context.Pipe(duplex=False)
        self.process = context.Process(target=export_alone, args=(name, file, exporter, said))
        self.process.start()
        said.close()

    def reason(self, timeout):
        """Nothing while it runs, "" when it is exported, else why it is not."""
        if self.said.poll() or not self.process.is_alive():
            try:
                reason = self.said.recv()
            except EOFError:
                self.process.join()
                reason = f"its process ended with {self.process.exitcode}"
            self.process.join()
            return reason
        if time.monotonic() - self.start <= timeout:
            return None
        self.process.kill()
        self.process.join()
        return f"took longer than {timeout} s"


def tell(exporter, name, seconds, reason):
    print("failed" if reason else "ok", exporter, name, f"{seconds:.1f}", reason, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--exporter", choices=["classic", "dynamo", "both"], default="classic")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=int, default=150)
    parser.add_argument("names", nargs="*")
    given = parser.parse_intermixed_args()
    (given.folder / "dynamo").mkdir(parents=True, exist_ok=True)
    names = [
        name
        for each in given.names or [HERE / "networks.txt"]
        for name in (pathlib.Path(each).read_text().split() if str(each).endswith(".txt") else [each])
    ]
    # The newer exporter takes the longest: it begins.
    exporters = ["dynamo", "classic"] if given.exporter == "both" else [given.exporter]
    waiting = [(exporter, name) for exporter in exporters for name in names]
    context = multiprocessing.get_context("fork")
    running = []
    while waiting or running:
        while waiting and len(running) < given.jobs:
            exporter, name = waiting.pop(0)
            file = file_of(given.folder, exporter, name)
            if file.with_suffix(".out.bin").exists():
                tell(exporter, name, 0, "")
            else:
                running.append(Job(context, name, file, exporter))
        for job in list(running):
            reason = job.reason(given.timeout)
            if reason is None:
                continue
            running.remove(job)
            if reason:
                for part in job.file.parent.glob(f"{job.file.name}*"):
                    part.unlink()
            tell(job.exporter, job.name, time.monotonic() - job.start, reason)
        time.sleep(0.02)


main()
