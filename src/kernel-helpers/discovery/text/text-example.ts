import { listOf, type Pictures, type PictureWord, type StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";

/** What a picture is labelled with: its image-level label, all that a detector is told. */
export type TextLabel = "text" | "no text";

/** A picture, or a part of one, with or without text. */
export interface TextExample extends StoredPicture {
  readonly label: TextLabel;
  readonly split: "train" | "test";
  /** The words of the photograph, in its pixels; used to measure, never to train. Those outside the region do no harm. */
  readonly words: readonly PictureWord[];
}

/**
 * Pictures that are labelled "text" and "no text", such as the drawn world's text part or its trap, as examples: those of
 * other splits than "train" are judged by. Pictures that are examples as they are stay the very ones.
 *
 * @throws CamlabError for a picture with another label
 * @example
 * discover.textExamples(await drawWorld("text", { train: 400, test: 200 }));
 */
export function textExamples(set: Pictures<StoredPicture>): TextExample[] {
  return listOf(set).map((picture) => {
    const { id, label, split, words } = picture;
    if (label !== "text" && label !== "no text") {
      throw new CamlabError(
        `${id} is labelled ${JSON.stringify(label)}, and neither "text" nor "no text": of photographs with words ` +
          "textCrops makes examples, and textAgainst sets them against photographs without; drawWorld draws the parts " +
          '"text" and "text-trap"',
      );
    }
    if (words && (split === "train" || split === "test")) return picture as TextExample;
    return { ...picture, label, split: split === "train" ? "train" : "test", words: words ?? [] };
  });
}

/**
 * Whole photographs with text against other photographs without: the way to a trap, when the others differ in
 * everything else as well. Photographs with text alternate between training and testing; the others keep their splits.
 *
 * @param images photographs with words; those without a word are left out
 * @param others photographs without text; those that have no split alternate too
 * @throws CamlabError when one of the two lists gives nothing
 * @example
 * discover.textAgainst((await readers.readIcdar("icdar")).pictures, (await readFolderPerClass("scenes")).pictures);
 */
export function textAgainst(images: readonly StoredPicture[], others: readonly StoredPicture[]): TextExample[] {
  const lettered = images.filter(({ words }) => words?.length);
  if (lettered.length === 0) throw new CamlabError(`none of the ${images.length} photographs has a word`);
  if (others.length === 0) throw new CamlabError("there are no photographs without text to tell from those with text");
  const alternate = (index: number) => (index % 2 === 0 ? "train" : "test");
  const splitOf = ({ split }: StoredPicture, index: number) => split ?? alternate(index);
  return textExamples([
    ...lettered.map((picture, i) => ({ ...picture, label: "text", split: alternate(i) })),
    ...others.map((picture, i) => ({ ...picture, label: "no text", split: splitOf(picture, i), words: [] })),
  ]);
}
