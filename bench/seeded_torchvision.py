"""Networks of torchvision with weights as after training, without a download: the same for the same name."""

import torch


def seeded(models, name, training_heads):
    """`models`: the module torchvision.models; `training_heads`: GoogLeNet with the heads that only training uses."""
    torch.manual_seed(7)
    options = {"weights": None}
    if name == "googlenet":
        options |= {"aux_logits": training_heads, "init_weights": False, "transform_input": False}
    network = getattr(models, name)(**options).eval()
    generator = torch.Generator().manual_seed(11)
    # Nothing at its starting value. (The exporter stores equal tensors once.)
    for parameter in network.parameters():
        if parameter.numel() > 1 and bool((parameter == parameter.flatten()[0]).all()):
            parameter.data += 0.1 * torch.randn(parameter.shape, generator=generator)
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean = 0.1 * torch.randn(module.running_mean.shape, generator=generator)
            module.running_var = 0.5 + torch.rand(module.running_var.shape, generator=generator)
    return network
