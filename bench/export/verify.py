"""Runs files that camlab exported in Python's ONNX Runtime and compares them with what camlab computed of the same input.

    python -m venv .venv && .venv/bin/pip install onnx onnxruntime numpy
    node --import tsx bench/export/verify.ts FOLDER NETWORK...   # writes FOLDER/*.onnx and what camlab computed
    .venv/bin/python bench/export/verify.py FOLDER

Each file must pass onnx.checker and shape inference (strict, with its data), hold its notes, and be equal to camlab:
scores and logits over their largest size, maps map by map over the largest size of each. Heat is a map over its largest
value, whose rounding is more of it where it is small beside the map's size: what is allowed grows as that does. Ends with 1
where one is further off than 1e-5; a second number in the .json is what is allowed where weights are integrated along a path.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime


def worst(found, wanted, pieces, wider=1):
    found, wanted = found.reshape(pieces, -1), wanted.reshape(pieces, -1)
    size = np.abs(wanted).max(axis=1) * wider
    return float((np.abs(found - wanted).max(axis=1) / np.where(size == 0, 1, size)).max())


def main(folder):
    failed = 0
    for path in sorted(folder.glob("*.onnx")):
        about = json.loads(path.with_suffix(".json").read_text())
        model = onnx.load(path)
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
        notes = {prop.key: prop.value for prop in inferred.metadata_props}
        assert json.loads(notes["names"]) == about["names"], "names"
        assert json.loads(notes["map_names"]) == about["maps"], "map names"
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        kind = np.uint8 if about["type"] == "uint8" else np.float32
        batch = np.fromfile(path.with_suffix(".in.bin"), dtype=kind).reshape(about["dims"])
        outputs = [output.name for output in session.get_outputs()]
        results = dict(zip(outputs, session.run(outputs, {session.get_inputs()[0].name: batch})))
        errors, wider = {}, {}
        for name, dims in about["outputs"].items():
            wanted = np.fromfile(path.with_suffix(f".{name}.bin"), dtype=np.float32).reshape(dims)
            assert results[name].shape == wanted.shape, f"{name}: {results[name].shape} for {wanted.shape}"
            assert np.isfinite(results[name]).all(), f"{name} is not finite"
            pieces = dims[0] * dims[1] if name in ("maps", "heat") else 1
            if name == "maps":
                flat = wanted.reshape(pieces, -1)
                top = flat.max(axis=1)
                wider["heat"] = np.abs(flat).max(axis=1) / np.where(top > 0, top, np.inf)
                wider["heat"] = np.maximum(wider["heat"], 1)
            errors[name] = worst(results[name], wanted, pieces, wider.get(name, 1))
        good = max(errors.values()) <= about["allowed"]
        failed += not good
        said = "  ".join(f"{name} {error:.1e}" for name, error in errors.items())
        print(f"{'equal' if good else 'UNEQUAL'}  {path.stem}: {said}  (opset {model.opset_import[0].version})", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
