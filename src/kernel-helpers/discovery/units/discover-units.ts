import { inView } from "../../networks/views/in-view.js";
import type { View } from "../../networks/views/view.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { beforeClip } from "./before-clip.js";
import { check, optionNames } from "../../support/check.js";
import { type AnnotatedPicture, listOf, type Pictures, type SkippedPicture } from "../../images/picture.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { readNetworkFile } from "../../networks/opening/read-network-file.js";
import { receptiveField, type ReceptiveField } from "../../graph/shapes/receptive-field.js";
import { isSkipped, lookAtAll, type LookAtAllOptions } from "../../networks/look-at-all.js";
import type { Network } from "../../networks/network.js";
import { openForTask } from "../../networks/tasks/open-for-task.js";
import type { Seen } from "../../networks/seen.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { madeWith } from "../discovery.js";
import { Agreement } from "./agreement.js";
import { type ConceptGrid, conceptMasks } from "./concept-masks.js";
import { maskPartners } from "./mask-partners.js";
import { type Excited, StrongestImages } from "./strongest-images.js";
import type { UnitDiscovery, UnitFinding, UnitFindings } from "./unit-findings.js";

/** How units are looked into. */
export interface DiscoverUnitsOptions extends Pick<LookAtAllOptions, "batchSize" | "onProgress" | "signal"> {
  /** What of a picture the network sees; the network's own view unless given, and without one all of what its card would cut. */
  readonly view?: View;
  /** Images kept for each unit; 8 unless given. */
  readonly top?: number;
  /** The share of all cells of all images that a unit's threshold lets pass, 0 < q < 1; 0.005 unless given. */
  readonly quantile?: number;
  /** The IoU from which a unit matches a concept, 0 < t ≤ 1; 0.04 unless given. */
  readonly minIou?: number;
  /** Images that must show a concept for it to count; 5 unless given. */
  readonly minImages?: number;
  /** Points along the longer side of the grid on which maps meet masks; 112 unless given. */
  readonly grid?: number;
  /** How many times each image is also held against the masks of another one, the control; 5 unless given. */
  readonly permutations?: number;
  /** Of the control; 0 unless given. */
  readonly seed?: number;
  /** The network's graph, to compute what a cell sees; read from the file that the network was opened from unless given. */
  readonly graph?: Graph;
}

const OPTIONS = optionNames<DiscoverUnitsOptions>({
  view: true,
  batchSize: true,
  onProgress: true,
  signal: true,
  top: true,
  quantile: true,
  minIou: true,
  minImages: true,
  grid: true,
  permutations: true,
  seed: true,
  graph: true,
});

/**
 * What the units of a network respond to. A unit is a channel k of the last feature maps. For each: the images that
 * excite it most, with its map and with what its highest cell can see of the image; and the annotated concepts that its
 * activation agrees with, by network dissection (Bau et al., CVPR 2017).
 *
 * The measure. T_k is such that the share `quantile` of all cells of all images is above it. The map, stretched
 * bilinearly, covers the area M_k(x) where it is above T_k; L_c(x) is where image x shows concept c. Over all annotated
 * images, IoU_k,c = Σ |M_k ∩ L_c| / Σ |M_k ∪ L_c|, and the unit matches its best concept when that is at least `minIou`.
 * Where an activation holds the maps below a limit (ReLU6, sigmoid) the values before it are taken, for at the limit
 * nothing tells images apart; `notes` says so. Of images with equal peaks that comes first which has the peak in more of
 * its places, then that of the higher mean.
 *
 * The control deals the masks out again, each image getting another's, and matches the same way.
 *
 * Every image is looked at twice, at flat memory. Images without objects count for what excites units and for T_k.
 *
 * @param set with their objects, as the readers of annotated data sets and `drawWorld` give them
 * @returns plain data that JSON holds; `unitGallery` shows it
 * @throws CamlabError when no image can be used or an option is outside its range; the signal's reason when aborted
 * @example
 * const { pictures } = await drawWorld("objects", { train: 0, test: 300 });
 * const found = await discoverUnits(network, pictures);
 * found.findings.matched; // 120 of 192 units
 * found.findings.units[17].match; // { name: "dog", iou: 0.21, … }
 */
