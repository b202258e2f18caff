import type { Box } from "../kernel-helpers/images/box.js";
import type { Image } from "../kernel-helpers/images/image.js";
import { type Region, regionsOf } from "../kernel-helpers/images/masks/masks.js";
import { type Entry, SIDE } from "./canvas.js";
import { drawDescription } from "./draw-description.js";
import type { Description } from "./description.js";
import { finish } from "./pen/finish.js";
import type { Shape } from "./pen/pen.js";
import type { WorldObject } from "./drawing.js";

/** What a description looks like, and the visible objects by number. */
export interface Rendered {
  readonly image: Image;
  readonly objects: readonly WorldObject[];
  /** The number of the object that has a key; absent when nothing of it is visible. */
  readonly idOf: ReadonlyMap<string, number>;
}

/** Fewer visible pixels than this do not count as visible. */
const LEAST_PIXELS = 24;

/** Draws a description: pixels, and exact masks of what is visible. */
export async function render(description: Description): Promise<Rendered> {
  const { default: sharp } = await import("sharp");
  const canvas = drawDescription(description);
  const raster = async (svg: string) => {
    const { data, info } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true });
    return { data, channels: info.channels, width: info.width, height: info.height };
  };
  const [picture, flat] = await Promise.all([raster(canvas.pen.picture()), raster(canvas.pen.map())]);
  const keys = new Uint16Array(SIDE * SIDE);
  const numbers = new Uint8Array(SIDE * SIDE);
  for (let i = 0; i < keys.length; i++) {
    numbers[i] = flat.data[i * flat.channels];
    keys[i] = (numbers[i] << 8) | flat.data[i * flat.channels + 1];
  }
  const image = finish(picture, keys, canvas.pen.shapes, description.film, description.backdrop.horizon);
  const objects = visibleObjects(canvas.entries, regionsOf(numbers, SIDE, SIDE), partBoxes(canvas.pen.shapes, keys));
  const visible = new Set(objects.map(({ id }) => id));
  const idOf = new Map(
    canvas.entries.flatMap(({ key, id }) => (key !== undefined && visible.has(id) ? [[key, id] as const] : [])),
  );
  return { image, objects, idOf };
}

function visibleObjects(
  entries: readonly Entry[],
  regions: ReadonlyMap<number, Region>,
  parts: ReadonlyMap<number, Record<string, Box>>,
): WorldObject[] {
  return entries.flatMap(({ id, name, colour, stuff }) => {
    const region = regions.get(id);
    if (!region || region.area < LEAST_PIXELS) return [];
    const object = { id, name, ...region, stuff, ...(colour && { colour }) };
    const own = parts.get(id);
    return [own ? { ...object, parts: own } : object];
  });
}

/** Boxes of the named parts that are visible, by object. */
function partBoxes(shapes: readonly Shape[], keys: Uint16Array): Map<number, Record<string, Box>> {
  const named = shapes.filter(({ part }) => part !== undefined);
  if (!named.length) return new Map();
  const numberOf = new Map<string, number>();
  const partOfKey = new Uint8Array(65536);
  for (const { object, serial, part } of named) {
    const name = `${object} ${part}`;
    if (!numberOf.has(name)) numberOf.set(name, numberOf.size + 1);
    partOfKey[(object << 8) | serial] = numberOf.get(name)!;
  }
  const regions = regionsOf(
    keys.map((key) => partOfKey[key]),
    SIDE,
    SIDE,
  );
  const result = new Map<number, Record<string, Box>>();
  for (const [name, number] of numberOf) {
    const region = regions.get(number);
    if (!region || region.area < 3) continue;
    const [object, part] = name.split(" ");
    result.set(Number(object), { ...result.get(Number(object)), [part]: region.box });
  }
  return result;
}
