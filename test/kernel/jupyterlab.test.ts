// A live JupyterLab in a real browser: run all cells, see rich output and a typed error, stop an endless loop, restart,
// run again. The same server also answers as Notebook 7 and as Voilà.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { kernelJupyterPath } from "../../src/kernel/install/install-kernel.js";
import { formatNotebook } from "../../src/kernel/notebooks/notebook-file.js";
import { parseNotebook } from "../../src/kernel/notebooks/parse-notebook.js";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";
import { testJupyter } from "./find-test-jupyter.js";
import { notebookFolder } from "./with-kernel.js";
import { barChart } from "./bar-chart.js";

const { path: lab, skip: noLab } = testJupyter("jupyter-lab");
const browserPath = [process.env.CAMLAB_BROWSER, "/usr/bin/chromium"].find((path) => path && existsSync(path));
if (!browserPath && process.env.CI) throw new Error("no browser: set CAMLAB_BROWSER to a Chromium");
const skip = noLab || (browserPath ? false : "no Chromium at CAMLAB_BROWSER or /usr/bin/chromium");

const TOUR = "01-where-does-it-look.ipynb";
const LOCALIZATION = "05-boxes-without-boxes.ipynb";
const real = process.env.CAMLAB_REAL;
/** What is looked at by the explorer: with photographs at hand a network of 1,000 classes, else the embedded one. */
const EXPLORED = real && {
  CAMLAB_EXPLORE_NETWORK: join(real, "models/efficientnet_lite2/model.onnx"),
  CAMLAB_EXPLORE_PHOTO: join(packageRoot(), "models/objects-gap/example.jpg"),
};
const chart = barChart("x", "ordinal");
const cells = [
  'import { table } from "arquero";\ntable({ name: ["<b>bold</b>"], n: [1] })',
  `({ [Symbol.for("Jupyter.display")]: async () => ({ "application/vnd.vegalite.v5+json": ${JSON.stringify(chart)}, "text/plain": "a chart" }) })`,
  "const before = await (6 * 7); before",
  'const typed: number = "text";',
];
const exploreCells = [
  'import * as camlab from "camlab";\nconst network = await camlab.openNetwork(process.env.CAMLAB_EXPLORE_NETWORK);\nconst seen = await camlab.look(network, process.env.CAMLAB_EXPLORE_PHOTO ?? "models/objects-gap/example.jpg");',
  "camlab.widgets.explore(seen, { classes: 3 })",
];
const endless =
  "let ticks = 0; console.log('started'); while (true) { ticks++; await new Promise((r) => setTimeout(r, 5)); }";
const notebookOf = (sources: readonly string[]) => ({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: { kernelspec: { name: "camlab", display_name: "TypeScript (camlab)", language: "typescript" } },
  cells: sources.map((source, i) => ({
    cell_type: "code",
    id: `cell${i}`,
    metadata: {},
    source,
    outputs: [],
    execution_count: null,
  })),
});

/** What the page gives access to, with `--expose-app-in-browser`. */
interface LabWindow {
  jupyterapp: {
    commands: { execute(id: string): Promise<unknown> };
    shell: { currentWidget: { content: { model: { toJSON(): { cells: LabCell[] } } } } };
  };
}
interface LabCell {
  cell_type: string;
  execution_count?: number | null;
  outputs?: { output_type: string; data?: object }[];
}

