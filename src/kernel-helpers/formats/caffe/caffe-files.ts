import { readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { CamlabError } from "../../support/errors.js";

/** The files of a network of Caffe's. */
export interface CaffeFiles {
  readonly weights: string;
  /** The description; absent where the weights have to speak for themselves. */
  readonly description?: string;
  /** Mean pictures that lie beside it. */
  readonly means: readonly string[];
}

/**
 * The description that belongs to weights, or the weights that belong to a description: the file beside it with the same
 * name, else the only one that can be meant.
 *
 * @throws CamlabError when there are no weights, or several files could be meant
 */
export async function caffeFiles(path: string, kind: "weights" | "description"): Promise<CaffeFiles> {
  const folder = dirname(path);
  const names = await readdir(folder);
  const ending = (pattern: RegExp) => names.filter((name) => pattern.test(name)).sort();
  const stem = basename(path, extname(path)).toLowerCase();
  const means = ending(/\.binaryproto$/i).map((name) => join(folder, name));
  const beside = (list: readonly string[]) => list.find((name) => basename(name, extname(name)).toLowerCase() === stem);
  if (kind === "description") {
    const weights = ending(/\.caffemodel$/i);
    const found = beside(weights) ?? theOnly(weights, path, "weights (.caffemodel)");
    if (found === undefined) {
      throw new CamlabError(
        `cannot open ${path}: it describes a network of Caffe's, whose weights (.caffemodel) do not lie beside it`,
      );
    }
    return { description: path, weights: join(folder, found), means };
  }
  const texts = ending(/\.prototxt(\.txt)?$/i).filter((name) => !/solver/i.test(name));
  const deploy = texts.filter((name) => /deploy/i.test(name));
  const found = beside(texts) ?? theOnly(deploy.length > 0 ? deploy : texts, path, "descriptions (.prototxt)");
  return { weights: path, ...(found !== undefined && { description: join(folder, found) }), means };
}

function theOnly(names: readonly string[], path: string, what: string): string | undefined {
  if (names.length < 2) return names.at(0);
  throw new CamlabError(
    `cannot open ${path}: several ${what} lie beside it (${names.join(", ")}); give the one that belongs to it the same name, ` +
      "or put the two into a folder of their own",
  );
}
