import { intersectionOf } from "../../kernel-helpers/boxes/box-geometry.js";
import { boxesByThreshold } from "../../kernel-helpers/boxes/boxes-by-threshold.js";
import { cam } from "../../kernel-helpers/cam/cam.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { nameOfSource, readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { Seen } from "../../kernel-helpers/networks/seen.js";
import { COLOUR_MAPS, colourMap, type ColourMap } from "../kit/photo/colour-map.js";
import { heatBody, heatColours, heatHead } from "../kit/photo/heat-parts.js";
import { type DrawnMap, type HeatRange, heatRange, heatStops } from "../kit/photo/heat-image.js";
import { heatGrid, photoHeat, seenArea } from "../kit/photo/photo-heat.js";
import { shownPhoto } from "../kit/photo/shown-photo.js";
import { sharesOf } from "../kit/sheet/heat-panel.js";
import { shortNames } from "../kit/text/short-names.js";
import {
  EXPLORE_LEVELS,
  EXPLORE_THRESHOLDS,
  type ExploreClass,
  type ExploreContrast,
  type ExploreData,
  type ExploreFirst,
  type ExplorePalette,
  type ExplorePhoto,
} from "./explore-data.js";

/** What the explorer shows, and what first. */
export interface ExploreChoice {
  /** Indices of the classes that are listed. */
  readonly classes: readonly number[];
  readonly first: ExploreFirst;
  readonly colourScale: "photo" | "map";
  readonly size: number;
  readonly scale: number;
  readonly drawing: boolean;
}

/**
 * A photo that was seen, to be explored: what was once made of it, its thumbnail and its classes' maps and boxes, is not
 * made again when other classes are asked for.
 */
export class ExploredPhoto {
  readonly #seen: Seen;
  readonly #maps = new Map<number, ClassMaps>();
  /** Bodies of pictures, by what they show. */
  readonly #bodies = new Map<string, string>();
  #photo: { readonly side: number; readonly made: Promise<ExplorePhoto> } | undefined;

  readonly #mapOf: (index: number) => HeatMap | Promise<HeatMap>;

  /** @param mapOf makes the map of a class; its class activation map unless given */
  constructor(seen: Seen, mapOf: (index: number) => HeatMap | Promise<HeatMap> = (index) => cam(seen, index)) {
    this.#seen = seen;
    this.#mapOf = mapOf;
  }

  /**
   * What the explorer shows of it.
   *
   * @param signal ends it between two classes
   * @throws CamlabError when the photo is gone, or the network's maps do not localize
   */
  async data(
    { classes, first, colourScale, size, scale, drawing }: ExploreChoice,
    signal?: AbortSignal,
  ): Promise<ExploreData> {
    const photo = await this.#shown(size * scale);
    const maps: ClassMaps[] = [];
    for (const index of classes) {
      signal?.throwIfAborted();
      maps.push(await this.#mapsOf(index, photo.frame));
    }
    const heats = maps.map(({ heat }) => heat);
    const shared = rangesOf(heats);
    return {
      photo,
      classes: maps.map((map, i) =>
        this.#classOf(classes[i], map, colourScale === "map" ? rangesOf([map.heat]) : shared),
      ),
      contrasts: classes.flatMap((_, a) => classes.slice(a + 1).map((_, i) => this.#contrastOf(classes, a, a + 1 + i))),
      map: { width: maps[0].map.width, height: maps[0].map.height },
      heatHead: heatHead(heats[0].width, heats[0].height),
      palettes: await palettes(),
      strongest: colourScale === "photo" ? "in the photo" : "of each map",
      ...{ first, size, scale, drawing },
    };
  }

  #classOf(index: number, { map, heat, max, boxes }: ClassMaps, { positive, signed }: Ranges): ExploreClass {
    const { network, probabilities } = this.#seen;
    const probability = probabilities[index];
    const bodyOf = (range: HeatRange) => this.#body(`${index} ${range.from} ${range.to}`, () => heatBody(heat, range));
    return {
      ...{ name: readableName(network.classes[index]), probability, max, boxes },
      rank: 1 + probabilities.reduce((above, each) => above + (each > probability ? 1 : 0), 0),
      values: Array.from(map.data, (value) => rounded(value, 4)),
      positive: bodyOf(positive),
      signed: bodyOf(signed),
    };
  }

  /** The difference of two maps, with a range of its own. */
  #contrastOf(classes: readonly number[], a: number, b: number): ExploreContrast {
    const signed = this.#body(`${classes[a]} − ${classes[b]}`, () => {
      const [one, other] = [a, b].map((at) => this.#maps.get(classes[at])!.heat);
      const difference = { ...one, data: one.data.map((value, p) => value - other.data[p]) };
      return heatBody(difference, heatRange([difference], BOTH_SIGNS));
    });
    return { a, b, signed };
  }

