import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { classIndexOf } from "../../../kernel-helpers/cam/class-index.js";
import { readAde20k } from "../../../kernel-helpers/datasets/objects/ade20k/ade20k.js";
import type { AnnotatedPicture } from "../../../kernel-helpers/images/picture.js";
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
import { openNetwork } from "../../../kernel-helpers/networks/open-network.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { makeFolder } from "../../../kernel-helpers/support/make-folder.js";
import type { OnProgress } from "../../../kernel-helpers/support/progress.js";
import { ablationChart } from "../../../widgets/units/ablation-chart.js";
import { htmlPage } from "../../../widgets/kit/html-page.js";
import { unitGallery } from "../../../widgets/units/unit-gallery.js";
import { tellNotes } from "../../notes.js";
import { ProgressBar } from "../../progress-bar.js";
import { UsageError } from "../../usage-error.js";
import { skippedJson, tellSkipped } from "../../skipped.js";

/** Flags of `camlab discover units`, as parsed. */
export interface DiscoverUnitsFlags {
  readonly ade20k?: string;
  readonly coco?: string;
  readonly yolo?: string;
  readonly images?: string;
  readonly class?: readonly string[];
  readonly test: number;
  readonly quantile?: number;
  readonly minIou?: number;
  readonly minImages?: number;
  readonly seed: number;
  readonly top: number;
  readonly network?: string;
  readonly device: "auto" | "cpu" | "webgpu" | "cuda";
  readonly threads?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * `camlab discover units`: what the units of the last feature maps respond to, and what classes lose without their own.
 *
 * @returns 0
 */
export async function discoverUnitsCommand(flags: DiscoverUnitsFlags, signal: AbortSignal): Promise<number> {
  const { device, threads, quantile, minIou, minImages, seed } = flags;
  checkSources(flags);
  if (flags.out !== undefined) await makeFolder(flags.out);
  const bar = new ProgressBar(process.stderr);
  const progress = { signal, onProgress: bar.update };
  try {
    using network = await openNetwork(flags.network, { device, threads });
    const names = (flags.class ?? []).map((name) => network.classes[classIndexOf(network.classes, name)]);
    const ranked = [...new Set(names)].map((name) => ({ class: name, units: rankUnits(network, name) }));
    const source = await picturesOf(flags, progress);
    const found = await discoverUnits(network, source.pictures, { quantile, minIou, minImages, seed, ...progress });
    const shown = source.drawn ? shownClasses(network, source.pictures) : undefined;
    const watched = shown && ranked.flatMap((each) => (shown.has(each.class) ? [each.class] : []));
    const ablation =
      watched && (watched.length > 0 || ranked.length === 0)
        ? await ablationOf(network, source.pictures, watched, flags.seed, progress)
        : undefined;
    bar.clear();
    if (flags.out !== undefined) await writePage(flags.out, source.name, found, ranked, ablation, flags.top);
    tellSkipped(found.skipped);
    const unseen = shown ? ranked.filter((each) => !shown.has(each.class)).map((each) => each.class) : [];
    const unwatched = unseen.map((name) => `no picture shows ${JSON.stringify(name)}, so it has nothing to lose`);
    const notes = [...(source.notes ?? []), ...found.notes, ...unwatched];
    tellNotes(notes);
    process.stdout.write(
      flags.json
        ? `${JSON.stringify({ data: source.name, ...documentOf(found, notes), ranked, ...(ablation && { ablation }) })}\n`
        : unitsText(source.name, found, ranked, flags) +
            (ablation ? ablationText(ablation) : "") +
            (flags.out === undefined ? "" : `wrote ${printable(join(flags.out, "index.html"))}\n`),
    );
    return 0;
  } finally {
    bar.clear();
  }
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
  const given = Object.entries({ ade20k, coco, yolo }).filter(([, value]) => value !== undefined);
  if (given.length > 1)
    throw new UsageError(`give one of ${given.map(([name]) => `--${name}`).join(" and ")}, not both`);
  if (images !== undefined && coco === undefined) throw new UsageError("--images belongs to --coco");
}

async function picturesOf(
  { ade20k, coco, yolo, images: folder, seed, test }: DiscoverUnitsFlags,
  progress: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<Source> {
  if (ade20k !== undefined) return { ...(await readAde20k(ade20k, progress)), name: ade20k, drawn: false };
  if (yolo !== undefined) return { ...(await readYolo(yolo)), name: yolo, drawn: false };
  if (coco !== undefined) return { ...(await readCoco(coco, { images: folder })), name: coco, drawn: false };
  const world = await drawWorld("objects", { seed, train: 0, test, ...progress });
  return { name: "drawn world: objects", pictures: world.pictures, drawn: true };
}

/** The classes that pictures show; undefined where there are none, or a label is no class of the network. */
function shownClasses(network: Network, images: readonly AnnotatedPicture[]): ReadonlySet<string> | undefined {
  const labels = new Set(images.flatMap(({ label, labels = label === undefined ? [] : [label] }) => labels));
  return labels.size > 0 && [...labels].every((name) => network.classes.includes(name)) ? labels : undefined;
}

async function ablationOf(
  network: Network,
  images: readonly AnnotatedPicture[],
  watched: readonly string[],
  seed: number,
  progress: { readonly signal: AbortSignal; readonly onProgress: OnProgress },
): Promise<UnitAblation> {
  const features = await extractFeatures(network, images, progress);
  return ablateUnits(network, features, { ...(watched.length > 0 && { classes: watched }), seed, ...progress });
}

async function writePage(
  folder: string,
  name: string,
  found: UnitDiscovery,
  ranked: readonly Ranked[],
  ablation: UnitAblation | undefined,
  top: number,
): Promise<void> {
  const { settings, units, layer, images } = found.findings;
  const { quantile, minIou } = settings;
  const sections = [
    {
      text:
        `${units.length} units of ${found.network} (${layer}) on ${images} images of ${name}. A unit matches ` +
        `a concept when the places where it is above the activation that ${100 * quantile} % of all places exceed have an ` +
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
  await writeFile(join(folder, "index.html"), await htmlPage({ title: "Units of the last feature maps", sections }));
}

/** Everything that the figures show. */
function documentOf({ network, findings, skipped }: UnitDiscovery, notes: readonly string[]) {
  return { network, ...findings, skipped: skippedJson(skipped), notes };
}

function unitsText(name: string, found: UnitDiscovery, ranked: readonly Ranked[], { top }: DiscoverUnitsFlags) {
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
  return `${lines.join("\n")}\n`;
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

function ablationText({ all, before, classes, pictures }: UnitAblation): string {
  const rows = all.map(
    ({ units, share, top, random, times }: AblationFall) =>
      `  ${String(units).padStart(4)} (${percent(share)})  ${points(top.value)}  ${points(random.value)}  ${timesText(times.value)} ×`,
  );
  return (
    `accuracy ${percent(before.value)} on ${classes.length} ${classes.length === 1 ? "class" : "classes"}, ${pictures} pictures; points lost with silent units: ` +
    `the class's own, random ones, ratio\n${rows.join("\n")}\n`
  );
}

function timesText(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : "∞";
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function points(share: number): string {
  return (100 * share).toFixed(1).padStart(5);
}
