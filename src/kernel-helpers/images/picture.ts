import type { Box } from "./box.js";
import type { Image, ImageSource, PackedImage } from "./image.js";
import type { RunLengthMask } from "./masks/masks.js";
import { isPacked, packedName } from "./packed/packed-image.js";
import { CamlabError, invalid } from "../support/errors.js";

/**
 * What travels through camlab: an image, and what is known of it. Readers and the drawn world give pictures, looking and
 * feature extraction take them, results carry the very picture that was given.
 *
 * @example
 * const picture: Picture = { file: "photos/robin.jpg", label: "robin", region: { x: 40, y: 30, width: 200, height: 160 } };
 */
export interface Picture {
  /** A path, the bytes of an encoded file, decoded pixels, or where in a larger file it lies. */
  readonly file: ImageSource;
  /** Its name within its set. */
  readonly id?: string;
  /** Look at this part only, in pixels of the original image. */
  readonly region?: Box;
  /** Look at the mirror image. */
  readonly flip?: boolean;
  /** Its one class, where it has one. */
  readonly label?: string;
  /** Everything that is present, where several things may be; may be empty. */
  readonly labels?: readonly string[];
  /** What it is for: "train", "val" or "test". */
  readonly split?: string;
  /** Pixels of the original image, after its EXIF orientation was applied; what objects and words are measured in. */
  readonly width?: number;
  readonly height?: number;
  /** The box of the one thing that the label means. */
  readonly box?: Box;
  /** The things in it. */
  readonly objects?: readonly PictureObject[];
  /** What people said of it; may be empty. */
  readonly captions?: readonly string[];
  /** Phrases that are true of it, and where. */
  readonly phrases?: readonly PicturePhrase[];
  /** Questions about it, with their answers. */
  readonly questions?: readonly PictureQuestion[];
  /** The words that can be read in it. */
  readonly words?: readonly PictureWord[];
}

/** A picture that lies on disk and has a name: what readers give. */
export interface StoredPicture extends Picture {
  /** Path of the image file. */
  readonly file: string;
  readonly id: string;
}

/** A picture whose file lies in a larger one, or on a server: what the readers of Parquet, tar, zip and addresses give. */
export interface PackedPicture extends Picture {
  readonly file: PackedImage;
  readonly id: string;
}

/** A stored picture of which size and objects are known. */
export interface AnnotatedPicture extends StoredPicture {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly PictureObject[];
}

/** A thing in a picture: what it is called, and where it is, as exactly as is known. */
export interface PictureObject {
  /** Its number: what phrases and questions of the same picture speak of. */
  readonly id?: number;
  readonly name: string;
  /** In pixels of the image. */
  readonly box: Box;
  /** Visible pixels. */
  readonly area?: number;
  /** Of the image's own size; what counts when it is there. */
  readonly mask?: RunLengthMask;
  /** Outlines: x, y, x, y, … in pixels of the image; they count where there is no mask, before the box does. */
  readonly polygons?: readonly (readonly number[])[];
  /** A crowd of such things rather than one (COCO). */
  readonly crowd?: boolean;
  /** Hard to tell, so that evaluations pass over it (Pascal VOC). */
  readonly difficult?: boolean;
  /** Wall, floor, sky and the like: everywhere, without a count. */
  readonly stuff?: boolean;
  readonly colour?: string;
  /** Boxes of its visible parts, by name. */
  readonly parts?: Readonly<Record<string, Box>>;
}

/** A phrase that is true of a picture, and where. */
export interface PicturePhrase {
  readonly text: string;
  /** Around all that it speaks of. */
  readonly box: Box;
  /** Numbers of the objects that it speaks of. */
  readonly objects?: readonly number[];
}

/** A question about a picture. */
export interface PictureQuestion {
  readonly question: string;
  /** The answer to learn: in VQA the one that most people gave. */
  readonly answer?: string;
  /** One a person, ten in VQA; `answer` alone unless given. A single one counts as ten people's. */
  readonly answers?: readonly string[];
  /** The kind of question, as the data set calls it: "what color is the". */
  readonly questionType?: string;
  /** The kind of answer: "yes/no", "number", "other". */
  readonly answerType?: string;
  /** The answers to choose from, in the multiple-choice files of VQA v1. */
  readonly choices?: readonly string[];
  /** The data set's own number of the question. */
  readonly id?: number;
  /** What it is for, where that differs from its picture's split. */
  readonly split?: string;
  /** Numbers of the picture's objects that hold the evidence: the things that a person would point at. */
  readonly objects?: readonly number[];
  /** Around all of the evidence. */
  readonly box?: Box;
}

