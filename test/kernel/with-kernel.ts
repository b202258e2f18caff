// A real kernel process for tests, and what a cell did with it. Needs a built dist/.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { OutputCollector } from "../../src/kernel/notebooks/collect-outputs.js";
import { KernelClient } from "../../src/kernel/protocol/kernel-client.js";
import type { CellOutput } from "../../src/kernel/notebooks/notebook.js";
import type { Content, Message } from "../../src/kernel/protocol/wire.js";
import { packageRoot } from "../../src/kernel-helpers/support/package-root.js";

/** What one cell sent. */
export interface CellRun {
  readonly reply: Content;
  readonly outputs: CellOutput[];
  /** Every iopub message, status included. */
  readonly messages: Message[];
}

/** Runs a cell and gathers all that came. */
export async function runCell(
  kernel: KernelClient,
  code: string,
  options: Content = {},
  onMessage: (message: Message) => void = () => undefined,
): Promise<CellRun> {
  const outputs: CellOutput[] = [];
  const messages: Message[] = [];
  const collect = new OutputCollector().into(outputs);
  const reply = await kernel.execute(
    code,
    (message) => {
      messages.push(message);
      collect(message);
      onMessage(message);
    },
    options,
  );
  return { reply: reply.content, outputs, messages };
}

/** A cell that prints twice, far apart: what it prints comes as it prints it. */
export async function assertStreamed(kernel: KernelClient, code: string): Promise<void> {
  const times: number[] = [];
  await kernel.execute(code, ({ header }) => header.msg_type === "stream" && times.push(Date.now()));
  assert.equal(times.length, 2);
  assert.ok(times[1] - times[0] > 300, `${times[1] - times[0]} ms apart`);
}

/** Runs a cell that prints when it is well under way, and interrupts it then. */
export async function interruptCell(kernel: KernelClient, code: string): Promise<{ run: CellRun; interrupt: Content }> {
  let done: Promise<CellRun> | undefined;
  await new Promise<void>((resolve) => {
    done = runCell(kernel, code, {}, ({ header }) => header.msg_type === "stream" && resolve());
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { content } = await kernel.interrupt();
  return { run: await done!, interrupt: content };
}

/** The data of the one result or display among outputs. */
export function dataOf({ outputs, reply }: CellRun): Record<string, unknown> {
  const shown = outputs.filter((output) => "data" in output);
  if (shown.length !== 1) throw new Error(`${shown.length} displays; reply ${JSON.stringify(reply)}`);
  return shown[0].data;
}

/** What a cell printed on one stream. */
export function printed({ outputs }: CellRun, name: "stdout" | "stderr" = "stdout"): string {
  return outputs
    .flatMap((output) => (output.output_type === "stream" && output.name === name ? [output.text] : []))
    .join("");
}

/** A traceback without its colours. */
export function traceOf({ reply }: CellRun): string {
  // eslint-disable-next-line no-control-regex
  return ((reply.traceback as string[] | undefined) ?? []).join("\n").replace(/\x1b\[\d+m/g, "");
}

/** A folder in which packages resolve as they do for the project's notebooks; removed by `remove`. */
export async function notebookFolder(
  files: Record<string, string> = {},
): Promise<{ path: string; remove: () => Promise<void> }> {
  const parent = join(packageRoot(), "out");
  await mkdir(parent, { recursive: true });
  const path = await mkdtemp(join(parent, "kernel-test-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export async function startTestKernel(cwd: string): Promise<KernelClient> {
  if (!existsSync(join(packageRoot(), "dist/esm/kernel/start-kernel.js"))) {
    throw new Error("the kernel runs from dist/: `npm run build` first");
  }
  return KernelClient.start({ cwd, startTimeout: 120_000 });
}
