import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** What became of many damaged inputs. */
export interface Tries {
  readonly tried: number;
  /** How often each outcome that is no fault came about. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Each input that crashed, hung, took too much memory or came to something else. */
  readonly faults: readonly string[];
}

/** Limits of one input. */
const [LONGEST_MS, MOST_MEGABYTES] = [10_000, 1024];
/** How many inputs one process tries before a fresh one goes on, so that its memory is theirs. */
const EACH = 250;

/**
 * Has a script try seeded inputs in processes of their own. It is run with a seed, the first index and the one after the
 * last, and prints a JSON line `{ index, what }` before each input and `{ index, outcome, ms, megabytes }` after it.
 *
 * @param fine the outcomes that are no fault
 * @param count how many inputs
 * @param seed the same seed gives the same inputs
 * @param onFault called with each fault as it is found
 */
export async function tryInProcesses(
  script: URL,
  fine: readonly string[],
  count: number,
  seed: string,
  onFault?: (fault: string) => void,
): Promise<Tries> {
  const outcomes: Record<string, number> = Object.fromEntries(fine.map((outcome) => [outcome, 0]));
  const report = { tried: 0, outcomes, faults: [] as string[] };
  for (let from = 0; from < count;) {
    const to = Math.min(count, from + EACH);
    from = await batch(script, seed, from, to, report, (fault) => {
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
  script: URL,
  seed: string,
  from: number,
  to: number,
  report: { tried: number; readonly outcomes: Record<string, number> },
  fault: (text: string) => void,
): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(script), seed, String(from), String(to)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
  let last: Line = { index: from - 1 };
  let what = "";
  let megabytes = 0;
  let hung = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = (longest = LONGEST_MS + 20_000) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, longest);
  };
  // On a busy machine a process takes long before it comes to its first input.
  watch(180_000);
  for await (const text of createInterface({ input: child.stdout })) {
    watch();
    const line = JSON.parse(text) as Line;
    last = line;
    if (line.outcome === undefined) {
      what = `${seed} ${line.index} (${line.what})`;
      continue;
    }
    report.tried++;
    if (Object.hasOwn(report.outcomes, line.outcome)) report.outcomes[line.outcome]++;
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
