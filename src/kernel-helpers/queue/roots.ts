import { realpathSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { isPacked } from "../images/packed/packed-image.js";
import type { Picture } from "../images/picture.js";
import { CamlabError, messageOf } from "../support/errors.js";

/**
 * What lies below some roots: folders, links followed, and beginnings of addresses.
 *
 * @throws CamlabError for a root that is no folder
 */
export class Roots {
  private constructor(
    private readonly folders: readonly string[],
    private readonly addresses: readonly string[],
  ) {}

  static async open(roots: readonly string[]): Promise<Roots> {
    const isAddress = (root: string) => /^https?:\/\//.test(root);
    const folders = roots.filter((root) => !isAddress(root));
    const real = folders.map((root) =>
      realpath(root).catch((error: unknown) => {
        throw new CamlabError(`the root ${root} cannot be used: ${messageOf(error)}`, { cause: error });
      }),
    );
    const addresses = roots.filter(isAddress).map((root) => new URL(root.endsWith("/") ? root : `${root}/`).href);
    return new Roots(await Promise.all(real), addresses);
  }

  /** @throws CamlabError unless a path lies below a root, wherever links lead; a path of nothing by what it says */
  check(path: string): void {
    const real = isAbsolute(path) ? behindLinks(path) : undefined;
    if (real === undefined || !this.folders.some((root) => isBelow(real, root))) {
      throw new CamlabError(`${path} does not lie under the roots that this worker was started with`);
    }
  }

  /** @throws CamlabError unless a picture's file lies below a root */
  checkPicture({ file }: Picture): void {
    if (typeof file === "string") return this.check(file);
    if (!isPacked(file)) throw new CamlabError("a picture without a file was submitted");
    if (file.kind !== "address") return this.check(file.pack);
    if (this.addresses.some((root) => file.pack.startsWith(root))) return;
    throw new CamlabError(`${file.pack} does not lie under the roots that this worker was started with`);
  }
}

/** Asked at once: a thousand answers one by one from another thread take longer than a picture. */
function behindLinks(path: string): string | undefined {
  if (path.split(/[/\\]/).includes("..")) return undefined;
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}