  #body(of: string, make: () => string): string {
    const body = this.#bodies.get(of) ?? make();
    this.#bodies.set(of, body);
    return body;
  }

  #shown(side: number): Promise<ExplorePhoto> {
    if (this.#photo?.side !== side) this.#photo = { side, made: photoOf(this.#seen, side) };
    return this.#photo.made;
  }

  async #mapsOf(index: number, frame: Box): Promise<ClassMaps> {
    const known = this.#maps.get(index);
    if (known) return known;
    const map = { ...(await this.#mapOf(index)), placement: this.#seen.placement };
    const made = {
      map,
      heat: photoHeat(map, { ...heatGrid(frame, map), frame }),
      ...boxesIn(map, frame),
    };
    this.#maps.set(index, made);
    return made;
  }
}

/** What is made of one class, whatever other classes it stands beside. */
interface ClassMaps extends Pick<ExploreClass, "max" | "boxes"> {
  readonly map: HeatMap;
  /** On the pixels on which it is drawn. */
  readonly heat: DrawnMap;
}

function boxesIn(map: HeatMap, frame: Box): Pick<ExploreClass, "max" | "boxes"> {
  const { max, boxes } = boxesByThreshold(map, EXPLORE_THRESHOLDS);
  const shares = boxes.map((box): ExploreClass["boxes"][number] => {
    if (!box) return null;
    const { x, y, width, height } = sharesOf(box, frame);
    return [rounded(x, 5), rounded(y, 5), rounded(width, 5), rounded(height, 5)];
  });
  return { max: rounded(max, 6), boxes: shares };
}

/** The ranges of colours of what speaks for a class, and of both signs. */
function rangesOf(heats: readonly DrawnMap[]): Ranges {
  return { positive: heatRange(heats, ONE_SIGN), signed: heatRange(heats, BOTH_SIGNS) };
}

interface Ranges {
  readonly positive: HeatRange;
  readonly signed: HeatRange;
}

const ONE_SIGN = { diverging: false };
const BOTH_SIGNS = { diverging: true };

async function photoOf({ picture, photo, placement }: Seen, size: number): Promise<ExplorePhoto> {
  const { imageWidth, imageHeight, region } = placement;
  const frame = region ?? { x: 0, y: 0, width: imageWidth, height: imageHeight };
  const side = size * Math.sqrt(Math.max(frame.width / frame.height, frame.height / frame.width));
  const { uri, mutedUri } = await shownPhoto(picture.file, { side, ...(region && { region }) });
  const name = readableName(shortNames([photo.file || nameOfSource(picture.file)])[0]);
  return {
    name: region ? `a region of ${name}` : name,
    ...(picture.label !== undefined && { label: readableName(picture.label) }),
    ...{ uri, mutedUri, frame, placement },
    seen: sharesOf(intersectionOf(frame, seenArea(placement)) ?? frame, frame),
  };
}

/** All colour maps; the diverging one last, and behind it the same turned round. */
let made: Promise<ExplorePalette[]> | undefined;

function palettes(): Promise<ExplorePalette[]> {
  return (made ??= makePalettes());
}

async function makePalettes(): Promise<ExplorePalette[]> {
  const all: ColourMap[] = [];
  for (const name of COLOUR_MAPS) all.push(await colourMap(name));
  const last = all[all.length - 1];
  const turned = {
    ...last,
    colours: last.colours.map((_, i, bytes) => bytes[bytes.length - 3 - (i - (i % 3)) + (i % 3)]),
  };
  return [...all, turned].map((colours) => ({
    ...{ name: colours.name, diverging: colours.diverging },
    chunks: heatColours(colours),
    stops: heatStops(colours, 20),
    lines: EXPLORE_LEVELS.map((level) => lineColour(colours, level)),
  }));
}

/** The colour of a share of the maximum, opaque. */
function lineColour({ colours, diverging }: ColourMap, share: number): string {
  const at = 3 * Math.round(255 * (diverging ? 0.5 + share / 2 : share));
  return `rgb(${colours.subarray(at, at + 3).join(",")})`;
}

function rounded(value: number, digits: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : 0;
}
