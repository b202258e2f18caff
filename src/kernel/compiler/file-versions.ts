import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";

/** A file that was written so recently may be written once more without a sign of it in its times. */
const RECENT = 2000;

/** Tells when the content of files has changed, without reading them each time. */
export class FileVersions {
  readonly #known = new Map<string, { readonly stat: string; readonly checked: number; readonly version: string }>();

  /** A text that differs when the content does; empty when there is no such file. */
  of(path: string): string {
    try {
      const { mtimeMs, ctimeMs, size, ino } = statSync(path);
      const stat = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
      const known = this.#known.get(path);
      if (known?.stat === stat && known.checked - Math.max(mtimeMs, ctimeMs) > RECENT) return known.version;
      const checked = Date.now();
      const version = createHash("sha1").update(readFileSync(path)).digest("hex");
      this.#known.set(path, { stat, checked, version });
      return version;
    } catch {
      return "";
    }
  }
}
