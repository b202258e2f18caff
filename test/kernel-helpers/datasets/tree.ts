import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encodePng } from "../../../src/kernel-helpers/images/files/encode.js";
import { draw } from "../images/pictures.js";

/** The files of a folder by path; awhat is neither text nor bytes is written as JSON. */
export type Tree = Readonly<Record<string, string | Uint8Array | object>>;

/** Writes files into a new folder and hands it to `use`; it is gone afterwards. */
export async function inTree<T>(files: Tree, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "camlab-tree-"));
  try {
    await plant(folder, files);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes files below a folder. */
export async function plant(folder: string, files: Tree): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    const isBytes = typeof content === "string" || content instanceof Uint8Array;
    await writeFile(join(folder, name), isBytes ? content : JSON.stringify(content));
  }
}

/** A PNG of one grey. */
export function grey(width: number, height: number): Promise<Uint8Array> {
  return encodePng(draw(width, height, () => [9, 9, 9]));
}