/** A word in a picture. */
export interface PictureWord {
  /** Corners in their order around it, clockwise from the top left as far as the data set says: x, y, x, y, … */
  readonly polygon: readonly number[];
  /** What it says; "###" when nobody could read it. */
  readonly text: string;
  /** Whether anybody could read it; true unless said. */
  readonly readable?: boolean;
}

/**
 * Pictures that belong together.
 *
 * @example
 * const mine: PictureSet = { classes: ["cat"], pictures: [{ file: "a.jpg", label: "cat", split: "train" }] };
 */
export interface PictureSet<P extends Picture = Picture> {
  /** Labels of the pictures, or, for a layout that has none, names of the objects; in the data set's own order. */
  readonly classes: readonly string[];
  readonly pictures: readonly P[];
  /** What a person should know: what was left out, and why; absent when there is nothing. */
  readonly notes?: readonly string[];
}

/** A picture that was left out of a piece of work, and why. */
export interface SkippedPicture<P extends Picture = Picture> {
  /** The very picture that was given. */
  readonly picture: P;
  readonly error: string;
}

/** Pictures of which all are needed at once: a set of them, or a list. */
export type Pictures<P extends Picture = Picture> = { readonly pictures: readonly P[] } | readonly P[];

/** The list of a set's pictures; a list stays the very same. */
export function listOf<P extends Picture>(given: Pictures<P>): readonly P[] {
  if (Array.isArray(given)) return given as readonly P[];
  if (typeof given === "object" && given !== null && "pictures" in given) return given.pictures;
  throw invalid("pictures", given, "a set with `pictures`, or a list of them");
}

/** The pictures that are not among the skipped ones. */
export function withoutSkipped<P extends Picture>(pictures: readonly P[], skipped: readonly SkippedPicture[]): P[] {
  const gone = new Set<Picture>(skipped.map(({ picture }) => picture));
  return pictures.filter((picture) => !gone.has(picture));
}

/**
 * Everything that a picture is labelled with: its labels, else its label, else nothing.
 *
 * @throws CamlabError when it has a label that is not among its labels: which of them counts would be a guess
 * @example
 * labelsOf({ label: "cat" }); // ["cat"]
 */
export function labelsOf({ label, labels }: Pick<Picture, "label" | "labels">): readonly string[] {
  if (labels && label !== undefined && !labels.includes(label)) {
    const both = `${JSON.stringify(label)} and the labels ${JSON.stringify(labels)}`;
    throw new CamlabError(`a picture has the label ${both}: give one of the two, or a label that is among the labels`);
  }
  return labels ?? (label === undefined ? [] : [label]);
}

/**
 * The picture that was meant: a picture stays the very same, a path, bytes or pixels become `{ file }`.
 *
 * @throws CamlabError for anything else
 * @example
 * pictureOf("street.jpg"); // { file: "street.jpg" }
 */
export function pictureOf<P extends Picture>(given: P | ImageSource): P | Picture {
  if (typeof given === "string" || given instanceof Uint8Array) return { file: given };
  if (typeof given === "object" && given !== null) {
    if ("file" in given && isSource(given.file)) return given;
    if (isSource(given)) return { file: given };
  }
  throw invalid("picture", given, "a path, bytes, pixels, or { file, … }");
}

/** The items of a set, or of a list. */
export function picturesOf<P>(
  given: { readonly pictures: readonly P[] } | Iterable<P> | AsyncIterable<P>,
): Iterable<P> | AsyncIterable<P> {
  if (typeof given === "string" || given instanceof Uint8Array || typeof given !== "object" || given === null) {
    throw invalid("pictures", given, "a list of pictures, or a set with `pictures`");
  }
  if ("pictures" in given) return given.pictures;
  if (Symbol.iterator in given || Symbol.asyncIterator in given) return given;
  throw invalid("pictures", given, "a list of pictures, or a set with `pictures`");
}

/**
 * What to call a picture in front of people: its path, in a larger file that and its name there; else its id, else "image".
 *
 * @example
 * images.nameOf({ file: "photos/a.jpg" }); // "photos/a.jpg"
 */
export function nameOf({ file, id }: Pick<Picture, "file" | "id">): string {
  if (typeof file === "string") return file;
  return isPacked(file) ? packedName(file) : (id ?? "image");
}

function isSource(value: unknown): value is ImageSource {
  if (typeof value === "string" || value instanceof Uint8Array || isPacked(value)) return true;
  return typeof value === "object" && value !== null && (value as Image).data instanceof Uint8Array;
}
