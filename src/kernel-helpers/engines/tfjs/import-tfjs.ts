import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CamlabError, messageOf } from "../../support/errors.js";
import { packageRoot } from "../../support/package-root.js";

/** The packages of TF.js that camlab uses, by their names after "@tensorflow/tfjs-". */
interface Parts {
  readonly core: typeof import("@tensorflow/tfjs-core");
  /** Imported for what importing it does: gradients of all kernels are there then. */
  readonly layers: unknown;
  /** Imported for what importing it does: its backend is registered. */
  readonly "backend-cpu": unknown;
  /** Likewise. */
  readonly "backend-wasm": unknown;
}

/** The version of TF.js that camlab is written for. */
const VERSION = "4.22.";

/**
 * A package of TF.js: the one that is installed where it is of camlab's version (tfjs-node brings it), else camlab's own
 * copy, a hundredth in size.
 *
 * @throws CamlabError when neither loads
 */
export async function importTfjs<P extends keyof Parts>(part: P): Promise<Parts[P]> {
  const name = `@tensorflow/tfjs-${part}`;
  if (isInstalled(name)) return (await import(name)) as Parts[P];
  const copy = ownCopy();
  return part === "core" ? copy.core : (copy[part as "layers"]() as Parts[P]);
}

function isInstalled(name: string): boolean {
  try {
    const file = createRequire(import.meta.url).resolve(`${name}/package.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version.startsWith(VERSION);
  } catch {
    return false;
  }
}

interface OwnCopy extends Pick<Parts, "core"> {
  layers(): unknown;
  "backend-cpu"(): unknown;
  "backend-wasm"(): unknown;
}

function ownCopy(): OwnCopy {
  const file = join(packageRoot(), "dist", "vendor", "tfjs", "tfjs.js");
  try {
    return createRequire(import.meta.url)(file) as OwnCopy;
  } catch (error) {
    throw new CamlabError(`camlab's copy of TF.js (${file}) does not load: ${messageOf(error)}`);
  }
}
