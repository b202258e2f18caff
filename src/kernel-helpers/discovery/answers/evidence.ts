import { pointInBox } from "../../boxes/box-geometry.js";
import { cam } from "../../cam/cam.js";
import { decodeMask } from "../../images/masks/masks.js";
import { nameOf, type Picture, type SkippedPicture } from "../../images/picture.js";
import { isSkipped, lookAtAll } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import type { OnProgress } from "../../support/progress.js";
import type { Interval } from "../../support/statistics.js";
import { shareOf } from "../../svm/metrics/share-of.js";
import { peakOf } from "../../cam/peak.js";
import type { AnswerModel } from "./answer-model.js";
import { checkSameNetwork, viewOfModel } from "./ask.js";
import type { Evidence, PhotoQuestion } from "./photo-question.js";
import { byCount, grouped } from "../../support/grouped.js";

/** Where the map of an answer peaks, against where the evidence is. */
export interface AnswerPeak {
  readonly picture: Picture;
  readonly question: string;
  readonly questionType?: string;
  readonly predicted: string;
  readonly answer?: string;
  /** The map's peak, in pixels of the photo. */
  readonly x: number;
  readonly y: number;
  /** Whether the peak is on the evidence. */
  readonly hit: boolean;
  /** Share of the photo that the evidence covers: how often a random point would be on it. */
  readonly chance: number;
}

/** How often peaks are on the evidence, over a kind of question. */
export interface KindPointing {
  readonly kind: string;
  readonly questions: number;
  /** Share of the peaks that are on the evidence, with its 95 % bootstrap interval over questions. */
  readonly pointing: Interval;
  /** Mean share of the photo that the evidence covers. */
  readonly chance: number;
  /** pointing / chance. */
  readonly times: number;
}

/** Whether the maps of answers point at what the answers rest on. */
export interface EvidenceReport {
  readonly overall: KindPointing;
  /** The most frequent type of question first. */
  readonly byQuestionType: readonly KindPointing[];
  readonly peaks: readonly AnswerPeak[];
  /** Photos that could not be read, and why: questions about them are not judged. */
  readonly skipped: readonly SkippedPicture[];
}

/** How peaks are judged. */
export interface EvidenceOptions {
  /** `mask` (the default where there are masks): visible pixels of the evidence; `box`: the boxes around them. */
  readonly region?: "mask" | "box";
  /** Whose map: the answer that the model gives (the default), or the data set's own where the model knows it. */
  readonly of?: "predicted" | "answer";
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const OPTIONS = optionNames<EvidenceOptions>({ region: true, of: true, onProgress: true, signal: true });

/**
 * Looks at photos and compares the peak of each answer's map with where the data set says that the evidence is.
 *
 * @param questions those with evidence are judged
 * @throws CamlabError when no question has evidence, no photo can be read, a mask is not of its photo's size, or the network is another than
 * the model's
 * @example
 * const { byQuestionType } = await discover.pointAtEvidence(model, network, questions.filter(({ split }) => split === "test"));
 */
export async function pointAtEvidence(
  model: AnswerModel,
  network: Network,
  questions: readonly PhotoQuestion[],
  options: EvidenceOptions = {},
): Promise<EvidenceReport> {
  const { region = "mask", of = "predicted", onProgress, signal } = check.known(options, OPTIONS, "pointAtEvidence");
  check.oneOf("region", region, ["mask", "box"]);
  check.oneOf("of", of, ["predicted", "answer"]);
  checkSameNetwork(model, network);
  const known = new Set(model.answers);
  const wanted = questions.filter(
    ({ evidence, answer }) => evidence?.length && (of === "predicted" || (answer !== undefined && known.has(answer))),
  );
  const byPicture = grouped(wanted, ({ picture }) => picture);
  const peaks: AnswerPeak[] = [];
  const skipped: SkippedPicture[] = [];
  for await (const seen of lookAtAll(network, byPicture.keys(), {
    top: 1,
    batchSize: 4,
    view: viewOfModel(model, network),
    onProgress,
    signal,
  })) {
    if (isSkipped(seen)) {
      skipped.push(seen);
      continue;
    }
    const { picture } = seen;
    const { width, height } = seen.photo;
    for (const { question, questionType, answer, evidence } of byPicture.get(picture)!) {
      const predicted = model.parts(question, seen.features, 1)[0].answer;
      const target = of === "predicted" ? predicted : answer!;
      const { x, y } = peakOf(cam(seen, model.weightsOf(target, question)));
      const { hit, chance } = judge(evidence!, region, x, y, width, height);
      peaks.push({ picture, question, questionType, predicted, answer, x, y, hit, chance });
    }
  }
  if (wanted.length === 0)
    throw new CamlabError("no question says where its evidence is: give questions with `evidence`");
  if (peaks.length === 0)
    throw new CamlabError(
      `none of ${skipped.length} photos could be read, first ${nameOf(skipped[0].picture)}: ${skipped[0].error}`,
    );
  const kinds = byCount(grouped(peaks, ({ questionType }) => questionType ?? "(no type)"));
  return {
    overall: pointingOf("all", peaks),
    byQuestionType: kinds.map(([kind, group]) => pointingOf(kind, group)),
    peaks,
    skipped,
  };
}

/**
 * How often some peaks are on the evidence.
 *
 * @param kind what the peaks are called
 * @example
 * discover.pointingOf("where", report.peaks.filter(({ question }) => question.startsWith("where")));
 */
export function pointingOf(kind: string, peaks: readonly AnswerPeak[]): KindPointing {
  const pointing = shareOf(peaks.map(({ hit }) => hit));
  const chance = peaks.reduce((sum, peak) => sum + peak.chance, 0) / peaks.length;
  return { kind, questions: peaks.length, pointing, chance, times: pointing.value / chance };
}

function judge(
  evidence: readonly Evidence[],
  region: "mask" | "box",
  x: number,
  y: number,
  width: number,
  height: number,
): { hit: boolean; chance: number } {
  const covered = new Uint8Array(width * height);
  for (const { box, mask } of evidence) {
    if (region === "mask" && mask) {
      if (mask.width !== width || mask.height !== height) {
        const sizes = `${mask.width}×${mask.height} pixels, the photo has ${width}×${height}`;
        throw new CamlabError(`a mask of evidence has ${sizes}: masks are in the photo's own pixels`);
      }
      decodeMask(mask).forEach((inside, at) => (covered[at] |= inside));
    } else cover(covered, width, (column, row) => pointInBox({ x: column + 0.5, y: row + 0.5 }, box));
  }
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)));
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)));
  return {
    hit: covered[row * width + column] === 1,
    chance: covered.reduce((sum, one) => sum + one, 0) / covered.length,
  };
}

function cover(covered: Uint8Array, width: number, inside: (column: number, row: number) => boolean): void {
  for (let at = 0; at < covered.length; at++) if (inside(at % width, Math.floor(at / width))) covered[at] = 1;
}