describe("JupyterLab", { skip, timeout: 900_000 }, () => {
  let server: ChildProcess;
  let browser: Browser;
  let page: Page;
  let folder: { path: string; remove: () => Promise<void> };
  let address: (file: string, place?: string) => string;
  let log = "";

  before(async () => {
    const [tour, localization] = await Promise.all(
      [TOUR, LOCALIZATION].map(async (name) =>
        withoutOutputs(await readFile(join(packageRoot(), "notebooks", name), "utf8")),
      ),
    );
    folder = await notebookFolder({
      "a.ipynb": JSON.stringify(notebookOf(cells)),
      "short.ipynb": JSON.stringify(notebookOf(cells.slice(0, 3))),
      "explore.ipynb": JSON.stringify(notebookOf(exploreCells)),
      [`notebooks/${TOUR}`]: tour,
      [`notebooks/${LOCALIZATION}`]: localization,
    });
    await symlink(join(packageRoot(), "models"), join(folder.path, "models"));
    const [port, token] = [await freePort(), randomUUID()];
    address = (file, place = "lab/tree") => `http://127.0.0.1:${port}/${place}/${file}?token=${token}&reset`;
    server = startLab(folder.path, port, token);
    for (const stream of [server.stdout, server.stderr]) stream?.on("data", (text: Buffer) => (log += text.toString()));
    await untilServes(`http://127.0.0.1:${port}/api/status?token=${token}`, () => log);
    const { chromium } = await import("playwright-core");
    const args =
      "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";
    browser = await chromium.launch({ executablePath: browserPath, args: args.split(" ") });
    page = await browser.newPage({ viewport: { width: 1200, height: 1400 } });
    page.setDefaultTimeout(90_000);
    await page.goto(address("a.ipynb"));
    await page.locator(".jp-Notebook .jp-CodeCell").nth(3).waitFor();
  });

  after(async () => {
    await browser?.close();
    if (server?.exitCode === null) {
      const exited = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      const patience = setTimeout(() => server.kill("SIGKILL"), 15_000);
      await exited;
      clearTimeout(patience);
    }
    await folder?.remove();
  });

  const command = (id: string) =>
    page.evaluate((name) => {
      const { jupyterapp } = globalThis as unknown as {
        jupyterapp: { commands: { execute(id: string): Promise<unknown> } };
      };
      void jupyterapp.commands.execute(name);
    }, id);
  const cell = (index: number) => page.locator(".jp-Notebook .jp-CodeCell").nth(index);
  const prompt = (index: number) => cell(index).locator(".jp-InputPrompt").first();
  const untilPrompt = (index: number, text: string) =>
    page.waitForFunction(
      ([number, wanted]) => {
        const prompts = document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt");
        return prompts[Number(number)]?.textContent?.includes(String(wanted));
      },
      [index, text] as const,
    );

  /** Keys that come before the kernel is connected run nothing. */
  async function untilConnected(path: string): Promise<void> {
    const sessions = address("sessions", "api");
    for (let tries = 0; tries < 300; tries++) {
      const open = (await (await fetch(sessions)).json()) as {
        path: string;
        kernel: { connections: number; execution_state: string };
      }[];
      const kernel = open.find((session) => session.path === path)?.kernel;
      if (kernel && kernel.connections > 0 && kernel.execution_state === "idle") return;
      await page.waitForTimeout(200);
    }
    throw new Error(`no kernel for ${path}\n${log}`);
  }

  async function runsAll(): Promise<void> {
    // Before its kernel is ready, JupyterLab would ask which kernel to use.
    await page.getByText("TypeScript (camlab) | Idle").waitFor();
    await command("notebook:run-all-cells");
    await untilPrompt(3, "[4]");
    await cell(0).locator(".jp-OutputArea-output table td", { hasText: "<b>bold</b>" }).waitFor();
    await cell(1).locator(".jp-OutputArea-output .vega-embed :is(canvas, svg)").first().waitFor();
    assert.match(await cell(2).locator(".jp-OutputArea-output").innerText(), /^42\s*$/);
    const error = await cell(3).locator(".jp-OutputArea-output").innerText();
    assert.match(error, /TypeScriptError: 1:7 - Type 'string' is not assignable to type 'number'/);
    assert.match(error, /1 │ const typed: number = "text";/);
  }

  test("runs all cells: table, chart, value, typed error with its line", runsAll);

  test("stops an endless loop and keeps the variables", async () => {
    await cell(3).locator(".cm-content").click();
    await command("notebook:insert-cell-below");
    await cell(4).locator(".cm-content").click();
    await page.keyboard.insertText(endless);
    await command("notebook:run-cell");
    await cell(4).locator(".jp-OutputArea-output", { hasText: "started" }).waitFor();
    assert.match(await prompt(4).innerText(), /\[\*\]/);
    await command("notebook:interrupt-kernel");
    await cell(4).locator(".jp-OutputArea-output", { hasText: "Interrupted" }).waitFor();
    await cell(4).locator(".cm-content").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText("[before, ticks > 0]");
    await command("notebook:run-cell");
    await cell(4).locator(".jp-OutputArea-output", { hasText: "[ 42, true ]" }).waitFor();
  });

  test("restarts, forgets, and runs again", async () => {
    await command("notebook:restart-clear-output");
    await page.locator(".jp-Dialog button.jp-mod-accept").click();
    await page.locator(".jp-Dialog").waitFor({ state: "detached" });
    await untilPrompt(3, "[ ]");
    await runsAll();
  });

  test("a widget answers: front end to kernel, kernel to front end, and after the page is loaded anew", async () => {
    const source = `import { notebook } from "camlab";
      const counter = notebook.widget({
        esm: \`export default { render({ model, el }) {
          const button = document.createElement("button");
          const draw = () => { button.textContent = "count " + model.get("count") + " " + new Uint8Array(model.get("bytes").buffer).length; };
          button.className = "counter";
          button.onclick = () => { model.set("count", model.get("count") + 1); model.save_changes(); };
          model.on("change:count", draw);
          draw();
          el.append(button);
        } }\`,
        state: { count: 0, bytes: new Uint8Array(3) },
      });
      counter.on("change:count", ({ value }) => { console.log("kernel heard", value); if (value === 2) counter.set({ count: 40 }); });
      counter`;
    await cell(3).locator(".cm-content").click();
    await command("notebook:insert-cell-below");
    await cell(4).locator(".cm-content").click();
    await page.keyboard.insertText(source);
    await command("notebook:run-cell");
    const button = page.locator("button.counter");
    await button.click();
    await cell(4).locator(".jp-OutputArea-output", { hasText: "kernel heard 1" }).waitFor();
    await page.getByText("count 1 3").waitFor();
    await button.click();
    await page.getByText("count 40 3").waitFor();
    await command("docmanager:save");
    await page.waitForFunction(() => !document.querySelector(".jp-mod-dirty"));
    await page.goto(address("a.ipynb").replace("&reset", ""));
    await page.getByText("count 40 3").waitFor();
    await button.click();
    await page.getByText("count 41 3").waitFor();
  });

  test("the explorer asks the kernel for a class that is not in the page, a region, a layer; and says when nobody answers", async () => {
    await page.goto(address("explore.ipynb"));
    await page.getByText("TypeScript (camlab) | Idle").waitFor();
    await command("notebook:run-all-cells");
    const explorer = page.locator(".camlab-explore");
    await explorer.locator("svg.marks").waitFor();
    const said = explorer.locator(".said span");
    const rows = () => explorer.locator("svg.marks text").allTextContents();
    assert.equal((await rows()).filter((text) => /^\d+\. /.test(text)).length, 3);
    const file = real && join(real, "models/efficientnet_lite2/classes.json");
    const names = file
      ? (JSON.parse(await readFile(file, "utf8")) as { name: string }[]).slice(700, 706).map(({ name }) => name)
      : ["umbrella", "cup", "boat", "clock"];
    const [wanted, ...others] = names;
    // As text: what is compiled for Node names functions in a way that the page does not know.
    const ask = (name: string) =>
      page.evaluate<number>(`new Promise((resolve) => {
      const root = document.querySelector(".camlab-explore");
      const began = performance.now();
      const input = root.querySelector(".asks input");
      input.value = ${JSON.stringify(name)};
      input.dispatchEvent(new Event("change"));
      const look = () => root.querySelector(".said span").textContent.endsWith("…") ? requestAnimationFrame(look) : resolve(performance.now() - began);
      look();
    })`);
    const times = [await ask(wanted)];
    assert.equal(await explorer.locator("[name=pick]").inputValue(), "3");
    const asked = await said.innerText();
    assert.ok(
      (await rows()).some((text) => text === asked),
      asked,
    );

    // The best of several: other work on the machine only adds.
    for (const name of others) times.push(await ask(name));
    console.log(`# maps of other classes were there in ${times.map(Math.round).join(", ")} ms`);
    assert.ok(Math.min(...times) < 300, times.join(", "));

    await explorer.getByText("look at the box anew").click();
    await page.waitForFunction(
      () => document.querySelector(".camlab-explore .said span")?.textContent === "the region",
    );
    assert.ok((await rows()).some((text) => text.startsWith("a region of ")));
    await explorer.getByText("the whole photo again").click();
    await page.waitForFunction(() => document.querySelector(".camlab-explore .said span")?.textContent === "the photo");
    await explorer.locator("label", { hasText: "layer" }).locator("select").selectOption({ index: 1 });
    await page.waitForFunction(() =>
      /LayerCAM/.test(document.querySelector(".camlab-explore .said span")?.textContent ?? ""),
    );
    await explorer.locator(".asks input").first().fill("no such thing");
    await explorer.locator(".asks input").first().press("Enter");
    await explorer.locator(".said.wrong", { hasText: "no such thing" }).waitFor();

    await command("notebook:restart-kernel");
    await page.locator(".jp-Dialog button.jp-mod-accept").click();
    await page.locator(".jp-Dialog").waitFor({ state: "detached" });
    await page.getByText("TypeScript (camlab) | Idle").waitFor();
    await explorer.locator(".asks input").first().fill(wanted);
    await explorer.locator(".asks input").first().press("Enter");
    await explorer.locator(".said.wrong", { hasText: "run this cell again" }).waitFor();
  });

  test("Notebook 7 runs a cell after the other: table, chart, value", async () => {
    await page.goto(address("short.ipynb", "notebooks"));
    await page.locator(".jp-Notebook .jp-CodeCell").nth(2).waitFor();
    await untilConnected("short.ipynb");
    const outputs = [
      cell(0).locator(".jp-OutputArea-output table td", { hasText: "<b>bold</b>" }),
      cell(1).locator(".jp-OutputArea-output .vega-embed :is(canvas, svg)").first(),
      cell(2).locator(".jp-OutputArea-output", { hasText: /^42\s*$/ }),
    ];
    for (const [i, output] of outputs.entries()) {
      await cell(i).locator(".cm-content").click();
      await page.keyboard.press("Shift+Enter");
      await output.waitFor();
    }
  });

  test("Voilà runs a notebook and shows its outputs without its code", async () => {
    await page.goto(address("short.ipynb", "voila/render"));
    await page.locator("table td", { hasText: "<b>bold</b>" }).waitFor();
    await page.locator(".jp-OutputArea-output", { hasText: /^42\s*$/ }).waitFor();
    await page.locator(".vega-embed :is(canvas, svg), [data-mime-type*=vega] :is(canvas, svg)").first().waitFor();
    assert.equal(await page.getByText("const before").count(), 0);
  });

  async function runsNotebook(name: string): Promise<readonly { readonly data?: object }[]> {
    await page.goto(address(`notebooks/${name}`));
    await page.getByText("TypeScript (camlab) | Idle").waitFor();
    await command("notebook:run-all-cells");
    await page.waitForFunction(
      () =>
        (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.model
          .toJSON()
          .cells.every((cell) => cell.cell_type !== "code" || typeof cell.execution_count === "number"),
      undefined,
      { timeout: 240_000 },
    );
    const outputs = await page.evaluate(() =>
      (globalThis as unknown as LabWindow).jupyterapp.shell.currentWidget.content.model
        .toJSON()
        .cells.flatMap((cell) => cell.outputs ?? []),
    );
    assert.deepEqual(
      outputs.filter((output) => output.output_type === "error"),
      [],
    );
    return outputs;
  }

  test("runs the localization notebook; its slider moves the boxes and the point on the curve", async () => {
    await runsNotebook(LOCALIZATION);
    const figure = page.locator(".jp-CodeCell", { hasText: "curve: report.overThresholds" });
    await figure.scrollIntoViewIfNeeded();
    const slider = figure.locator("input[name=threshold]");
    await slider.waitFor();
    const picture = figure.locator(".vega-embed :is(canvas, svg)").first();
    const halves = async () => {
      await page.waitForTimeout(300);
      const whole = sharp(await picture.screenshot());
      const { width, height } = await whole.metadata();
      const at = (top: number, rows: number) =>
        whole.clone().extract({ left: 0, top, width, height: rows }).raw().toBuffer();
      const middle = Math.round(height / 2);
      return [await at(0, middle), await at(middle, height - middle)];
    };
    const [boxes, curve] = await halves();
    await slider.fill("0.5");
    const [moved, along] = await halves();
    assert.ok(!moved.equals(boxes), "the boxes follow");
    assert.ok(!along.equals(curve), "the point on the curve follows");
    await slider.fill("0.2");
    const [back] = await halves();
    assert.ok(back.equals(boxes), "and back");
    // In command mode JupyterLab keeps arrows and letters for its cells.
    await slider.focus();
    await slider.press("End");
    const [last] = await halves();
    assert.ok(!last.equals(boxes), "the keyboard moves it");
    await slider.press("PageDown");
    const [down] = await halves();
    assert.ok(!down.equals(last), "a step back");
  });

  test("runs the first notebook and draws its maps", async () => {
    const outputs = await runsNotebook(TOUR);
    assert.ok(outputs.filter((output) => "application/vnd.vegalite.v5+json" in (output.data ?? {})).length >= 3);
    await page.locator(".vega-embed image, .vega-embed canvas").first().waitFor();
  });
});

function withoutOutputs(notebook: string): string {
  const parsed = parseNotebook(notebook);
  for (const cell of parsed.cells) {
    if (cell.cell_type === "code") Object.assign(cell, { outputs: [], execution_count: null });
  }
  return formatNotebook(parsed);
}

function startLab(folder: string, port: number, token: string): ChildProcess {
  const values = {
    "ServerApp.port": port,
    "ServerApp.port_retries": 0,
    "ServerApp.ip": "127.0.0.1",
    "IdentityProvider.token": token,
    "ServerApp.root_dir": folder,
    "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "LabApp.news_url": "",
  };
  const options = Object.entries(values).map(([name, value]) => `--${name}=${value}`);
  const flags = ["--no-browser", "--allow-root", "--expose-app-in-browser"];
  return spawn(lab, [...flags, ...options], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...EXPLORED,
      HOME: join(folder, "home"),
      JUPYTER_PATH: kernelJupyterPath(),
      JUPYTER_DATA_DIR: join(folder, "data"),
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
    },
  });
}

async function untilServes(url: string, log: () => string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`JupyterLab did not start\n${log()}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
