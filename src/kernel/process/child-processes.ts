// A cell's child processes must not outlive the kernel that it ran in.
import childProcess from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";

/** One process of the system. */
interface SystemProcess {
  readonly id: number;
  readonly parent: number;
  /** The session (on Linux) or process group (elsewhere) that it belongs to. */
  readonly session: number;
}

/** Milliseconds that child processes get to end by themselves. */
const PATIENCE = 300;

/**
 * Calls back before each child process that is started from now on, in whichever way.
 *
 * @example
 * beforeEachChild(() => console.log("one more"));
 */
export function beforeEachChild(callback: () => void): void {
  const announced = (holder: Record<string, unknown>, name: string) => {
    const original = holder[name] as (...values: unknown[]) => unknown;
    holder[name] = function (this: unknown, ...values: unknown[]) {
      callback();
      return original.apply(this, values);
    };
  };
  for (const name of ["spawnSync", "execSync", "execFileSync"]) announced(childProcess, name);
  announced(childProcess.ChildProcess.prototype as never, "spawn");
  syncBuiltinESMExports();
}

/**
 * Ends every process that descends from this one: asks first (SIGTERM), then not (SIGKILL). A process that was started
 * with `detached: true` has left on purpose and is let go, with all that it started. Nothing happens on Windows.
 *
 * @example
 * process.on("exit", () => endChildProcesses());
 */
export function endChildProcesses(): void {
  if (process.platform === "win32") return;
  const asked = new Set<number>();
  const until = Date.now() + PATIENCE;
  for (;;) {
    const left = childProcesses();
    if (!left.length) return;
    const late = Date.now() >= until;
    for (const id of left) {
      if (!late && asked.has(id)) continue;
      asked.add(id);
      signal(id, late ? "SIGKILL" : "SIGTERM");
    }
    if (late) return;
    sleep(20);
  }
}

/** The ids of the living processes that descend from this one and have not been detached. */
function childProcesses(): number[] {
  const all = process.platform === "linux" ? linuxProcesses() : listedProcesses();
  const own = all.find(({ id }) => id === process.pid);
  if (!own) return [];
  // A session of the kernel's own also holds those whose parents have ended before them.
  if (process.platform === "linux" && own.session === own.id) {
    return all.filter(({ id, session }) => session === own.session && id !== own.id).map(({ id }) => id);
  }
  const found: number[] = [];
  for (let parents = [own.id]; parents.length;) {
    const children = all.filter(({ parent, session }) => parents.includes(parent) && session === own.session);
    parents = children.map(({ id }) => id);
    found.push(...parents);
  }
  return found;
}

function linuxProcesses(): SystemProcess[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      // The command, in parentheses, may itself hold blanks and parentheses.
      const [state, parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return state === "Z" ? [] : [{ id: Number(name), parent: Number(parent), session: Number(session) }];
    } catch {
      return [];
    }
  });
}

function listedProcesses(): SystemProcess[] {
  try {
    const lines = childProcess
      .execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat="], { encoding: "utf8" })
      .split("\n");
    return lines.flatMap((line) => {
      const [id, parent, session, state] = line.trim().split(/\s+/);
      // `ps` itself has ended by the time that its list is read.
      return !state || state.startsWith("Z")
        ? []
        : [{ id: Number(id), parent: Number(parent), session: Number(session) }];
    });
  } catch {
    return [];
  }
}

function signal(id: number, name: NodeJS.Signals): void {
  try {
    process.kill(id, name);
  } catch {
    // It ended meanwhile, or it belongs to another user.
  }
}

function sleep(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
