// Kernels over their own sockets, all through the one client: start, cells, ten at once, memory.
import { readFileSync } from "node:fs";
import { median } from "../../src/kernel-helpers/support/statistics.js";
import { KernelClient } from "../../src/kernel/protocol/kernel-client.js";

/** A kernel's command line, with `{connection_file}` in it, and a cell whose value is a list. */
export interface Kernel {
  readonly argv: readonly string[] | undefined;
  readonly cell: string;
  readonly transport?: "tcp";
}

/** Figures of one kernel, in the units of the table. */
export type KernelFigures = Record<"start" | "cell", number>;
/** Figures of ten kernels at once. */
export type TenFigures = Record<"ten" | "memory", number>;

const CELLS = 40;
const AT_ONCE = 10;

/** Seconds from a process's start to the result of `1 + 1`, then milliseconds of a trivial cell (the median). */
export async function measureKernel({ argv, cell, transport }: Kernel): Promise<KernelFigures> {
  const begun = performance.now();
  const kernel = await KernelClient.start({ cwd: "notebooks", argv, transport });
  try {
    await kernel.execute("1 + 1");
    const start = (performance.now() - begun) / 1000;
    const times: number[] = [];
    for (let i = -5; i < CELLS; i++) {
      const before = performance.now();
      await kernel.execute(cell);
      if (i >= 0) times.push(performance.now() - before);
    }
    return { start, cell: median(times) };
  } finally {
    await kernel.shutdown();
  }
}

/** Seconds until the last of ten kernels, started together, gave its first result; MiB that each takes then (PSS). */
export async function measureTen({ argv, transport }: Kernel): Promise<TenFigures> {
  const begun = performance.now();
  const kernels = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const kernel = await KernelClient.start({ cwd: "notebooks", argv, transport, startTimeout: 120_000 });
      await kernel.execute("1 + 1");
      return kernel;
    }),
  );
  try {
    const ten = (performance.now() - begun) / 1000;
    const sizes = kernels.map((kernel) => shareOf(kernel.process.pid ?? 0));
    return { ten, memory: sizes.reduce((sum, size) => sum + size, 0) / AT_ONCE };
  } finally {
    await Promise.all(kernels.map((kernel) => kernel.shutdown()));
  }
}

/** A process's proportional share of memory, MiB. */
function shareOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]) / 1024;
}
