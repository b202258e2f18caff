"""Runs ONNX files in Python's ONNX Runtime: `run_onnx.py FOLDER`. Of each NAME.onnx with its NAME.json, {"dims", "type"},
and NAME.in.bin, the outputs become NAME.OUTPUT.bin. Needs onnxruntime and numpy."""

import json
import pathlib
import sys

import numpy as np
import onnxruntime

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    about = json.loads(path.with_suffix(".json").read_text())
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (image,) = session.get_inputs()
    batch = np.fromfile(path.with_suffix(".in.bin"), dtype=about["type"]).reshape(about["dims"])
    for output, value in zip(session.get_outputs(), session.run(None, {image.name: batch})):
        value.astype("float32").tofile(path.with_suffix(f".{output.name}.bin"))
