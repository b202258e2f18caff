import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import type { Box } from "../../images/box.js";
import type { ImageSource } from "../../images/image.js";
import { prepareImage } from "../../images/input/prepare-image.js";
import {
  nameOf,
  type Picture,
  pictureOf,
  type PictureSet,
  picturesOf,
  type SkippedPicture,
} from "../../images/picture.js";
import type { Network } from "../../networks/network.js";
import { ahead } from "../../support/ahead.js";
import { check } from "../../support/check.js";
import { messageOf } from "../../support/errors.js";
import { inGroups } from "../../support/grouped.js";
import { CaseJudges } from "./case-judges.js";
import { type EvaluateLocalizationOptions, settingOf } from "./evaluation-options.js";
import type { JudgedCase } from "./judge-case.js";
import { JudgedCases } from "./judged-cases.js";
import { casesOf, type ClassOf, classFinder, type LocalizationCase } from "./localization-case.js";
import { type Cvpr2016Report, type LocalizationReport, reportOf, type Wsol2020Report } from "./localization-report.js";
import { CaseLooker, type WayToLook } from "./look-for-cases.js";
import { openWay } from "./open-way.js";

/** What is judged: a set, or a list or stream of pictures. */
export type JudgedPictures<P extends Picture> =
  PictureSet<P> | Iterable<P | ImageSource> | AsyncIterable<P | ImageSource>;

/** Pictures that are looked at together; their maps, and those of the ones before, are in memory at once. */
const AT_ONCE = 32;

/**
 * Judges where a network looks, by the boxes that its pictures' truth has: top-1 to top-5 classification and localization
 * error, the known class's accuracy, pointing, mean IoU and success curves (`cvpr2016`), or MaxBoxAcc, MaxBoxAccV2 and
 * PxAP (`wsol2020`).
 *
 * Pictures are taken as they come, a few at a time. What stays of each is a row of figures, after some hundred of them in
 * a temporary file, from which the report's `judged` reads. Maps are kept on disk (keyed
 * by network, preprocessing, way, class and the *content* of the file), so that a second evaluation, with another protocol
 * or box rule, does not look again, and an interrupted one goes on from there.
 *
 * A picture that cannot be read, has no label or one that the network does not know is in `skipped`. A picture with a
 * label and no box counts for classification alone.
 *
 * @param pictures a set, or a list or stream of pictures; with `label`, or `labels`, and `box` or `objects`
 * @throws CamlabError for options that cannot be used, when the network fails, and when no picture with a true box could be
 *   judged; the signal's reason when it is aborted
 * @example
 * const report = await boxes.evaluateLocalization(network, await readers.readCub("CUB_200_2011"), { protocol: "wsol2020" });
 * console.log(report.maxBoxAcc.accuracy.value, report.notes);
 */
