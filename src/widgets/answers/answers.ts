import type { Answered } from "../../kernel-helpers/discovery/answers/ask.js";
import { normalise } from "../../kernel-helpers/cam/normalise.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { type AnswersRow, answersSpec } from "./answers-spec.js";
import { type ColourMap, colourMap, type ColourMapName, hexColour } from "../kit/colour-map.js";
import { heatImage } from "../kit/heat-image.js";
import { photoHeat } from "../kit/photo-heat.js";
import { Widget } from "../kit/widget.js";

/** How answered questions are shown. */
export interface AnswersViewOptions {
  /** `inferno` unless given; `blue-orange` shows what speaks against the answer too. */
  readonly colourMap?: ColourMapName;
  /** How strongly the map is laid over the photo, 0–1; 0.6 unless given. */
  readonly opacity?: number;
  /** Height of the photos in pixels; 170 unless given. */
  readonly size?: number;
}

/**
 * Questions of photos with their answers, one a row: the photo, where it speaks for the best answer, the most probable
 * answers, and what the best one owes to each word and to the photo.
 *
 * @param answered what `ask` or `askSeen` gave, one or several
 * @throws CamlabError for none, or an option outside its range
 * @example
 * answersView(await ask(model, network, "street.jpg", "what colour is the bus?"));
 */
export function answersView(answered: Answered | readonly Answered[], options: AnswersViewOptions = {}): Widget {
  const all = Array.isArray(answered) ? (answered as readonly Answered[]) : [answered as Answered];
  const { colourMap: name = "inferno", opacity = 0.6, size = 170 } = options;
  if (all.length === 0) throw invalid("answered", answered, "at least one answered question");
  if (!(opacity >= 0 && opacity <= 1)) throw invalid("opacity", opacity, "0 ≤ opacity ≤ 1");
  if (!(size >= 80 && size <= 600)) throw invalid("size", size, "80 ≤ size ≤ 600");
  return new Widget(async () => {
    const colours = await colourMap(name);
    const rows: AnswersRow[] = [];
    for (const each of all) rows.push(await rowOf(each, colours, size));
    const steps = Array.from({ length: 17 }, (_, i) => hexColour(colours, i / 16));
    return answersSpec({ rows, colours: steps, opacity, size });
  });
}

/** A map has few places: more pixels than this show no more of it. */
const HEAT_SIDE = 96;

async function rowOf(
  { question, notes, seen, answers }: Answered,
  colours: ColourMap,
  size: number,
): Promise<AnswersRow> {
  const { file, width, height } = seen.photo;
  const [best] = answers;
  const { dataUri } = await thumbnail(seen.picture.file, { maxSide: Math.ceil(1.6 * size), quality: 82 });
  const shrink = HEAT_SIDE / Math.max(width, height);
  const side = (pixels: number) => Math.max(1, Math.round(pixels * shrink));
  const heat = photoHeat(best.map, side(width), side(height));
  return {
    question: readableName(question) || "(nothing asked)",
    ...(notes.length > 0 && { note: readableName(notes.join("; ")) }),
    photo: {
      name: readableName(file.split(/[\\/]/).pop() || file),
      uri: dataUri,
      greyUri: await inGrey(dataUri),
      aspect: width / height,
    },
    heatUri: colours.diverging
      ? heatImage(heat, strongestOf(heat.data), colours)
      : heatImage(normalise(heat, "max"), 1, colours),
    answers: answers.map(({ answer, probability }) => ({ answer: readableName(answer), probability })),
    parts: [
      ...best.words.map(({ word, contribution }) => ({
        name: readableName(word),
        kind: "word" as const,
        contribution,
      })),
      { name: "the photo", kind: "photo", contribution: best.image },
      { name: "the answer itself", kind: "bias", contribution: best.bias },
    ],
  };
}

function strongestOf(data: Float32Array): number {
  return data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0) || 1;
}

async function inGrey(dataUri: string): Promise<string> {
  const { default: sharp } = await import("sharp");
  const jpeg = Buffer.from(dataUri.slice(dataUri.indexOf(",") + 1), "base64");
  const grey = await sharp(jpeg).greyscale().jpeg({ quality: 80 }).toBuffer();
  return `data:image/jpeg;base64,${grey.toString("base64")}`;
}
