import type { RankedUnit } from "../../kernel-helpers/discovery/units/rank-units.js";
import { heatMapOf } from "../../kernel-helpers/discovery/scenes/scene-findings.js";
import type {
  UnitDiscovery,
  UnitFinding,
  UnitFindings,
  UnitImage,
} from "../../kernel-helpers/discovery/units/unit-findings.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { thumbnail } from "../../kernel-helpers/images/files/thumbnail.js";
import { check } from "../../kernel-helpers/support/check.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { regionVeil } from "../kit/photo/region-veil.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { shortPercentText } from "../kit/text/numbers.js";
import { Widget } from "../kit/widget.js";
import { patchBox } from "./patch-box.js";
import type { UnitGalleryRow, UnitGalleryTile } from "./unit-gallery-data.js";
import { unitGallerySpec } from "./unit-gallery-spec.js";
import { mean } from "../../kernel-helpers/support/statistics.js";

/** What a gallery of units shows. */
export interface UnitGalleryOptions extends ShowOptions {
  /**
   * Which units, in this order: their numbers, or a class's from `rankUnits`, shown with their weights; or how many of
   * those that match a concept best. 8 unless given.
   */
  readonly units?: number | readonly (number | RankedUnit)[];
  /** Images a unit, at most; 6 unless given. */
  readonly images?: number;
  /**
   * `region` (the default): the whole image, dark but where the unit is above its threshold. `patch`: a square around
   * that area at the unit's highest cell, darker. `field`: cut to what the unit's highest cell can see.
   */
  readonly show?: "region" | "patch" | "field";
  /** Outline what the highest cell can see, dashed; false unless given. */
  readonly fields?: boolean;
  /** Stands above; "What units respond to" unless given. */
  readonly title?: string;
  /** Height of a row in pixels; 112 unless given. */
  readonly size?: number;
}

const OPTIONS = ["units", "images", "show", "fields", "title", "size", ...SHOW_OPTIONS] as const;

/**
 * Units of the last feature maps, one a row: weight, the concept that agrees with it best, and the images that excite it
 * most, open where the unit is above its threshold T_k. Only the images' files are read again.
 *
 * @throws CamlabError for a unit that was not found, an option outside its range, or `field` where it is not known
 * @example
 * widgets.unitGallery(units, { units: discover.rankUnits(network, "dog").slice(0, 5), title: "Units of “dog”" });
 */
export function unitGallery(
  { findings: found }: Pick<UnitDiscovery, "findings">,
  options: UnitGalleryOptions = {},
): Widget {
  const {
    images = 6,
    show = "region",
    fields = false,
    size = 112,
    title = "What units respond to",
  } = check.known(options, OPTIONS, "unitGallery");
  check.counts({ images });
  check.oneOf("show", show, ["region", "patch", "field"]);
  check.number("size", size, { from: 90, to: 400 });
  if ((show === "field" || fields) && !found.field)
    throw invalid(show === "field" ? "show" : "fields", show === "field" ? show : fields, "a result with its field");
  const chosen = choose(found, options.units ?? 8);
  const caption =
    show === "field"
      ? "cut to what the unit's highest cell can see of each image"
      : `bright: the top ${shortPercentText(found.settings.quantile)} of the unit's responses` +
        (found.concepts.length > 0 ? `; mark on the bars: IoU ${found.settings.minIou}` : "");
  return new Widget(async () => {
    const rows: UnitGalleryRow[] = [];
    for (const { unit, weight } of chosen) {
      const tiles: UnitGalleryTile[] = [];
      // Nothing excites a dead unit: its images are but the first.
      const exciting = unit.active > 0 ? unit.images.slice(0, images) : [];
      for (const image of exciting) tiles.push(await tileOf(image, unit, { show, fields, size }));
      rows.push({ ...(found.concepts.length === 0 && { remark: "" }), ...rowOf(unit, weight, tiles) });
    }
    return unitGallerySpec({ title: readableName(title), caption, rows, size, minIou: found.settings.minIou });
  }, options);
}

function choose(
  { units }: UnitFindings,
  wanted: number | readonly (number | RankedUnit)[],
): { unit: UnitFinding; weight?: number }[] {
  if (typeof wanted === "number") {
    check.count("units", wanted);
    const iou = ({ concepts }: UnitFinding) => concepts[0]?.iou ?? 0;
    return [...units]
      .sort((a, b) => iou(b) - iou(a))
      .slice(0, wanted)
      .map((unit) => ({ unit }));
  }
  if (wanted.length === 0) throw invalid("units", wanted, "at least one unit");
  return wanted.map((each) => {
    const { unit: number, weight } = typeof each === "number" ? { unit: each, weight: undefined } : each;
    const unit = units[number];
    if (!unit) throw invalid("unit", number, `a whole number from 0 to ${units.length - 1}`);
    return { unit, ...(weight !== undefined && { weight }) };
  });
}

function rowOf(
  { unit, active, concepts, match, control }: UnitFinding,
  weight: number | undefined,
  tiles: readonly UnitGalleryTile[],
): UnitGalleryRow {
  const [best] = concepts;
  return {
    name: `unit ${unit}`,
    ...(active === 0 && { remark: "above 0 nowhere here" }),
    ...(weight !== undefined && { weight }),
    ...(best && {
      concept: {
        name: readableName(best.name),
        iou: best.iou,
        matched: match !== undefined,
        ...(control.length > 0 && { chance: mean(control) }),
      },
    }),
    tiles,
  };
}

/** What excites a unit is all that a patch is to show; what is around it can just be told. */
const PATCH_DARKNESS = 0.74;

async function tileOf(
  image: UnitImage,
  { threshold }: UnitFinding,
  { show, fields, size }: Required<Pick<UnitGalleryOptions, "show" | "fields" | "size">>,
): Promise<UnitGalleryTile> {
  const { file, id, width, height, field, map } = image;
  const maxSide = Math.ceil(size * 1.4);
  if (show === "field") {
    const cut = await thumbnail(file, { maxSide, region: field, quality: 78 });
    return { name: readableName(id), uri: cut.dataUri, aspect: cut.width / cut.height };
  }
  if (show === "patch") {
    const heat = heatMapOf(map);
    const frame = patchBox(heat, threshold, { width, height });
    const cut = await thumbnail(file, { maxSide: Math.ceil(size * 1.8), region: frame, quality: 82 });
    const veilUri = regionVeil(heat, threshold, { width: 2 * size, height: 2 * size, frame }, PATCH_DARKNESS);
    return { name: readableName(id), uri: cut.dataUri, veilUri, aspect: 1 };
  }
  const small = await thumbnail(file, { maxSide, quality: 78 });
  return {
    name: readableName(id),
    uri: small.dataUri,
    veilUri: regionVeil(heatMapOf(map), threshold, small),
    aspect: small.width / small.height,
    ...(fields && field && { field: [field.x / width, field.y / height, field.width / width, field.height / height] }),
  };
}
