import { join } from "node:path";
import type { PictureSet, PictureWord, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import { notOfLayout } from "../files/layouts.js";
import { checkPath } from "../files/read-text.js";
import { Reading, type Tally } from "../files/reading.js";
import { numberOf, shown } from "../files/values.js";
import { childrenOf, readXml, textOf, type XmlElement } from "../files/xml.js";

/**
 * Reads Street View Text: one XML file that lists images and, for each, a rectangle around each of its words. (The
 * published lists name only some of the words in a picture: a place without a rectangle may hold text all the same.)
 *
 * @param list `train.xml` or `test.xml`
 * @param folder the folder that the image names begin in; the list's own unless given
 * @returns in the list's order; images without a name, and rectangles that are not told in numbers, are left out, and
 * named in the notes
 * @throws CamlabError when the file is no such list, or nothing in it can be used
 * @example
 * const { pictures } = await readers.readSvt("svt1/train.xml");
 * pictures[0].words?.[0]; // { polygon: [375, 253, 611, 253, 611, 328, 375, 328], text: "LIVING", readable: true }
 */
export async function readSvt(list: string, folder?: string): Promise<PictureSet<StoredPicture>> {
  checkPath("list", list);
  const reading = new Reading();
  const root = await readXml(list, reading);
  const elements = childrenOf(root, "image");
  if (root.name !== "tagset" || elements.length === 0) {
    const lacks = "is no list of Street View Text: it should be <tagset> with an <image> for each picture";
    throw await notOfLayout(list, "readSvt", lacks);
  }
  const images = reading.count("images", list);
  const words = reading.count("rectangles", list);
  const pictures = elements.flatMap((image, i): StoredPicture[] => {
    const picture = images.attempt(`image ${i + 1}`, () => imageOf(image, folder ?? join(list, ".."), words));
    return picture ? [picture] : [];
  });
  sayIfMissing(reading, pictures, "say where they are: readSvt(list, folder)");
  return reading.set([], pictures, list);
}

function imageOf(image: XmlElement, folder: string, words: Tally): StoredPicture {
  const name = textOf(image, "imageName");
  if (!name) throw new CamlabError("it has no <imageName>");
  const rectangles = childrenOf(image, "taggedRectangles").flatMap((all) => childrenOf(all, "taggedRectangle"));
  const own = rectangles.flatMap((rectangle, i): PictureWord[] => {
    const word = words.attempt(`${name}, rectangle ${i + 1}`, () => wordOf(rectangle));
    return word ? [word] : [];
  });
  const id = name.replace(/^.*[\\/]/, "").replace(/\.[^.]+$/, "");
  return { file: imagePath(folder, name), id, words: own };
}

function wordOf(rectangle: XmlElement): PictureWord {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((side) => numberOf(rectangle.attributes[side]));
  if (x === undefined || y === undefined || !(width! > 0 && height! > 0)) {
    throw new CamlabError(`a rectangle needs x, y, width and height, not ${shown(rectangle.attributes)}`);
  }
  const [right, bottom] = [x + width!, y + height!];
  const text = textOf(rectangle, "tag") ?? "";
  return { polygon: [x, y, right, y, right, bottom, x, bottom], text, readable: text !== "" && text !== "###" };
}