export async function discoverUnits(
  given: Network,
  set: Pictures<AnnotatedPicture>,
  options: DiscoverUnitsOptions = {},
): Promise<UnitDiscovery> {
  check.known(options, OPTIONS, "discoverUnits");
  using own = await openForTask(given, "units");
  const seeing = await inView(own.network, options.view, USUAL_VIEWS.units);
  const settings = settingsOf(seeing, options);
  const images = listOf(set);
  if (images.length === 0) throw new CamlabError("there are no images to look for units in");
  using free = await beforeClip(seeing);
  const network = free?.network ?? seeing;
  const field = await fieldOf(network, options.graph);
  const { excited, usable, skipped } = await whatExcites(network, images, { ...settings, field }, options);
  const annotated = usable.filter(({ objects }) => objects.length > 0);
  const names = conceptNames(annotated, settings.minImages);
  const permutations = Math.min(settings.permutations, Math.max(0, annotated.length - 1));
  const thresholds = excited.map(({ threshold }) => threshold);
  const agreement = new Agreement(thresholds, names.length, permutations, settings.grid);
  if (names.length > 0) await holdAgainst(network, annotated, names, agreement, { ...settings, permutations }, options);
  const units = excited.map((each, unit) => findingsOf(each, unit, agreement, names, settings.minIou));
  const notes = [...own.notes, ...notesOf(units, annotated, names, settings, field)];
  if (free) notes.push(`activations are those before ${free.by}: at that limit nothing tells images apart`);
  const layer = network.head.featureMaps.name;
  const findings = {
    layer,
    settings: { ...settings, permutations },
    ...(field && { field }),
    units,
    concepts: names
      .map((name, i) => ({
        name,
        images: annotated.filter(({ objects }) => objects.some((object) => object.name === name)).length,
        area: agreement.areaOf(i),
        units: units.filter(({ match }) => match?.name === name).length,
      }))
      .sort((a, b) => b.units - a.units),
    matched: units.filter(({ match }) => match).length,
    control: Array.from(
      { length: permutations },
      (_, i) => units.filter(({ control }) => control[i] >= settings.minIou).length,
    ),
    images: usable.length,
    annotated: annotated.length,
  };
  return { ...madeWith(network), model: { layer, thresholds }, findings, skipped, notes };
}

type Settings = UnitFindings["settings"];

function settingsOf({ preprocessing }: Network, options: DiscoverUnitsOptions): Settings {
  const { top = 8, quantile = 0.005, minIou = 0.04, minImages = 5, grid = 112, permutations = 5, seed = 0 } = options;
  check.counts({ top, minImages, grid });
  check.wholeNumber("permutations", permutations);
  check.number("quantile", quantile, { above: 0, below: 1 });
  check.number("minIou", minIou, { above: 0, to: 1 });
  const { width, height } = preprocessing;
  const points = (side: number) => Math.max(1, Math.round((grid * side) / Math.max(width, height)));
  const size = { width: points(width), height: points(height) };
  return { top, quantile, minIou, minImages, grid: size, permutations, seed };
}

/** What a cell of the last feature maps sees; undefined when the network has no graph at hand, or an unknown operator. */
async function fieldOf(network: Network, given: Graph | undefined): Promise<ReceptiveField | undefined> {
  const graph =
    given ?? (network.modelFile === undefined ? undefined : (await readNetworkFile(network.modelFile)).graph);
  const field = graph && receptiveField(graph, network.head.featureMaps.name);
  if (!field || network.view !== "whole") return field;
  // Which pixels at the edges nobody reads depends on the input's size.
  const { read: _x, ...x } = field.x;
  const { read: _y, ...y } = field.y;
  return { x, y };
}

async function whatExcites(
  network: Network,
  images: readonly AnnotatedPicture[],
  { top, quantile, field }: Settings & { readonly field?: ReceptiveField },
  options: DiscoverUnitsOptions,
): Promise<{ excited: Excited[]; usable: AnnotatedPicture[]; skipped: SkippedPicture<AnnotatedPicture>[] }> {
  const strongest = new StrongestImages({ top, quantile, images: images.length, field });
  const usable: AnnotatedPicture[] = [];
  const skipped: SkippedPicture<AnnotatedPicture>[] = [];
  for await (const seen of lookAt(network, images, "looking for what excites units", options)) {
    const { picture: image } = seen;
    try {
      if (isSkipped(seen)) throw new CamlabError(seen.error);
      checkSizes(seen, image);
      strongest.add(seen, image.id);
      usable.push(image);
    } catch (error) {
      skipped.push({ picture: image, error: messageOf(error) });
    }
  }
  if (usable.length === 0)
    throw new CamlabError(`none of the ${images.length} images can be used; the first: ${skipped[0].error}`);
  return { excited: strongest.result(), usable, skipped };
}

