import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { encodeIndexedPng } from "./encode-png.js";
import { photoHeat, type PhotoGrid, seenArea } from "./photo-heat.js";

/**
 * A dark veil to lay over a photo, with an opening where a map is above a threshold and a light line around it: what
 * excites a unit, and nothing else.
 *
 * @param map with its placement on the photo
 * @param grid columns and rows of the veil, and the part of the photo that it covers; all of it unless given
 * @param darkness how much is taken from the photo's light outside the opening, 0–1
 * @returns a PNG as a data URI
 * @throws CamlabError for a map without a placement
 */
export function regionVeil(
  map: HeatMap,
  threshold: number,
  grid: Pick<PhotoGrid, "width" | "height" | "frame">,
  darkness = 104 / 255,
): string {
  const { width, height } = grid;
  const { data } = photoHeat(ringed(map), grid);
  const isOpen = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] > threshold;
  const pixels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const open = isOpen(x, y);
      const edge = !open && (isOpen(x - 1, y) || isOpen(x + 1, y) || isOpen(x, y - 1) || isOpen(x, y + 1));
      pixels[y * width + x] = open ? OPEN : edge ? EDGE : DARK;
    }
  }
  return `data:image/png;base64,${encodeIndexedPng(width, height, pixels, paletteOf(darkness)).toString("base64")}`;
}

/**
 * With a ring of zeros around: a map's last places lie half a place from its border, and repeated up to there they would
 * open windows with straight sides.
 */
function ringed(map: HeatMap): HeatMap {
  const { placement } = map;
  if (!placement) throw new CamlabError("the map has no placement on a photo, so it cannot be laid over one");
  const [width, height] = [map.width + 2, map.height + 2];
  const data = new Float32Array(width * height);
  for (let y = 0; y < map.height; y++)
    data.set(map.data.subarray(y * map.width, (y + 1) * map.width), (y + 1) * width + 1);
  const [across, down] = [placement.inputWidth / map.width, placement.inputHeight / map.height];
  return {
    ...map,
    ...{ width, height, data },
    placement: {
      ...placement,
      ...{ inputWidth: width * across, inputHeight: height * down },
      ...{ offsetX: placement.offsetX + across, offsetY: placement.offsetY + down },
      region: placement.region ?? seenArea(placement),
    },
  };
}

const [DARK, OPEN, EDGE] = [0, 1, 2];

function paletteOf(darkness: number): Uint8Array {
  const palette = new Uint8Array(256 * 4);
  palette.set([16, 18, 22, Math.round(255 * darkness)], DARK * 4);
  palette.set([255, 255, 255, 230], EDGE * 4);
  return palette;
}
