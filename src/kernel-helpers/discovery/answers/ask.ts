import { check, optionNames } from "../../support/check.js";
import { cam } from "../../cam/cam.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { otherFeatures } from "../../features/other-features.js";
import type { ImageSource } from "../../images/image.js";
import type { Picture } from "../../images/picture.js";
import { look } from "../../networks/look.js";
import { viewOfFeatures } from "../../features/view-of-features.js";
import type { View } from "../../networks/views/view.js";
import type { Network } from "../../networks/network.js";
import type { Seen } from "../../networks/seen.js";
import { CamlabError } from "../../support/errors.js";
import type { AnswerModel, AnswerParts, ReadQuestion } from "./answer-model.js";

/** An answer that a question got: what it owes to each word and to the photo, and where in the photo. */
export interface GivenAnswer extends AnswerParts {
  /** The class activation map of this answer to this question. */
  readonly map: HeatMap;
}

/** A question about a photo, answered. Plain data beside what the network saw. */
export interface Answered extends ReadQuestion {
  readonly seen: Seen;
  /** The most probable answers, best first. */
  readonly answers: readonly GivenAnswer[];
}

/** How a question is asked. */
export interface AskOptions {
  /** How many answers to give; 5 unless given. */
  readonly top?: number;
  readonly signal?: AbortSignal;
}

const OPTIONS = optionNames<AskOptions>({ top: true, signal: true });

/**
 * Asks a question of a photo: the most probable answers, why, and where the photo speaks for them.
 *
 * A word that no training question had, or too few of them, counts for nothing, and a question without words is answered from the photo
 * alone: `notes` says so. The model always picks from its own answers, and knows no "none of these".
 *
 * @param network the one whose features the model was trained on
 * @param picture a path, bytes, pixels, or a picture
 * @throws CamlabError when the photo cannot be read, or the network is another than the model's
 * @example
 * const { answers, notes } = await ask(model, network, "street.jpg", "what colour is the bus?");
 * answers[0]; // { answer: "red", probability: 0.83, map: …, words: […], image: 2.9, … }
 */
export async function ask(
  model: AnswerModel,
  network: Network,
  picture: Picture | ImageSource,
  question: string,
  options: AskOptions = {},
): Promise<Answered> {
  check.known(options, OPTIONS, "ask");
  checkSameNetwork(model, network);
  return askSeen(
    model,
    await look(network, picture, { signal: options.signal, view: viewOfModel(model, network) }),
    question,
    options,
  );
}

/**
 * Asks a question of a photo that was looked at already: nothing runs, so many questions cost next to nothing.
 *
 * @throws CamlabError when the photo was seen by another network than the model's
 * @example
 * const seen = await look(network, "street.jpg");
 * const answers = ["what place is this?", "is there a dog?"].map((question) => discover.askSeen(model, seen, question));
 */
export function askSeen(model: AnswerModel, seen: Seen, question: string, options: AskOptions = {}): Answered {
  const { top = 5 } = check.known(options, OPTIONS, "askSeen");
  checkSameNetwork(model, seen.network);
  const answers = model.parts(question, seen.features, top).map((parts) => ({
    ...parts,
    map: cam(seen, model.weightsOf(parts.answer, question), { label: parts.answer }),
  }));
  return { ...model.read(question), seen, answers };
}

/** The view that the model's features were made in, for a network that has it. */
export function viewOfModel({ provenance }: AnswerModel, network: Network): View | undefined {
  return network.inView && viewOfFeatures(provenance.features);
}

/**
 * Weights mean something only on the feature maps that they were trained on.
 *
 * @throws CamlabError when the network is another than the model's
 */
export function checkSameNetwork(model: AnswerModel, network: Network): void {
  if (model.channels === 0)
    throw new CamlabError("this model was trained on words alone: it cannot be asked of photos");
  const problem = otherFeatures(model.provenance.features, model.channels, network);
  if (problem)
    throw new CamlabError(`the model was trained on features of ${problem}: open the network that it was trained with`);
}
