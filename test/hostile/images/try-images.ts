// Reads seeded mutants one by one; `fuzz-images.ts` runs it and watches.
import { readFileSync } from "node:fs";
import sharp from "sharp";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import { loadImage } from "../../../src/kernel-helpers/images/files/load-image.js";
import { prepareImage } from "../../../src/kernel-helpers/images/input/prepare-image.js";
import { CamlabError, messageOf } from "../../../src/kernel-helpers/support/errors.js";
import { preprocessing } from "../../kernel-helpers/images/pictures.js";
import { type ImageMutant, mutateImage } from "./mutate-image.js";
import { seedPictures } from "./seeds.js";

/** Black that was never written and black that was: where zeros begin with a line nobody can tell. */
const UNDECIDED: ReadonlySet<string> = new Set([
  "bmp",
  "tiff, uncompressed",
  "tiff, JPEG",
  "rgb uint8, tiles of planes",
]);
/** Formats that are read here, so that sharp is no judge of them. */
const OWN = /^(?:BM|II\*|MM\0)/;

const [seed, from, to] = process.argv.slice(2);
const pictures = await seedPictures();
const sound = new Map<string, Image>();
for (const { name, bytes } of pictures) sound.set(name, await loadImage(bytes));
const input = preprocessing({ width: 32, height: 32, fit: "cover" });

for (let index = Number(from); index < Number(to); index++) {
  const mutant = mutateImage(pictures, seed, index);
  console.log(JSON.stringify({ index, what: mutant.what }));
  const start = performance.now();
  const outcome = await outcomeOf(mutant);
  console.log(JSON.stringify({ index, outcome, ms: Math.round(performance.now() - start), megabytes: megabytes() }));
}

async function outcomeOf(mutant: ImageMutant): Promise<string> {
  const prepared = await settled(prepareImage(mutant.bytes, input));
  const loaded = await settled(loadImage(mutant.bytes));
  for (const { error } of [prepared, loaded]) {
    if (error !== undefined && !(error instanceof CamlabError)) return `threw ${messageOf(error)}`;
  }
  if (!loaded.value) return "refused";
  if (prepared.error) return `is read whole, and not at a small size: ${messageOf(prepared.error)}`;
  const expected = sound.get(mutant.original.name)!;
  if (Buffer.from(loaded.value.data).equals(expected.data)) return "whole";
  if (mutant.isCut && !UNDECIDED.has(mutant.original.name)) return "half a picture was read";
  return (await asShown(mutant.bytes, loaded.value)) ?? "changed";
}

/** What is wrong with pixels that sharp, told to mind nothing, shows otherwise. */
async function asShown(bytes: Buffer, { width, height, data }: Image): Promise<string | undefined> {
  const shown = await settled(
    sharp(bytes, { failOn: "none", limitInputPixels: false })
      .autoOrient()
      .flatten({ background: "#ffffff" })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true }),
  );
  // Formats that sharp does not read, and floating-point numbers that it takes for others.
  if (!shown.value || OWN.test(bytes.toString("latin1", 0, 4)) || shown.value.info.channels !== 3) return undefined;
  const { info } = shown.value;
  if (info.width !== width || info.height !== height)
    return `is ${width}×${height}, sharp: ${info.width}×${info.height}`;
  const most = data.reduce((so, value, i) => Math.max(so, Math.abs(value - shown.value!.data[i])), 0);
  return most > 1 ? `differs by up to ${most} from what sharp shows` : undefined;
}

async function settled<T>(promise: Promise<T>): Promise<{ value?: T; error?: unknown }> {
  return promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** The most memory that this process has taken. */
function megabytes(): number {
  const status = readFileSync("/proc/self/status", "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}