export async function evaluateLocalization<P extends Picture>(
  network: Network,
  pictures: JudgedPictures<P>,
  options: EvaluateLocalizationOptions & { readonly protocol: "wsol2020" },
): Promise<Wsol2020Report<P>>;
export async function evaluateLocalization<P extends Picture>(
  network: Network,
  pictures: JudgedPictures<P>,
  options?: EvaluateLocalizationOptions & { readonly protocol?: "cvpr2016" },
): Promise<Cvpr2016Report<P>>;
export async function evaluateLocalization<P extends Picture>(
  network: Network,
  pictures: JudgedPictures<P>,
  options: EvaluateLocalizationOptions,
): Promise<LocalizationReport<P>>;
export async function evaluateLocalization<P extends Picture>(
  network: Network,
  pictures: JudgedPictures<P>,
  options: EvaluateLocalizationOptions = {},
): Promise<LocalizationReport<P>> {
  const setting = settingOf(options);
  const { signal, onProgress, cache = true, batchSize, maxPixels, maxMemory } = options;
  if (batchSize !== undefined) check.count("batchSize", batchSize);
  signal?.throwIfAborted();
  const started = performance.now();
  const given = picturesOf<P | ImageSource>(pictures);
  const total = Array.isArray(given) ? given.length : undefined;
  const labels = "classes" in pictures ? pictures.classes : [];
  const { classOf, note } = classFinder(network.classes, labels, options.classes);
  const judged = new JudgedCases<P>();
  const skipped: SkippedPicture<P>[] = [];
  const beyond: string[] = [];
  let done = 0;
  const { guesses } = setting;
  using opened =
    typeof setting.way === "string"
      ? openWay(network, setting.way, { seed: setting.seed, maxPixels, maxMemory })
      : undefined;
  const way = opened ?? (setting.way as WayToLook);
  const reading = { batchSize, signal, maxPixels, maxMemory };
  const judgesGuesses = setting.protocol === "cvpr2016";
  await using looker = await CaseLooker.open(network, { way, guesses, judgesGuesses, cache, ...reading });
  const photoOf = ({ file, region, flip }: P) =>
    prepareImage(file, network.preprocessing, { signal, region, flip, maxPixels, maxMemory });
  const cores = Math.min(network.threads ?? Infinity, availableParallelism());
  await using judges = new CaseJudges(setting, { cores, signal });
  const lookAt = async (group: readonly (P | ImageSource)[]) => {
    const unlabelled: SkippedPicture<P>[] = [];
    const cases = group.flatMap((one) => casesOrSkipped(pictureOf(one) as P, classOf, unlabelled));
    return { group, unlabelled, results: await looker.look(cases) };
  };
  const judge = async ({ group, unlabelled, results }: Awaited<ReturnType<typeof lookAt>>) => {
    const seen = results.filter((one) => "seen" in one);
    const judgements = await judges.judge(
      seen.map(({ given, seen }) => ({ ...given, seen })),
      (at) => photoOf(seen[at].given.picture),
    );
    return { group, unlabelled, results, judgements };
  };
  // The network looks at the next pictures while these are judged.
  const looked = ahead(inGroups(given, AT_ONCE), lookAt, { limit: 2, signal });
  for await (const { group, unlabelled, results, judgements } of ahead(looked, judge, { limit: 2, signal })) {
    skipped.push(...unlabelled);
    const left = new Set<P>();
    let next = 0;
    for (const result of results) {
      const judgement = "seen" in result ? judgements[next++] : result;
      if ("error" in judgement) {
        const { picture } = result.given;
        if (!left.has(picture)) skipped.push({ picture, error: judgement.error });
        left.add(picture);
        continue;
      }
      const { picture, label, index, boxes: truth } = result.given;
      const one = { picture, label, index, truth, ...judgement };
      judged.push(one);
      if (truth.some((box) => reachesBeyond(box, one))) beyond.push(nameOf(picture));
    }
    for (let i = 0; i < group.length; i++) {
      done += 1;
      onProgress?.({ label: "evaluating localization", done, total, elapsed: performance.now() - started });
    }
  }
  const notes = [...("notes" in pictures ? (pictures.notes ?? []) : []), ...network.notes, ...looker.notes];
  if (note !== undefined) notes.push(note);
  if (beyond.length > 0) {
    notes.push(
      `${beyond.length} cases have a true box that reaches beyond its photo, the first in ${beyond[0]}: are the boxes of photos of another size?`,
    );
  }
  return reportOf({ network: network.name, setting, judged, skipped, notes });
}

/** By more than the one pixel in which conventions differ. */
function reachesBeyond({ x, y, width, height }: Box, { imageWidth, imageHeight }: JudgedCase): boolean {
  return x < -1 || y < -1 || x + width > imageWidth + 1 || y + height > imageHeight + 1;
}

function casesOrSkipped<P extends Picture>(
  picture: P,
  classOf: ClassOf,
  skipped: SkippedPicture<P>[],
): LocalizationCase<P>[] {
  try {
    return casesOf(picture, classOf);
  } catch (error) {
    skipped.push({ picture, error: messageOf(error) });
    return [];
  }
}
