"""Maps of pytorch-grad-cam and captum, to hold camlab's ways against: bench/ways/verify.ts reads what this writes.

    pip install torch torchvision onnx grad-cam captum
    python bench/ways/reference.py FOLDER [ARCHITECTURE]    # torchvision's resnet18 unless given; random weights, seeded
"""

import json
import pathlib
import sys

import captum.attr
import numpy as np
import pytorch_grad_cam as grad_cam
import torch
import torchvision
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

folder = pathlib.Path(sys.argv[1])
architecture = sys.argv[2] if len(sys.argv) > 2 else "resnet18"
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(1)
torch.set_num_threads(1)
size, label = 112, 7
model = getattr(torchvision.models, architecture)(weights=None, num_classes=40)

# A picture with structure: discs on a slope; then the statistics of batch normalisation are those of such pictures.
y, x = torch.meshgrid(torch.linspace(-1, 1, size), torch.linspace(-1, 1, size), indexing="ij")


def picture():
    image = torch.stack([x, y, x * y]) * torch.randn(3, 1, 1)
    for _ in range(6):
        cx, cy, r = torch.rand(3) * torch.tensor([2.0, 2.0, 0.5]) - torch.tensor([1.0, 1.0, 0.0])
        image[:, (x - cx) ** 2 + (y - cy) ** 2 < r**2] = torch.randn(3, 1)
    return image


model.train()
with torch.no_grad():
    for _ in range(8):
        model(torch.stack([picture() for _ in range(16)]))
model.eval()
photo = picture()[None]
last = {"resnet18": lambda: model.layer4, "mobilenet_v2": lambda: model.features, "vgg11_bn": lambda: model.features}
layer = last[architecture]()

maps = {}
targets = [ClassifierOutputTarget(label)]
for name, method in {
    "grad-cam": grad_cam.GradCAM,
    "grad-cam++": grad_cam.GradCAMPlusPlus,
    "xgrad-cam": grad_cam.XGradCAM,
    "layer-cam": grad_cam.LayerCAM,
    "hires-cam": grad_cam.HiResCAM,
    "eigen-cam": grad_cam.EigenCAM,
    "ablation-cam": grad_cam.AblationCAM,
    "score-cam": grad_cam.ScoreCAM,
}.items():
    with method(model=model, target_layers=[layer]) as cam:
        outputs = cam.activations_and_grads(photo)
        if cam.uses_gradients:
            model.zero_grad()
            targets[0](outputs[0]).backward(retain_graph=True)
        activations = cam.activations_and_grads.activations[0].cpu().data.numpy()
        gradients = cam.activations_and_grads.gradients[0].cpu().data.numpy() if cam.uses_gradients else None
        found = cam.get_cam_image(photo, layer, targets, activations, gradients, False)
    maps[name] = np.maximum(found[0], 0)

loudest = lambda values: values.abs().amax(dim=1)[0]
summed = lambda values: values.sum(dim=1)[0]
for name, method, join, options in [
    ("saliency", captum.attr.Saliency, loudest, {"abs": False}),
    ("input-x-gradient", captum.attr.InputXGradient, summed, {}),
    ("guided-backprop", captum.attr.GuidedBackprop, loudest, {}),
    ("deconvnet", captum.attr.Deconvolution, loudest, {}),
    ("integrated-gradients", captum.attr.IntegratedGradients, summed, {"n_steps": 32, "method": "riemann_middle"}),
]:
    # Captum's rules replace modules, and cannot replace one that works in place.
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    found = method(model).attribute(photo.clone().requires_grad_(), target=label, **options)
    maps[name] = join(found.detach()).numpy()

torch.onnx.export(
    model, photo, str(folder / "model.onnx"), input_names=["input"], output_names=["logits"], opset_version=17,
    dynamic_axes={"input": {0: "n"}, "logits": {0: "n"}}, dynamo=False,
)
photo.numpy().astype("float32").tofile(folder / "photo.f32")
with torch.no_grad():
    logits = model(photo)[0]
json.dump(
    {
        "size": size,
        "label": label,
        "logits": logits.tolist(),
        "maps": {name: {"height": m.shape[0], "width": m.shape[1], "data": m.astype(float).ravel().tolist()} for name, m in maps.items()},
    },
    open(folder / "reference.json", "w"),
)
print({name: list(m.shape) for name, m in maps.items()})
