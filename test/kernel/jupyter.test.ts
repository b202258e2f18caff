// The kernel under Jupyter's own clients: jupyter_kernel_test, nbclient, nbconvert, papermill, the kernel gateway, and the
// registration they find.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import {
  installKernel,
  kernelJupyterPath,
  listKernels,
  uninstallKernel,
} from "../../src/kernel/install/install-kernel.js";
import { parseNotebook } from "../../src/kernel/notebooks/parse-notebook.js";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";
import { testJupyter } from "./find-test-jupyter.js";
import { notebookFolder } from "./with-kernel.js";

const run = promisify(execFile);
const { path: jupyter, skip } = testJupyter("jupyter");
const python = join(dirname(jupyter), "python");

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "camlab", display_name: "TypeScript (camlab)", language: "typescript" } },
  cells: [
    code("a", 'import { table } from "arquero";\nconsole.log("hello");\ntable({ a: [1, 2] })'),
    code("b", 'const n: number = "text";', ["raises-exception"]),
    code("c", "const answer = await (6 * 7); answer"),
  ],
});

function code(id: string, source: string, tags: string[] = []) {
  return { cell_type: "code", id, metadata: { tags }, source, outputs: [], execution_count: null };
}

describe("Jupyter", { skip }, () => {
  let folder: { path: string; remove: () => Promise<void> };
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    folder = await notebookFolder({ "a.ipynb": notebook });
    const own = (name: string) => join(folder.path, name);
    environment = {
      ...process.env,
      HOME: own("home"),
      JUPYTER_PATH: kernelJupyterPath(),
      JUPYTER_DATA_DIR: own("data"),
      JUPYTER_CONFIG_DIR: own("config"),
      JUPYTER_RUNTIME_DIR: own("runtime"),
      IPYTHONDIR: own("ipython"),
    };
  });
  after(() => folder?.remove());

  test("jupyter_kernel_test passes", { timeout: 180_000 }, async () => {
    const script = join(packageRoot(), "test/kernel/jupyter_kernel_test_camlab.py");
    const { stderr } = await run(python, [script, "-v"], { env: environment, cwd: folder.path });
    assert.match(stderr, /\nOK/);
    // The only one that does not apply: this kernel has no pager.
    assert.deepEqual(
      stderr.match(/test_\w+ .*skipped/g)?.map((line) => line.split(" ")[0]),
      ["test_pager"],
    );
  });

  test("nbconvert --execute writes results, counts and an error object", { timeout: 180_000 }, async () => {
    const values = ["nbconvert", "--to", "notebook", "--execute", "--output", "out.ipynb", "a.ipynb"];
    await run(jupyter, values, { env: environment, cwd: folder.path });
    const { cells } = parseNotebook(await readFile(join(folder.path, "out.ipynb"), "utf8"));
    const [table, error, answer] = cells.flatMap((cell) => (cell.cell_type === "code" ? [cell] : []));
    assert.deepEqual(
      [table, error, answer].map((cell) => cell.execution_count),
      [1, 2, 3],
    );
    assert.deepEqual(
      table.outputs.map(({ output_type }) => output_type),
      ["stream", "execute_result"],
    );
    const [{ output_type, ...report }] = error.outputs;
    assert.equal(output_type, "error");
    assert.equal((report as { ename: string }).ename, "TypeScriptError");
    assert.deepEqual((answer.outputs[0] as { data: unknown }).data, { "text/plain": "42" });
  });

  test("nbconvert's classic page says of a chart's picture what it shows", { timeout: 180_000 }, async () => {
    const widget =
      'import { widgets } from "camlab";\nwidgets.trainingCurve({ history: [{ epoch: 1, loss: 2 }, { epoch: 2, loss: 1 }] })';
    const chart = { ...(JSON.parse(notebook) as object), cells: [code("w", widget)] };
    await writeFile(join(folder.path, "chart.ipynb"), JSON.stringify(chart));
    const values = ["nbconvert", "--to", "html", "--template", "classic", "--execute", "chart.ipynb"];
    const { stderr } = await run(jupyter, values, { env: environment, cwd: folder.path });
    assert.doesNotMatch(stderr, /Alternative text is missing/);
    assert.match(await readFile(join(folder.path, "chart.html"), "utf8"), /<img [^>]*alt="[^"]*loss/);
  });

  test("papermill gives parameters, by its command and from a program", { timeout: 180_000 }, async () => {
    const parameterised = JSON.parse(notebook) as { cells: object[] };
    parameterised.cells = [
      code("a", "const seed = 7; const photo = 'a.jpg'; const classes: string[] = [];", ["parameters"]),
      code("b", 'console.log([seed + 1, photo, ...classes, typeof seed].join("|"))'),
    ];
    await writeFile(join(folder.path, "parameters.ipynb"), JSON.stringify(parameterised));
    const env = { ...environment, PYTHONPATH: join(packageRoot(), "jupyter/papermill") };
    const values = [
      "-m",
      "camlab_papermill",
      "parameters.ipynb",
      "one.ipynb",
      "-p",
      "seed",
      "11",
      "-p",
      "photo",
      'b "c".jpg',
    ];
    await run(python, values, { env, cwd: folder.path });
    assert.match(await readFile(join(folder.path, "one.ipynb"), "utf8"), /12\|b \\"c\\".jpg\|number/);
    const program = [
      "import camlab_papermill, papermill",
      "papermill.execute_notebook('parameters.ipynb', 'two.ipynb', {'seed': 1e-3, 'classes': ['é', 'dog'], 'photo': 'x'}, progress_bar=False)",
    ].join("\n");
    await run(python, ["-c", program], { env, cwd: folder.path });
    assert.match(await readFile(join(folder.path, "two.ipynb"), "utf8"), /1\.001\|x\|é\|dog\|number/);
  });

  test("jupytext makes a script of a notebook and back, nbdime tells two apart", { timeout: 180_000 }, async () => {
    const options = { env: environment, cwd: folder.path };
    const [jupytext, nbdiff] = ["jupytext", "nbdiff"].map((name) => join(dirname(jupyter), name));
    await run(jupytext, ["--to", "ts:percent", "a.ipynb", "-o", "a.ts"], options);
    assert.match(await readFile(join(folder.path, "a.ts"), "utf8"), /const answer = await \(6 \* 7\); answer/);
    await run(jupytext, ["--to", "notebook", "a.ts", "-o", "back.ipynb"], options);
    const back = parseNotebook(await readFile(join(folder.path, "back.ipynb"), "utf8"));
    assert.deepEqual(
      back.cells.map(({ source }) => source),
      parseNotebook(notebook).cells.map(({ source }) => source),
    );
    await writeFile(join(folder.path, "b.ipynb"), notebook.replace("6 * 7", "6 * 8"));
    const { stdout } = await run(nbdiff, ["a.ipynb", "b.ipynb", "--no-color"], options);
    assert.match(stdout, /-\s*const answer = await \(6 \* 7\); answer\n\+\s*const answer = await \(6 \* 8\); answer/);
  });

  test("nbclient raises at a failing cell with its name and message", { timeout: 180_000 }, async () => {
    const failing = notebook.replace('["raises-exception"]', "[]");
    await writeFile(join(folder.path, "failing.ipynb"), failing);
    const program = [
      "import nbformat, nbclient",
      "try:",
      "  nbclient.NotebookClient(nbformat.read('failing.ipynb', 4)).execute()",
      "except nbclient.exceptions.CellExecutionError as e:",
      "  print(e.ename, '|', e.evalue)",
    ].join("\n");
    const { stdout } = await run(python, ["-c", program], { env: environment, cwd: folder.path });
    assert.equal(stdout.trim(), "TypeScriptError | 1:7 - Type 'string' is not assignable to type 'number'.");
  });

  test("jupyter_client interrupts a cell, whose variables stay, and restarts", { timeout: 180_000 }, async () => {
    const program = `
import jupyter_client
manager, client = jupyter_client.manager.start_new_kernel(kernel_name="camlab")
try:
    sent = client.execute("let ticks = 0; while (true) { ticks++; if (ticks === 20) console.log(ticks); await new Promise((r) => setTimeout(r, 5)); }")
    while client.get_iopub_msg(timeout=60)["msg_type"] != "stream": pass
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=20)
    while reply["parent_header"]["msg_id"] != sent: reply = client.get_shell_msg(timeout=20)
    print(reply["content"]["ename"])
    reply = client.execute_interactive("ticks > 10", timeout=20, output_hook=lambda m: print(m["content"].get("data", {}).get("text/plain", ""), end=""))
    print(" " + reply["content"]["status"])
    manager.restart_kernel(now=False)
    client.wait_for_ready(timeout=60)
    print(client.execute_interactive("typeof (globalThis as any).x", timeout=20, output_hook=lambda m: None)["content"]["execution_count"])
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
`;
    const { stdout } = await run(python, ["-c", program], { env: environment, cwd: folder.path });
    assert.deepEqual(stdout.trim().split("\n"), ["Interrupted", "true ok", "1"]);
  });

  test(
    "two clients of one manager, which share an identity, are both answered; input is asked",
    { timeout: 180_000 },
    async () => {
      const program = `
import jupyter_client
manager, first = jupyter_client.manager.start_new_kernel(kernel_name="camlab")
try:
    second = manager.client()
    second.start_channels()
    second.wait_for_ready(timeout=60)
    show = lambda m: print(m["content"].get("data", {}).get("text/plain", ""), end="")
    second.execute_interactive("[1, 2].length", timeout=60, output_hook=show)
    print()
    answer = lambda m: second.input("typed " + m["content"]["prompt"])
    second.execute_interactive('prompt("here?")', timeout=60, output_hook=show, stdin_hook=answer, allow_stdin=True)
    print()
    print(second.execute_interactive('prompt("x")', timeout=60, output_hook=lambda m: None, allow_stdin=False)["content"]["ename"])
    second.stop_channels()
finally:
    first.stop_channels()
    manager.shutdown_kernel(now=True)
`;
      const { stdout } = await run(python, ["-c", program], { env: environment, cwd: folder.path });
      assert.deepEqual(stdout.trim().split("\n"), ["2", "'typed here? '", "NoInputError"]);
    },
  );

  test("the kernel gateway starts a kernel and passes its answers on", { timeout: 180_000 }, async () => {
    const program = `
import json, subprocess, sys, time, urllib.request, uuid
from websocket import create_connection
import socket
probe = socket.socket(); probe.bind(("127.0.0.1", 0)); port = probe.getsockname()[1]; probe.close()
gateway = subprocess.Popen([sys.executable, "-m", "kernel_gateway", "--KernelGatewayApp.ip=127.0.0.1",
    f"--KernelGatewayApp.port={port}", "--KernelGatewayApp.default_kernel_name=camlab"], stderr=subprocess.DEVNULL)
try:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api"); break
        except OSError: time.sleep(0.1)
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/kernels", b'{"name": "camlab"}', method="POST")
    kernel = json.load(urllib.request.urlopen(request))["id"]
    connection = create_connection(f"ws://127.0.0.1:{port}/api/kernels/{kernel}/channels", timeout=60)
    header = {"msg_id": uuid.uuid4().hex, "session": "s", "username": "", "msg_type": "execute_request", "version": "5.3"}
    content = {"code": "[1, 2].map((n) => n * 21)[1]", "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    connection.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}))
    while True:
        message = json.loads(connection.recv())
        if message["msg_type"] == "execute_result": print(message["content"]["data"]["text/plain"]); break
    connection.close()
    urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/api/kernels/{kernel}", method="DELETE"))
finally:
    gateway.terminate(); gateway.wait(20)
`;
    const { stdout } = await run(python, ["-c", program], { env: environment, cwd: folder.path });
    assert.equal(stdout.trim(), "42");
  });

  test("finds the kernel where it was registered, until it is removed", { timeout: 60_000 }, async () => {
    const prefix = join(folder.path, "prefix");
    const data = join(prefix, "share", "jupyter");
    await installKernel({ prefix });
    const env = { ...environment, JUPYTER_PATH: data };
    const specs = async () => {
      const { stdout } = await run(jupyter, ["kernelspec", "list", "--json"], { env });
      return (JSON.parse(stdout) as { kernelspecs: Record<string, { spec: { argv: string[] } }> }).kernelspecs;
    };
    assert.deepEqual((await specs()).camlab.spec.argv.slice(1), [
      join(packageRoot(), "bin/camlab-kernel.js"),
      "{connection_file}",
    ]);
    assert.equal((await listKernels({ prefix }))[0].problem, undefined);
    assert.equal(await uninstallKernel({ prefix }), join(data, "kernels", "camlab"));
    assert.equal((await specs()).camlab, undefined);
    assert.equal(await uninstallKernel({ prefix }), undefined);
  });
});
