// Birds of CUB-200-2011 whose species a network knows, where $CAMLAB_REAL has them: the test part of its first 20 species, and
// 964 species of a network that never saw a picture of them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Network, openNetwork, type Picture, readers } from "../../src/index.js";

/** The network of birds. */
export const BIRD_NETWORK = "inat_bird_mobilenet_v2";

/** Opens it; with finer maps where asked for. */
export function openBirdNetwork(real: string, maps: "own" | "finer" = "own"): Promise<Network> {
  return openNetwork(join(real, "models", BIRD_NETWORK), { maps });
}

/** The birds of the test part that the network has a class for, with that class; undefined where there are none. */
export async function knownBirds(
  real: string | undefined,
  { classes }: Network,
): Promise<readonly { readonly picture: Picture; readonly index: number }[] | undefined> {
  if (real === undefined || !existsSync(join(real, "data", "cub20", "images.txt"))) return undefined;
  const { pictures } = await readers.readCub(join(real, "data", "cub20"));
  // Classes read “Passerina cyanea (Indigo Bunting)”.
  const species = classes.map((name) => plain(/\((.*)\)/.exec(name)?.[1] ?? name));
  return pictures
    .filter(({ split }) => split === "test")
    .map((picture) => ({ picture, index: species.indexOf(plain(SAME[picture.label ?? ""] ?? picture.label ?? "")) }))
    .filter(({ index }) => index >= 0);
}

const SAME: Readonly<Record<string, string>> = { Cardinal: "Northern Cardinal" };

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace("grey", "gray")
    .replace(/[^a-z]/g, "");
}
