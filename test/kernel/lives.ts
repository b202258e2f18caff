import { readFileSync } from "node:fs";

/** Whether a process runs; one that has ended and is not yet forgotten by its parent does not. */
export function lives(id: number): boolean {
  try {
    process.kill(id, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    return !stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return process.platform !== "linux";
  }
}
