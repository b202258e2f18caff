import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import type { Box } from "../../../kernel-helpers/images/box.js";
import type { ImageSource } from "../../../kernel-helpers/images/image.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { sharesOf } from "../sheet/heat-panel.js";
import type { ColourMap } from "./colour-map.js";
import { heatImage, heatRange } from "./heat-image.js";
import { heatGrid, photoHeat, seenArea, unseenParts } from "./photo-heat.js";
import { shownPhoto } from "./shown-photo.js";

/** A picture, or the part of it that a map is of, in muted colours with the map. */
export interface PictureWithMap {
  /** In its colours and in muted ones, as data URIs. */
  readonly uri: string;
  readonly mutedUri: string;
  /** The map over the frame, its own strongest evidence the last colour, as a data URI. */
  readonly heatUri: string;
  /** What is shown, in pixels of the picture. */
  readonly frame: Box;
  /** Parts of it that the network did not see, as shares. */
  readonly unseen: readonly Box[];
}

/**
 * A picture and its map as they are shown: the part of the picture that the map is of, and the map over it.
 *
 * @param side the longer side at which it will be drawn, in pixels
 * @throws CamlabError for a map without a placement, and for a picture that is gone
 */
export async function pictureWithMap(
  file: ImageSource,
  map: HeatMap,
  side: number,
  colours: ColourMap,
): Promise<PictureWithMap> {
  const { placement } = map;
  if (!placement) throw new CamlabError("the map has no placement on its picture, so it cannot be laid over it");
  const { region, imageWidth, imageHeight } = placement;
  const frame = region ?? { x: 0, y: 0, width: imageWidth, height: imageHeight };
  const { uri, mutedUri } = await shownPhoto(file, { side, ...(region && { region }) });
  const heat = photoHeat(map, { ...heatGrid(frame, map), frame });
  const heatUri = heatImage(heat, heatRange([heat], colours), colours);
  const unseen = unseenParts(frame, seenArea(placement)).map((part) => sharesOf(part, frame));
  return { uri, mutedUri, heatUri, frame, unseen };
}
