import type { Box } from "../../../images/box.js";
import type { PictureObject } from "../../../images/picture.js";
import { CamlabError, messageOf } from "../../../support/errors.js";
import { numberOf } from "../../files/values.js";
import { childrenOf, textOf, type XmlElement } from "../../files/xml.js";
import { boxAroundCorners } from "../picture-objects.js";
import { maskOfPng } from "./labelme-mask.js";

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * An `<object>` of LabelMe: one that was outlined has polygons, one that was segmented a box and a mask.
 *
 * @param masks the folder of the masks
 * @param tell is told why a mask cannot be used; the object then has its box alone
 * @throws CamlabError when it was deleted, or has no name or no outline
 */
export async function labelMeObject(
  object: XmlElement,
  size: Size,
  masks: string,
  tell: (problem: string) => void,
): Promise<PictureObject> {
  if (textOf(object, "deleted") === "1") throw new CamlabError("it was deleted");
  const name = cleanName(textOf(object, "name") ?? "");
  if (name === "") throw new CamlabError("it has no name");
  const polygons = childrenOf(object, "polygon")
    .map(cornersOf)
    .filter((corners) => corners.length > 0);
  if (polygons.length > 0)
    return { name, box: boxAroundCorners(polygons.flat()), polygons: polygons.map((one) => one.flat()) };
  const [segment] = childrenOf(object, "segm");
  // A name without an outline is a note about the whole image, not a thing in it.
  if (!segment) throw new CamlabError("it has no outline");
  const box = boxOf(segment);
  try {
    const file = textOf(segment, "mask");
    if (!file) throw new CamlabError("it names no mask");
    return { name, box, mask: await maskOfPng(masks, file, box, size) };
  } catch (error) {
    if (!(error instanceof CamlabError)) throw error;
    tell(messageOf(error));
    return { name, box };
  }
}

function cornersOf(polygon: XmlElement): (readonly [x: number, y: number])[] {
  return childrenOf(polygon, "pt").map((point) => {
    const [x, y] = [numberOf(textOf(point, "x") ?? ""), numberOf(textOf(point, "y") ?? "")];
    if (x === undefined || y === undefined) throw new CamlabError("its outline is not in numbers");
    return [x, y] as const;
  });
}

function boxOf(segment: XmlElement): Box {
  const [box] = childrenOf(segment, "box");
  const [left, top, right, bottom] = ["xmin", "ymin", "xmax", "ymax"].map((side) =>
    numberOf((box && textOf(box, side)) ?? ""),
  );
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
    throw new CamlabError("the box of its mask is not in numbers");
  }
  if (right < left || bottom < top) throw new CamlabError("the box of its mask ends before it begins");
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function cleanName(name: string): string {
  let clean = name.trim().toLowerCase().replace(/\s+/g, " ");
  while (/ (occluded|occl|crop|cropped|az\d+deg)$/.test(clean)) clean = clean.replace(/ \S+$/, "");
  return clean;
}
