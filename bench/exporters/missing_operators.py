"""Imported first, lets torchvision be imported where its build lacks operators that its own modules only register names for."""

import torch

library = torch.library.Library("torchvision", "FRAGMENT")
for operator in ("nms", "qnms"):
    if not torch._C._dispatch_has_kernel(f"torchvision::{operator}"):
        try:
            library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass
