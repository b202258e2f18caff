import { realpathSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
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
    // As it will be asked for: "..", in whatever spelling, is gone from it.
    const address = URL.canParse(file.pack) ? new URL(file.pack).href : undefined;
    if (address !== undefined && this.addresses.some((root) => address.startsWith(root))) return;
    throw new CamlabError(`${file.pack} does not lie under the roots that this worker was started with`);
  }
}

/**
 * Where a path leads; of what is not there, where it would lie. Asked at once: a thousand answers one by one from another
 * thread take longer than a picture.
 */
function behindLinks(path: string): string | undefined {
  if (path.split(/[/\\]/).includes("..") || path.includes("\0")) return undefined;
  try {
    return realpathSync.native(path);
  } catch {
    const folder = dirname(path);
    const real = folder === path ? undefined : behindLinks(folder);
    return real === undefined ? undefined : join(real, basename(path));
  }
}

function isBelow(path: string, root: string): boolean {
  const way = relative(root, path);
  return way === "" || (!isAbsolute(way) && way !== ".." && !way.startsWith(`..${sep}`));
}