async function holdAgainst(
  network: Network,
  annotated: readonly AnnotatedPicture[],
  names: readonly string[],
  agreement: Agreement,
  { grid, permutations, seed }: { readonly grid: ConceptGrid; readonly permutations: number; readonly seed: number },
  options: DiscoverUnitsOptions,
): Promise<void> {
  const order = shuffled(annotated, seededRandom(`units ${seed}`));
  const numbers = new Map(names.map((name, i) => [name, i]));
  const masksOf = maskPartners(order.length, permutations, (place) =>
    conceptMasks(order[place], network.preprocessing, grid, numbers),
  );
  let place = 0;
  for await (const seen of lookAt(network, order, "holding units against concepts", options)) {
    if (isSkipped(seen))
      throw new CamlabError(`${seen.picture.file} could be read before, and now it cannot: ${seen.error}`);
    agreement.add(seen.featureMaps, masksOf(place++));
  }
}

function lookAt(
  network: Network,
  images: readonly AnnotatedPicture[],
  label: string,
  { batchSize, onProgress, signal }: DiscoverUnitsOptions,
) {
  return lookAtAll(network, images, {
    top: 1,
    batchSize,
    signal,
    onProgress: onProgress && ((progress) => onProgress({ ...progress, label })),
  });
}

function checkSizes({ photo }: Seen, { width, height, objects }: AnnotatedPicture): void {
  if (width !== photo.width || height !== photo.height) {
    throw new CamlabError(
      `its objects are annotated on ${width} × ${height} pixels, but it has ${photo.width} × ${photo.height}`,
    );
  }
  const odd = objects.find(({ mask }) => mask && (mask.width !== width || mask.height !== height));
  if (odd?.mask) {
    const { mask, name } = odd;
    throw new CamlabError(
      `the mask of ${JSON.stringify(name)} is ${mask.width} × ${mask.height}, its image ${width} × ${height}`,
    );
  }
}

/** Concepts that enough images show, by name. */
function conceptNames(images: readonly AnnotatedPicture[], minImages: number): string[] {
  const counts = new Map<string, number>();
  for (const { objects } of images) {
    for (const name of new Set(objects.map((object) => object.name))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].flatMap(([name, count]) => (count >= minImages ? [name] : [])).sort();
}

const LISTED = 5;

function findingsOf(
  excited: Excited,
  unit: number,
  agreement: Agreement,
  names: readonly string[],
  minIou: number,
): UnitFinding {
  const concepts = agreement
    .conceptsOf(unit, names)
    .filter(({ iou }) => iou > 0)
    .sort((a, b) => b.iou - a.iou)
    .slice(0, LISTED);
  const [best] = concepts;
  return {
    unit,
    ...excited,
    concepts,
    ...(best && best.iou >= minIou && { match: best }),
    control: agreement.controlOf(unit),
  };
}

function notesOf(
  units: readonly UnitFinding[],
  annotated: readonly AnnotatedPicture[],
  names: readonly string[],
  { minImages }: Settings,
  field: ReceptiveField | undefined,
): string[] {
  const notes: string[] = [];
  const dead = units.filter(({ active }) => active === 0).length;
  if (dead) notes.push(`${dead} of ${units.length} units are above 0 nowhere in these images`);
  if (annotated.length === 0)
    notes.push("no image has annotated objects, so nothing is known of what units respond to");
  else if (names.length === 0) notes.push(`no concept is in at least ${minImages} images: lower minImages`);
  if (annotated.length === 1) notes.push("only one image has annotated objects, so there is no control");
  if (!field) notes.push("what a cell sees is not known: open the network from a file, or give its graph");
  else if (!Number.isFinite(field.x.size))
    notes.push("every cell sees the whole input: some layer pools over all of it");
  return notes;
}
