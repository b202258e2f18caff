"""Runs the lines of docs/bring-your-network.md as they stand there, with random weights, and opens what they write.

    python3 bench/exporters/run.py FOLDER [SECTION ...]

SECTION is torch, timm, keras, optimum: the parts of the page whose code is marked `<!-- run: SECTION -->`; all of them
unless given. Python code runs in this interpreter, so use one that has the packages of the section; shell lines run with
its folder first on the PATH, and TypeScript as a script of Node, both with the camlab that `npm run build` made, after the
section's Python. Nothing is downloaded: trained weights are asked for nowhere (weights=None,
pretrained=False, a configuration instead of a checkpoint). Then `camlab look` opens each network that was written.
Exit code 1 when a line fails or a network does not open.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parent.parent.parent
PAGE = ROOT / "docs" / "bring-your-network.md"
BLOCK = re.compile(r"<!-- run: (\w+) -->\s*```(\w+)\n(.*?)```", re.S)
OFFLINE = [
    ('weights="DEFAULT"', "weights=None"),
    ("pretrained=True", "pretrained=False"),
    ('weights="imagenet"', "weights=None"),
]


def environment():
    path = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "HF_HUB_OFFLINE": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}


def run(language, code, folder):
    if language == "ts":
        (folder / "imagenet-classes.json").write_text(json.dumps([f"class {i}" for i in range(1000)]))
        script = folder / "lines.mts"
        script.write_text(f'import {{ openNetwork }} from "{ROOT}/dist/esm/index.js";\n{code}')
        tsx = (ROOT / "node_modules" / "tsx" / "dist" / "esm" / "index.mjs").as_uri()
        return subprocess.run(["node", "--import", tsx, script.name], cwd=folder).returncode
    if "npx camlab" in code:
        shutil.copy(ROOT / "models" / "objects-gap" / "example.jpg", folder / "photo.jpg")
        code = code.replace("npx camlab", f"node {ROOT / 'bin' / 'camlab.js'}")
    if language == "python" and "torch" in code:
        code = f"import sys; sys.path.insert(0, {str(HERE.parent)!r}); import missing_operators\n{code}"
    for asked, instead in OFFLINE:
        code = code.replace(asked, instead)
    command = [sys.executable, "-c", code] if language == "python" else ["sh", "-ec", code]
    return subprocess.run(command, cwd=folder, env=environment()).returncode


def look(network):
    photo = ROOT / "models" / "teaching" / "beach.png"
    command = ["node", str(ROOT / "bin" / "camlab.js"), "look", str(photo), "--network", str(network), "--top", "1"]
    return subprocess.run(command).returncode


def main():
    folder, *wanted = sys.argv[1:] or sys.exit(__doc__)
    wrong = []
    blocks = sorted(BLOCK.findall(PAGE.read_text()), key=lambda block: block[1] == "ts" or "npx camlab" in block[2])
    for section, language, code in blocks:
        if wanted and section not in wanted:
            continue
        place = pathlib.Path(folder) / section
        place.mkdir(parents=True, exist_ok=True)
        print(f"== {section}: {code.strip().splitlines()[0]}", flush=True)
        if run(language, code, place) != 0:
            wrong.append(f"{section}: a line failed")
    for section in sorted({name for name, _, _ in BLOCK.findall(PAGE.read_text()) if not wanted or name in wanted}):
        networks = sorted((pathlib.Path(folder) / section).rglob("*.onnx"))
        for network in networks:
            print(f"== open {network.name}", flush=True)
            if look(network) != 0:
                wrong.append(f"{section}: {network.name} does not open")
        if not networks:
            wrong.append(f"{section}: no network was written")
    print("all lines run, all networks open" if not wrong else "\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
