import { classIndexOf } from "../../../kernel-helpers/cam/class-index.js";
import { readAde20k } from "../../../kernel-helpers/datasets/objects/ade20k/ade20k.js";
import { labelsOf, type AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
import { readCoco } from "../../../kernel-helpers/datasets/objects/coco/coco.js";
import { drawWorld } from "../../../world/draw-world.js";
import { readYolo } from "../../../kernel-helpers/datasets/objects/yolo/yolo.js";
import { discoverUnits } from "../../../kernel-helpers/discovery/units/discover-units.js";
import { ablateUnits } from "../../../kernel-helpers/discovery/units/ablate-units.js";
import type { AblationFall, UnitAblation } from "../../../kernel-helpers/discovery/units/ablation.js";
import { rankUnits, type RankedUnit } from "../../../kernel-helpers/discovery/units/rank-units.js";
import type { UnitDiscovery, UnitFindings } from "../../../kernel-helpers/discovery/units/unit-findings.js";
import { extractFeatures } from "../../../kernel-helpers/features/extract-features.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { ablationChart } from "../../../widgets/units/ablation-chart.js";
import { unitGallery } from "../../../widgets/units/unit-gallery.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson } from "../../skipped.js";
import { percentNumber, percentText, shortPercentText } from "../../../widgets/kit/text/numbers.js";
import { giveOne } from "../../give-one.js";
import { type DiscoveryFlags, runDiscovery, type Watch } from "./run-discovery.js";

/** Flags of `camlab discover units`, as parsed. */
export interface DiscoverUnitsFlags extends DiscoveryFlags {
  readonly ade20k?: string;
  readonly coco?: string;
  readonly yolo?: string;
  readonly images?: string;
  readonly class?: readonly string[];
  readonly quantile?: number;
  readonly minIou?: number;
  readonly minImages?: number;
  readonly top: number;
}

/**
 * `camlab discover units`: what the units of the last feature maps respond to, and what classes lose without their own.
 *
 * @returns 0
 */
export async function discoverUnitsCommand(flags: DiscoverUnitsFlags, signal: AbortSignal): Promise<number> {
  const { quantile, minIou, minImages, seed, top } = flags;
  checkSources(flags);
  return runDiscovery(flags, signal, {
    read: (watch) => picturesOf(flags, watch),
    discover: async (network, { pictures, drawn }, watch) => {
      const names = (flags.class ?? []).map((name) => network.classes[classIndexOf(network.classes, name)]);
      const ranked = [...new Set(names)].map((name) => ({ class: name, units: rankUnits(network, name) }));
      const found = await discoverUnits(network, pictures, { quantile, minIou, minImages, seed, ...watch });
      const shown = drawn ? shownClasses(network, pictures) : undefined;
      const watched = shown && ranked.flatMap((each) => (shown.has(each.class) ? [each.class] : []));
      const ablation =
        watched && (watched.length > 0 || ranked.length === 0)
          ? await ablationOf(network, pictures, watched, seed, watch)
          : undefined;
      const unseen = shown ? ranked.filter((each) => !shown.has(each.class)).map((each) => each.class) : [];
      const unwatched = unseen.map((name) => `no picture shows ${JSON.stringify(name)}, so it has nothing to lose`);
      return { ...found, ranked, ablation, notes: [...found.notes, ...unwatched] };
    },
    document: ({ ranked, ablation, ...found }, { name }) => ({
      data: name,
      ...documentOf(found),
      ranked,
      ...(ablation && { ablation }),
    }),
    lines: ({ ranked, ablation, ...found }, { name }) => [
      ...linesOf(name, found, ranked, top),
      ...(ablation ? ablationLines(ablation) : []),
    ],
    page: ({ ranked, ablation, ...found }, { name }) => pageOf(name, found, ranked, ablation, top),
  });
}

interface Source {
  readonly name: string;
  readonly pictures: readonly AnnotatedPicture[];
  readonly notes?: readonly string[];
  /** Whether camlab drew them, with labels that the embedded network knows. */
  readonly drawn: boolean;
}

interface Ranked {
  readonly class: string;
  readonly units: readonly RankedUnit[];
}

function checkSources({ ade20k, coco, yolo, images }: DiscoverUnitsFlags): void {
  giveOne({ ade20k, coco, yolo });
  if (images !== undefined && coco === undefined) throw new UsageError("--images belongs to --coco");
}

async function picturesOf(
  { ade20k, coco, yolo, images: folder, seed, test }: DiscoverUnitsFlags,
  watch: Watch,
): Promise<Source> {
  if (ade20k !== undefined) return { ...(await readAde20k(ade20k, watch)), name: ade20k, drawn: false };
  if (yolo !== undefined) return { ...(await readYolo(yolo)), name: yolo, drawn: false };
  if (coco !== undefined) return { ...(await readCoco(coco, { images: folder })), name: coco, drawn: false };
  const world = await drawWorld("objects", { seed, train: 0, test, ...watch });
  return { name: "drawn world: objects", pictures: world.pictures, drawn: true };
}

/** The classes that pictures show; undefined where there are none, or a label is no class of the network. */
function shownClasses(network: Network, images: readonly AnnotatedPicture[]): ReadonlySet<string> | undefined {
  const labels = new Set(images.flatMap(labelsOf));
  return labels.size > 0 && [...labels].every((name) => network.classes.includes(name)) ? labels : undefined;
}

async function ablationOf(
  network: Network,
  images: readonly AnnotatedPicture[],
  watched: readonly string[],
  seed: number,
  watch: Watch,
): Promise<UnitAblation> {
  const features = await extractFeatures(network, images, watch);
  return ablateUnits(network, features, { ...(watched.length > 0 && { classes: watched }), seed, ...watch });
}

function pageOf(
  name: string,
  found: UnitDiscovery,
  ranked: readonly Ranked[],
  ablation: UnitAblation | undefined,
  top: number,
) {
  const { settings, units, layer, images } = found.findings;
  const { quantile, minIou } = settings;
  const sections = [
    {
      text:
        `${units.length} units of ${found.network} (${layer}) on ${images} images of ${name}. A unit matches ` +
        `a concept when the places where it is above the activation that ${shortPercentText(quantile, 6)} of all places exceed have an ` +
        `IoU of ${minIou} or more with it: ${summaryOf(found.findings)}.`,
    },
    unitGallery(found, { units: top }),
    ...ranked.map(({ class: name, units }) =>
      unitGallery(found, { units: units.slice(0, top), title: `Units of “${name}”, by weight` }),
    ),
    ...(ablation ? [ablationChart(ablation)] : []),
    ...(ablation && ranked.length > 0
      ? [ablationChart(ablation, { classes: ablation.classes.map((each) => each.class) })]
      : []),
  ];
  return { title: "Units of the last feature maps", sections };
}

/** Everything that the figures show. */
function documentOf({ network, findings, skipped, notes }: UnitDiscovery) {
  return { network, ...findings, skipped: skippedJson(skipped), notes };
}

function linesOf(name: string, found: UnitDiscovery, ranked: readonly Ranked[], top: number): string[] {
  const { findings } = found;
  const lines = [
    `${printable(name)}, ${printable(found.network)}: ${findings.units.length} units of ${printable(findings.layer)}`,
    `looked at ${findings.images} images, ${findings.annotated} with objects`,
  ];
  if (findings.field) {
    const { size, step } = findings.field.x;
    lines.push(Number.isFinite(size) ? `a cell sees ${size} pixels, every ${step}` : "a cell sees the whole input");
  }
  lines.push(summaryOf(findings));
  const matched = findings.units.filter(({ match }) => match).sort((a, b) => b.match!.iou - a.match!.iou);
  lines.push(...matched.slice(0, top).map(({ unit }) => `  ${unitText(findings, unit)}`));
  for (const { class: className, units } of ranked) {
    lines.push(`units of ${printable(className)}, by weight`);
    lines.push(
      ...units
        .slice(0, top)
        .map(
          ({ unit, weight }) => `  ${String(Number(weight.toPrecision(3))).padStart(7)}  ${unitText(findings, unit)}`,
        ),
    );
  }
  return lines;
}

function unitText({ units }: UnitFindings, number: number): string {
  const { concepts, match } = units[number];
  const [best] = concepts;
  const says = best ? `${printable(best.name)} ${best.iou.toFixed(2)}` : "nothing";
  return `unit ${String(number).padEnd(4)} ${match || !best ? says : `(${says})`}`;
}

function summaryOf({ matched, units, control, concepts }: UnitFindings): string {
  const named = concepts.filter((concept) => concept.units > 0).length;
  const chance = control.length
    ? `; with masks of other images ${control.reduce((sum, count) => sum + count, 0) / control.length}`
    : "";
  return `${matched} of ${units.length} units match one of ${named} concepts${chance}`;
}

function ablationLines({ all, before, classes, pictures }: UnitAblation): string[] {
  const rows = all.map(
    ({ units, share, top, random, times }: AblationFall) =>
      `  ${String(units).padStart(4)} (${percentText(share, 1)})  ${points(top.value)}  ${points(random.value)}  ${timesText(times.value)} ×`,
  );
  return [
    `accuracy ${percentText(before.value, 1)} on ${classes.length} ${classes.length === 1 ? "class" : "classes"}, ${pictures} pictures; points lost with silent units: the class's own, random ones, ratio`,
    ...rows,
  ];
}

function timesText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : "∞";
}

function points(share: number): string {
  return percentNumber(share, 1).padStart(5);
}
