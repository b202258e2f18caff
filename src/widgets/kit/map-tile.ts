import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import { normalise } from "../../kernel-helpers/cam/normalise.js";
import { upsample } from "../../kernel-helpers/cam/upsample.js";
import { encodeJpeg } from "../../kernel-helpers/images/files/encode.js";
import type { ImageSource } from "../../kernel-helpers/images/image.js";
import { loadImage } from "../../kernel-helpers/images/files/load-image.js";
import { toImage } from "../../kernel-helpers/images/input/placement.js";
import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import type { ColourMap } from "./colour-map.js";
import { heatImage } from "./heat-image.js";
import type { MapTile } from "./map-tiles-spec.js";

/** A map has few places: more pixels than this show no more of it. */
const HEAT_SIDE = 96;

/**
 * What a tile shows of a picture and its map: the part of the picture that the map is of, in grey (what has colour over
 * it is evidence), and the map's positive part, its maximum the last colour.
 *
 * @param size the longer side of the tile in pixels
 * @throws CamlabError for a map without a placement, and for a picture that is gone
 */
export async function mapTile(
  picture: ImageSource,
  map: HeatMap,
  size: number,
  colours: ColourMap,
): Promise<Pick<MapTile, "uri" | "frame" | "heat">> {
  const { placement } = map;
  if (!placement) throw new CamlabError("the map has no placement on its picture, so it cannot be laid over it");
  const { region, imageWidth, imageHeight, inputWidth, inputHeight } = placement;
  const { dataUri } = await thumbnail(picture, { region, maxSide: Math.ceil(size * 1.2), quality: 90 });
  const heat = normalise(upsample(map, { width: HEAT_SIDE, height: HEAT_SIDE }), "max");
  return {
    uri: await inGrey(dataUri),
    frame: region ?? { x: 0, y: 0, width: imageWidth, height: imageHeight },
    heat: {
      uri: heatImage(heat, 1, colours),
      area: toImage(placement, { x: 0, y: 0, width: inputWidth, height: inputHeight }),
    },
  };
}

async function inGrey(dataUri: string): Promise<string> {
  const { width, height, data } = await loadImage(Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64"));
  const grey = data.slice();
  for (let i = 0; i < grey.length; i += 3) {
    grey.fill(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]), i, i + 3);
  }
  const jpeg = await encodeJpeg({ width, height, data: grey }, { quality: 70 });
  return `data:image/jpeg;base64,${Buffer.from(jpeg).toString("base64")}`;
}
