# One photograph from the start of a process to its end: classes, and a box of each of five maps.
#     python look_once.py WORK PHOTO CLASSES
import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

work, photo, classes = sys.argv[1:]
session = onnxruntime.InferenceSession(work + "/exposed.onnx")
image = Image.open(photo).convert("RGB")
width, height = image.size
scale = 224 / min(width, height)
image = image.resize((round(width * scale), round(height * scale)), Image.BILINEAR)
left, top = (image.size[0] - 224) // 2, (image.size[1] - 224) // 2
image = image.crop((left, top, left + 224, top + 224))
x = ((np.asarray(image, "f4") - 127.5) / 127.5).transpose(2, 0, 1)[None]
outputs = session.run(None, {"image": x})
logits = next(value for value in outputs if value.shape == (1, 1000))[0]
maps = next(value for value in outputs if value.ndim == 4 and value.shape[2] == 7)[0]
weights = np.load(work + "/weights.npy")
names = json.load(open(classes))
for chosen in logits.argsort()[::-1][:5]:
    small = (weights[chosen] @ maps.reshape(768, 49)).reshape(7, 7)
    large = np.asarray(Image.fromarray(small).resize((224, 224), Image.BILINEAR))
    rows, columns = np.nonzero(large >= 0.2 * large.max())
    print(names[chosen], columns.min(), rows.min(), columns.max(), rows.max())
