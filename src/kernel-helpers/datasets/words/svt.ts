import { join } from "node:path";
import { CamlabError } from "../../support/errors.js";
import type { PictureSet, PictureWord, StoredPicture } from "../../images/picture.js";
import { childrenOf, readXml, textOf, type XmlElement } from "../files/xml.js";

/**
 * Reads Street View Text: one XML file that lists images and, for each, a rectangle around each of its words. (The
 * published lists name only some of the words in a picture: a place without a rectangle may hold text all the same.)
 *
 * @param list `train.xml` or `test.xml`
 * @param folder the folder that the image names begin in; the list's own unless given
 * @returns in the list's order
 * @throws CamlabError when the file is no such list, or a rectangle is not told in numbers
 * @example
 * const { pictures } = await readSvt("svt1/train.xml");
 * pictures[0].words?.[0]; // { polygon: [375, 253, 611, 253, 611, 328, 375, 328], text: "LIVING", readable: true }
 */
export async function readSvt(list: string, folder = join(list, "..")): Promise<PictureSet<StoredPicture>> {
  const root = await readXml(list);
  const pictures = childrenOf(root, "image").map((image) => imageOf(image, folder, list));
  if (root.name !== "tagset" || pictures.length === 0) {
    throw new CamlabError(
      `${list} is no list of Street View Text: it should be <tagset> with an <image> for each picture`,
    );
  }
  return { classes: [], pictures };
}

function imageOf(image: XmlElement, folder: string, list: string): StoredPicture {
  const name = textOf(image, "imageName");
  if (!name) throw new CamlabError(`${list}: an <image> has no <imageName>`);
  const rectangles = childrenOf(image, "taggedRectangles").flatMap((all) => childrenOf(all, "taggedRectangle"));
  return {
    file: join(folder, name),
    id: name.replace(/^.*[\\/]/, "").replace(/\.[^.]+$/, ""),
    words: rectangles.map((rectangle) => wordOf(rectangle, `${list}, ${name}`)),
  };
}

function wordOf(rectangle: XmlElement, where: string): PictureWord {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((side) => Number(rectangle.attributes[side] ?? NaN));
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) {
    throw new CamlabError(
      `${where}: a rectangle needs x, y, width and height, not ${JSON.stringify(rectangle.attributes)}`,
    );
  }
  const [right, bottom] = [x + width, y + height];
  const text = textOf(rectangle, "tag") ?? "";
  return { polygon: [x, y, right, y, right, bottom, x, bottom], text, readable: text !== "" && text !== "###" };
}
