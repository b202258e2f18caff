import { existsSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { readImageInfo } from "../../../images/files/read-image-info.js";
import type { Box } from "../../../images/box.js";
import { loadMask } from "../../../images/masks/load-mask.js";
import type { RunLengthMask } from "../../../images/masks/masks.js";
import { placedMask } from "../../../images/masks/placed-mask.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../../images/picture.js";
import { CamlabError } from "../../../support/errors.js";
import { IMAGE_ENDINGS } from "../../../support/files/image-endings.js";
import { readJson } from "../../files/read-json.js";
import type { Reading } from "../../files/reading.js";
import { isObject, type JsonObject, numberOf, numbersOf, shown } from "../../files/values.js";
import { boxAroundCorners, withinPicture } from "../picture-objects.js";
import type { LabelMeOptions } from "./labelme-options.js";

/**
 * Reads files of the labelme tool: `NAME.json` with `shapes` (polygons, rectangles, circles), `imagePath` and the image's
 * size.
 *
 * @returns undefined when none of the files is one of these
 * @throws CamlabError when none of them can be used
 */
export async function readLabelMeTool(
  folder: string,
  files: readonly string[],
  { images, signal }: Pick<LabelMeOptions, "images" | "signal">,
  reading: Reading,
): Promise<PictureSet<AnnotatedPicture> | undefined> {
  const tally = reading.count("annotations", folder);
  const shapes = reading.count("shapes", folder);
  const pictures: AnnotatedPicture[] = [];
  let isOfTool = false;
  for (const file of files) {
    signal?.throwIfAborted();
    const name = relative(folder, file).split(sep).join("/");
    const picture = await tally.attemptAsync(name, async (): Promise<AnnotatedPicture> => {
      const data = await readJson(file, reading);
      if (!isObject(data) || !Array.isArray(data.shapes)) throw new CamlabError("it has no list of shapes");
      isOfTool = true;
      const path = imageOf(data, file, images);
      const size = await sizeOf(data, path);
      const objects: PictureObject[] = [];
      for (const [i, shape] of (data.shapes as readonly unknown[]).entries()) {
        const object = await shapes.attemptAsync(`${name}, shape ${i + 1}`, async () =>
          withinPicture(await objectOf(shape, size), size),
        );
        if (object) objects.push(object);
      }
      const labels = [...new Set(objects.map((object) => object.name))].sort();
      return { file: path, id: name.replace(/\.json$/i, ""), labels, ...size, objects };
    });
    if (picture) pictures.push(picture);
  }
  if (!isOfTool) return undefined;
  return reading.set(pictures.flatMap(({ labels = [] }) => labels).sort(), pictures, folder);
}

/** Where the file says, or of the file's own name beside it: files are moved together. */
function imageOf({ imagePath }: JsonObject, file: string, images: string | undefined): string {
  const folder = images ?? dirname(file);
  const told = typeof imagePath === "string" ? imagePath.replaceAll("\\", "/") : "";
  const stem = basename(file).replace(/\.json$/i, "");
  const names = [
    told,
    basename(told),
    ...IMAGE_ENDINGS.flatMap((ending) => [stem + ending, stem + ending.toUpperCase()]),
  ];
  const found = names
    .filter(Boolean)
    .map((name) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new CamlabError(`its image ${told || stem} is not there: say where with { images }`);
  return found;
}

async function sizeOf(data: JsonObject, path: string): Promise<{ width: number; height: number }> {
  const [width, height] = [numberOf(data.imageWidth), numberOf(data.imageHeight)];
  if (width !== undefined && height !== undefined && width > 0 && height > 0) return { width, height };
  const info = await readImageInfo(path);
  return { width: info.width, height: info.height };
}

async function objectOf(shape: unknown, size: { width: number; height: number }): Promise<PictureObject> {
  if (!isObject(shape)) throw new CamlabError("it is no shape");
  const { label, points, shape_type: kind = "polygon" } = shape;
  if (typeof label !== "string" || label.trim() === "") throw new CamlabError("it has no label");
  const corners = Array.isArray(points) ? (points as readonly unknown[]).map(numbersOf) : [];
  const known = corners.filter((corner): corner is [number, number] => corner?.length === 2);
  if (known.length === 0 || known.length < corners.length) throw new CamlabError(`its points are ${shown(points)}`);
  const name = label.trim();
  switch (kind) {
    case "polygon":
      if (known.length < 3) throw new CamlabError(`its outline has ${known.length} corners`);
      return { name, box: boxAroundCorners(known), polygons: [known.flat()] };
    case "rectangle":
      if (known.length < 2) throw new CamlabError("a rectangle needs two corners");
      return { name, box: boxAroundCorners(known) };
    case "mask":
      return { name, box: boxAroundCorners(known), mask: await maskIn(shape, boxAroundCorners(known), size) };
    case "circle": {
      if (known.length !== 2) throw new CamlabError("a circle needs its centre and a point on it");
      const [[x, y], [onX, onY]] = known;
      const radius = Math.hypot(onX - x, onY - y);
      const turn = (i: number) => (i * 2 * Math.PI) / CIRCLE;
      const around = Array.from({ length: CIRCLE }, (_, i) => [
        x + radius * Math.cos(turn(i)),
        y + radius * Math.sin(turn(i)),
      ]);
      return {
        name,
        box: { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius },
        polygons: [around.flat()],
      };
    }
    default:
      throw new CamlabError(`a shape of the kind ${shown(kind)} encloses nothing`);
  }
}

/** A mask is a PNG in the file, cut to the box of its two corners. */
async function maskIn({ mask }: JsonObject, box: Box, size: { width: number; height: number }): Promise<RunLengthMask> {
  if (typeof mask !== "string" || mask === "") throw new CamlabError("its mask is missing");
  return placedMask(await loadMask(Buffer.from(mask, "base64")), box, size);
}

/** Corners of what stands for a circle. */
const CIRCLE = 64;
