import { readdirSync, rmdirSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** How the folders begin that camlab's own front end makes for one kernel each. */
export const CONNECTION_FOLDER = "camlab-kernel-";

/**
 * Removes the connection file of a kernel whose front end died without doing so, and the folder around it when camlab
 * made that for it alone.
 */
export function removeConnection(file: string): void {
  const folder = dirname(file);
  try {
    unlinkSync(file);
    if (dirname(folder) !== tmpdir() || !basename(folder).startsWith(CONNECTION_FOLDER)) return;
    for (const name of readdirSync(folder)) if (/^(log|socket-\d)$/.test(name)) unlinkSync(join(folder, name));
    rmdirSync(folder);
  } catch {
    // It is gone already, or something else lies there: then it is not this kernel's to remove.
  }
}
