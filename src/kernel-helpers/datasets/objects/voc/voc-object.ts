import type { Box } from "../../../images/box.js";
import type { PictureObject } from "../../../images/picture.js";
import { CamlabError } from "../../../support/errors.js";
import { numberOf, shown } from "../../files/values.js";
import { childrenOf, textOf, type XmlElement } from "../../files/xml.js";

/**
 * How corners are counted: "voc" as in the challenge, where the first pixel is 1 and the last one belongs to the box;
 * "plain" as most annotation programs do, from 0, the far edges being those of the box.
 */
export type VocCorners = "voc" | "plain";

/**
 * An `<object>` of Pascal VOC, with its box and the boxes of its parts.
 *
 * @throws CamlabError when it has no name or no box
 */
export function vocObject(element: XmlElement, corners: VocCorners): PictureObject {
  const name = textOf(element, "name");
  if (!name) throw new CamlabError("it has no name");
  const parts = partsOf(element, corners);
  const flag = (tag: string) => numberOf(textOf(element, tag) ?? "") === 1;
  return {
    name,
    box: boxOf(element, corners),
    ...(flag("difficult") && { difficult: true }),
    ...(Object.keys(parts).length > 0 && { parts }),
  };
}

/** Several parts of one name are numbered: "hand", "hand 2". */
function partsOf(element: XmlElement, corners: VocCorners): Record<string, Box> {
  const parts: Record<string, Box> = {};
  for (const part of childrenOf(element, "part")) {
    const name = textOf(part, "name");
    if (!name) throw new CamlabError("a part of it has no name");
    let [key, number] = [name, 1];
    while (Object.hasOwn(parts, key)) key = `${name} ${++number}`;
    parts[key] = boxOf(part, corners);
  }
  return parts;
}

function boxOf(element: XmlElement, corners: VocCorners): Box {
  const [box] = childrenOf(element, "bndbox");
  if (!box) throw new CamlabError("it has no bndbox");
  const texts = ["xmin", "ymin", "xmax", "ymax"].map((side) => textOf(box, side) ?? "");
  const [left, top, right, bottom] = texts.map(numberOf);
  if (left === undefined || top === undefined || right === undefined || bottom === undefined) {
    throw new CamlabError(`its box is ${shown(texts)}, not four numbers`);
  }
  if (right < left || bottom < top) throw new CamlabError(`its box ends before it begins: ${texts.join(", ")}`);
  if (corners === "plain") return { x: left, y: top, width: right - left, height: bottom - top };
  return { x: left - 1, y: top - 1, width: right - left + 1, height: bottom - top + 1 };
}
