import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What became of many damaged models. */
export interface FuzzReport {
  readonly tried: number;
  readonly opened: number;
  readonly refused: number;
  /** Each mutant that crashed, hung, took too much memory, threw something else than a CamlabError or opened wrongly. */
  readonly faults: readonly string[];
}

/** Limits of one model. */
const [LONGEST_MS, MOST_MEGABYTES] = [10_000, 1024];
/** How many models one process tries before a fresh one goes on, so that its memory is theirs. */
const EACH = 250;

/**
 * Opens seeded mutants of small networks in processes of their own and looks through those that open.
 *
 * @param count how many
 * @param seed the same seed gives the same mutants
 * @param onFault called with each fault as it is found
 */
export async function fuzzModels(count: number, seed: string, onFault?: (fault: string) => void): Promise<FuzzReport> {
  const report = { tried: 0, opened: 0, refused: 0, faults: [] as string[] };
  for (let from = 0; from < count;) {
    const to = Math.min(count, from + EACH);
    from = await batch(seed, from, to, report, (fault) => {
      report.faults.push(fault);
      onFault?.(fault);
    });
  }
  return report;
}

interface Line {
  readonly index: number;
  readonly what?: string;
  readonly outcome?: string;
  readonly ms?: number;
  readonly megabytes?: number;
}

/** Tries mutants in one process; returns the first that it did not come to. */
async function batch(
  seed: string,
  from: number,
  to: number,
  report: { tried: number; opened: number; refused: number },
  fault: (text: string) => void,
): Promise<number> {
  const script = fileURLToPath(new URL("try-models.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", script, seed, String(from), String(to)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  let last: Line = { index: from - 1 };
  let what = "";
  let megabytes = 0;
  let hung = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, LONGEST_MS + 20_000);
  };
  watch();
  for await (const text of createInterface({ input: child.stdout })) {
    watch();
    const line = JSON.parse(text) as Line;
    last = line;
    if (line.outcome === undefined) {
      what = `${seed} ${line.index} (${line.what})`;
      continue;
    }
    report.tried++;
    if (line.outcome === "opened") report.opened++;
    else if (line.outcome === "refused") report.refused++;
    else fault(`${what}: ${line.outcome}`);
    if ((line.ms ?? 0) > LONGEST_MS) fault(`${what}: took ${line.ms} ms`);
    if ((line.megabytes ?? 0) > MOST_MEGABYTES && megabytes <= MOST_MEGABYTES)
      fault(`${what}: took ${line.megabytes} MB`);
    megabytes = line.megabytes ?? 0;
  }
  clearTimeout(timer);
  const code = await new Promise<string>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(String(child.signalCode ?? child.exitCode));
    else child.on("exit", (exit, signal) => resolve(String(signal ?? exit)));
  });
  if (last.index === to - 1 && last.outcome !== undefined && code === "0") return to;
  report.tried++;
  fault(`${what}: ${hung ? "never ended" : `the process ended with ${code}`} ${errors.trim()}`);
  return Math.max(last.index, from) + 1;
}
