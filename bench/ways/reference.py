"""Maps of pytorch-grad-cam and captum, to hold camlab's ways against: bench/ways/verify.ts reads what this writes.

    pip install torch torchvision timm onnx grad-cam captum
    python bench/ways/reference.py FOLDER [ARCHITECTURE] [EXPORTER]   # random weights, seeded; dynamo for the newer exporter

ARCHITECTURE is torchvision's resnet18 (unless given), mobilenet_v2, squeezenet1_1 or vgg11_bn, timm's efficientnet_lite0, or
vit-avg or vit-token: timm's vision transformer, small, its scores made of the mean of its tokens or of its class token. For
those the attention ways are written out here from the authors' equations.
"""

import json
import pathlib
import sys

import captum.attr
import numpy as np
import pytorch_grad_cam as grad_cam
import timm
import torch
import torchvision
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

folder = pathlib.Path(sys.argv[1])
architecture = sys.argv[2] if len(sys.argv) > 2 else "resnet18"
dynamo = sys.argv[3:] == ["dynamo"]
folder.mkdir(parents=True, exist_ok=True)
torch.manual_seed(1)
torch.set_num_threads(1)
size, label = 112, 7
transformer = architecture.startswith("vit-")
if transformer:
    pool = architecture[4:]
    model = timm.models.vision_transformer.VisionTransformer(
        img_size=size, patch_size=16, embed_dim=96, depth=4, num_heads=3, num_classes=40, global_pool=pool, class_token=pool == "token"
    )
    # Nothing stays at its starting value.
    for parameter in model.parameters():
        parameter.data += 0.1 * torch.randn_like(parameter)
elif architecture == "efficientnet_lite0":
    model = timm.create_model(architecture, num_classes=40, exportable=True)
else:
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
if architecture == "squeezenet1_1":
    # Its scores are cut off at 0: a class that has one is asked for.
    label = int(model(photo)[0].argmax())
# The last values of each size of maps, the network's last maps at the end.
LAYERS = {
    "resnet18": lambda: [model.relu, model.layer1, model.layer2, model.layer3, model.layer4],
    "mobilenet_v2": lambda: [*(model.features[i].conv[0] for i in (2, 4, 7, 14)), model.features],
    "squeezenet1_1": lambda: [*(model.features[i] for i in (1, 4, 7)), model.features],
    "vgg11_bn": lambda: [*(model.features[i] for i in (2, 6, 13, 20)), model.features],
    "efficientnet_lite0": lambda: [*(model.blocks[i][0].bn1 for i in (1, 2, 3, 5)), model.bn2],
}
layers = [] if transformer else LAYERS[architecture]()

maps = {}
targets = [ClassifierOutputTarget(label)]
for name, method in ({} if transformer else {
    "grad-cam": grad_cam.GradCAM,
    "grad-cam++": grad_cam.GradCAMPlusPlus,
    "xgrad-cam": grad_cam.XGradCAM,
    "layer-cam": grad_cam.LayerCAM,
    "hires-cam": grad_cam.HiResCAM,
    "eigen-cam": grad_cam.EigenCAM,
    "ablation-cam": grad_cam.AblationCAM,
    "score-cam": grad_cam.ScoreCAM,
}).items():
    layer = layers[-1]
    with method(model=model, target_layers=[layer]) as cam:
        outputs = cam.activations_and_grads(photo)
        if cam.uses_gradients:
            model.zero_grad()
            targets[0](outputs[0]).backward(retain_graph=True)
        activations = cam.activations_and_grads.activations[0].cpu().data.numpy()
        gradients = cam.activations_and_grads.gradients[0].cpu().data.numpy() if cam.uses_gradients else None
        found = cam.get_cam_image(photo, layer, targets, activations, gradients, False)
    maps[name] = np.maximum(found[0], 0)
if not transformer:
    maps["refine-cam"] = grad_cam.RefineCAM(model, layers)(photo, targets)[0]

loudest = lambda values: values.abs().amax(dim=1)[0]
summed = lambda values: values.sum(dim=1)[0]
for name, method, join, options in [
    ("saliency", captum.attr.Saliency, loudest, {"abs": False}),
    ("input-x-gradient", captum.attr.InputXGradient, summed, {}),
    ("guided-backprop", captum.attr.GuidedBackprop, loudest, {}),
    ("deconvnet", captum.attr.Deconvolution, loudest, {}),
    ("integrated-gradients", captum.attr.IntegratedGradients, summed, {"n_steps": 32, "method": "riemann_middle"}),
]:
    if transformer and name in ("guided-backprop", "deconvnet"):
        continue  # without a ReLU they are saliency
    # Captum's rules replace modules, and cannot replace one that works in place.
    for module in model.modules():
        if hasattr(module, "inplace"):
            module.inplace = False
    found = method(model).attribute(photo.clone().requires_grad_(), target=label, **options)
    maps[name] = join(found.detach()).numpy()


def attention_ways():
    """Abnar and Zuidema's rollout; LeGrad: of each block's own score, by its attention."""
    matrices, streams = [], []
    for block in model.blocks:
        block.attn.fused_attn = False
        block.attn.attn_drop.register_forward_hook(lambda _, __, out: matrices.append(out))
        block.register_forward_hook(lambda _, __, out: streams.append(out))
    model(photo)
    first = model.num_prefix_tokens
    side = size // 16
    count = matrices[0].shape[-1]
    rolled = torch.eye(count)
    for weights in matrices:
        rolled = (0.5 * weights[0].mean(0) + 0.5 * torch.eye(count)) @ rolled
    row = rolled[0, first:] if first else rolled.mean(0)
    maps["attention-rollout"] = row.detach().reshape(side, side).numpy()
    relevance = 0
    for weights, stream in zip(matrices, streams):
        score = model.forward_head(model.norm(stream))[0, label]
        (gradient,) = torch.autograd.grad(score, [weights], retain_graph=True)
        relevance = relevance + gradient.clamp(min=0)[0].mean(0).mean(0)[first:]
    maps["legrad"] = relevance.reshape(side, side).numpy()


if transformer:
    attention_ways()
torch.onnx.export(
    model, photo, str(folder / "model.onnx"), input_names=["input"], output_names=["logits"], opset_version=18 if dynamo else 17,
    **({"dynamo": True} if dynamo else {"dynamic_axes": {"input": {0: "n"}, "logits": {0: "n"}}, "dynamo": False}),
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
