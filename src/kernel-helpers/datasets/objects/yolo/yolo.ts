import { existsSync } from "node:fs";
import { readImageInfo } from "../../../images/files/read-image-info.js";
import type { AnnotatedPicture, PictureObject, PictureSet } from "../../../images/picture.js";
import { check } from "../../../support/check.js";
import { checkPath, readNumberedLines } from "../../files/read-text.js";
import { Reading, type Tally } from "../../files/reading.js";
import { findYolo, type YoloImage } from "./find-yolo.js";
import { yoloObject, type YoloNames } from "./yolo-line.js";

/** What is read of a folder of YOLO labels. */
export interface YoloOptions {
  /**
   * Class names in the order of their numbers; unless given, those of `data.yaml`, `obj.names`, `classes.json` or
   * `classes.txt`.
   */
  readonly classes?: readonly string[];
  /**
   * Also take folders and lists that `data.yaml` or `obj.data` names outside its own folder, the one above it and the
   * current one; false unless given: a file from elsewhere should not choose among all folders of this machine.
   */
  readonly anywhere?: boolean;
}

/**
 * Reads YOLO labels in the layouts of Ultralytics and Roboflow (`data.yaml` with `names`, `train`, `val`, `test`), of
 * darknet (`obj.data`, `obj.names`, lists of images), plain ones (`images/…/NAME.jpg` and `labels/…/NAME.txt`), and ones
 * with labels beside their images. A label is a line `class x-centre y-centre width height` for each object, in shares of
 * the image; or `class x y x y x y …`, its outline.
 *
 * An image without a file of labels has no objects.
 *
 * @param folder the folder, or its `data.yaml` or `obj.data`
 * @returns classes are those of the objects; `labels` of an image are the names of what is in it. Images that cannot be
 * read, files of labels without an image, and lines that are not of that form are left out, and named in the notes
 * @throws CamlabError when there are no images that can be read, or no class names, or no line is of that form, or a folder
 * lies elsewhere (`anywhere`)
 * @example
 * const { pictures } = readers.labelByObjects(await readers.readYolo("coco128"), { kitchen: ["oven", "sink"] });
 * const found = await discoverScenes(network, pictures);
 */
export async function readYolo(folder: string, options: YoloOptions = {}): Promise<PictureSet<AnnotatedPicture>> {
  checkPath("folder", folder);
  check.known(options, ["classes", "anywhere"], "readYolo");
  const reading = new Reading();
  const found = await findYolo(folder, options, reading);
  const images = reading.count("images", folder);
  for (const file of found.notImages) images.leaveOut(file, "no image by its name");
  const lists = reading.count("files of labels", folder);
  for (const file of found.withoutImage) lists.leaveOut(file, "there is no image of that name");
  const lines = reading.count("lines of labels", folder);
  const pictures: AnnotatedPicture[] = [];
  for (const image of found.images) {
    const picture = await images.attemptAsync(image.name, async () => {
      const { width, height } = await readImageInfo(image.file);
      const objects = await objectsOf(image, found.names, { width, height }, { lists, lines, reading });
      const present = new Set(objects.map(({ name }) => name));
      const labels = found.names.classes.filter((name) => present.has(name));
      const { file, id, split } = image;
      return { file, id, labels: [...new Set(labels)], ...(split && { split }), width, height, objects };
    });
    if (picture) pictures.push(picture);
  }
  if (pictures.length > 0 && lists.kept === 0) {
    reading.say(`no image of ${folder} has a file of labels: looked for ${found.images[0].labels}, for one`);
  }
  const repeated = found.names.classes.filter((name, i, all) => name !== "" && all.indexOf(name) !== i);
  for (const name of new Set(repeated))
    reading.say(`more than one number is called ${JSON.stringify(name)}: read as one class`);
  return reading.set(found.names.classes.filter(Boolean), pictures, folder);
}

async function objectsOf(
  { labels, labelsName }: YoloImage,
  names: YoloNames,
  size: { readonly width: number; readonly height: number },
  { lists, lines, reading }: { readonly lists: Tally; readonly lines: Tally; readonly reading: Reading },
): Promise<PictureObject[]> {
  if (!existsSync(labels)) return [];
  const read = await lists.attemptAsync(labelsName, () => readNumberedLines(labels, reading));
  return (read ?? []).flatMap(({ text, number }) => {
    const object = lines.attempt(`${labelsName}, line ${number}`, () => yoloObject(text, names, size));
    return object ? [object] : [];
  });
}
