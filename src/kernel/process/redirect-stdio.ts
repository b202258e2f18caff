// What is written to the file descriptors 1 and 2 without passing through `process.stdout`: by child processes with
// `stdio: "inherit"`, by native code, by `fs.writeSync(1, …)`. It belongs into the cell, not into the server's terminal.
import { spawnSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the standard streams of the process lead once they are redirected. */
export interface RedirectedStdio {
  /** File descriptors, non-blocking, from which all that is written to descriptor 1 and 2 can be read. */
  readonly stdout: number;
  readonly stderr: number;
  /** A file descriptor of the stderr that the process was started with: for what the kernel has to say of itself. */
  readonly log: number;
}

/**
 * Puts a pipe in place of descriptors 1 and 2, and an empty file in place of 0. To be called before anything else of the
 * process runs: `process.stdout` must not have been touched, and no other thread may open files meanwhile.
 *
 * @returns undefined where the system has no named pipes (Windows): then nothing is changed
 * @example
 * const redirected = redirectStdio();
 */
export function redirectStdio(): RedirectedStdio | undefined {
  if (process.platform === "win32") return undefined;
  const folder = mkdtempSync(join(tmpdir(), "camlab-stdio-"));
  try {
    const [out, err] = [join(folder, "stdout"), join(folder, "stderr")];
    if (spawnSync("mkfifo", ["-m", "600", out, err], { stdio: "ignore" }).status !== 0) return undefined;
    // Opened for both directions: a pipe without any writer would look ended.
    const both = constants.O_RDWR | constants.O_NONBLOCK;
    const [stdout, stderr] = [openSync(out, both), openSync(err, both)];
    const log = copyOfStderr();
    replace(0, "/dev/null", "r");
    replace(1, out, "w");
    replace(2, err, "w");
    return { stdout, stderr, log };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that is opened gets the lowest free descriptor: the one that was closed just before. */
function replace(descriptor: number, path: string, flags: string): void {
  closeSync(descriptor);
  const opened = openSync(path, flags);
  if (opened !== descriptor) throw new Error(`file descriptor ${descriptor} was taken meanwhile`);
}

function copyOfStderr(): number {
  try {
    return openSync("/dev/fd/2", "a");
  } catch {
    // A socket cannot be opened by its name.
    return openSync("/dev/null", "w");
  }
}
