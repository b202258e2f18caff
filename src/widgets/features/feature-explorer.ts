import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import type { FeatureTable } from "../../kernel-helpers/features/feature-table.js";
import { principalComponents } from "../../kernel-helpers/features/look/principal-components.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { Picture } from "../../kernel-helpers/images/picture.js";
import { check } from "../../kernel-helpers/support/check.js";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import { colourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import { BLANK, orBlank, shownPhoto } from "../kit/photo/shown-photo.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { shortNames } from "../kit/text/short-names.js";
import { countText, percentText } from "../kit/text/numbers.js";
import { Widget } from "../kit/widget.js";
import type { FeaturePoint } from "./feature-explorer-data.js";
import { featureExplorerSpec } from "./feature-explorer-spec.js";

/** What a feature explorer shows, and how. */
export interface FeatureExplorerOptions<P extends Picture = Picture> extends HeatOptions, ShowOptions {
  /** Stands above the chart; "Pictures by their features" unless given. */
  readonly title?: string;
  /** What a picture is coloured by; its label unless given. */
  readonly label?: (picture: P) => string;
  /** The map to show beside a picture; none unless given. Asked for the pictures that are shown only. */
  readonly map?: (picture: P, row: number) => HeatMap | undefined | Promise<HeatMap | undefined>;
  /** Pictures that are shown at most, as many of each label; 100 unless given. The axes are those of all. */
  readonly count?: number;
  /** The longer side of a photo, in pixels; 190 unless given. */
  readonly size?: number;
}

/**
 * Pictures as points, coloured by label, in the plane in which their features differ most: the first two principal
 * components. Where Vega runs, the picture that is pointed at is shown beside it with its map; a slider goes through all,
 * and one label can be made to stand out.
 *
 * @throws CamlabError for fewer than three pictures, one without a label, or an option outside its range
 * @example
 * widgets.featureExplorer(features);
 * widgets.featureExplorer(features, {
 *   map: async (picture) => cam(await look(network, picture), detector.weightsOf(picture.label)),
 * });
 */
export function featureExplorer<P extends Picture>(
  features: FeatureTable<P>,
  options: FeatureExplorerOptions<P> = {},
): Widget {
  check.known(options, ["title", "label", "map", "count", "size", ...HEAT_OPTIONS, ...SHOW_OPTIONS], "featureExplorer");
  const { title = "Pictures by their features", label, map, count = 100, size = 190 } = options;
  const heat = heatOptions(options);
  check.count("count", count);
  check.number("size", size, { from: 100, to: 400 });
  if (features?.rows === undefined || !features.pictures) throw invalid("features", features, "a table of features");
  if (features.rows < 3) throw new CamlabError(`featureExplorer needs three pictures or more, not ${features.rows}`);
  const named = (label ? features.pictures.map(label) : features.labels).map(readableName);
  const labels = [...new Set(named)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const names = shortNames(features.files);
  const rows = evenly(named, labels, count);
  return new Widget(async () => {
    const { coordinates, shares } = principalComponents(features);
    const at = (row: number, axis: number) => coordinates.data[2 * row + axis];
    const inOrder = [...rows].sort(
      (a, b) => labels.indexOf(named[a]) - labels.indexOf(named[b]) || at(a, 0) - at(b, 0) || a - b,
    );
    const colours = await colourMap(heat.colourMap);
    const points: FeaturePoint[] = [];
    for (const row of inOrder) {
      const picture = features.pictures[row];
      points.push({
        ...{
          x: at(row, 0),
          y: at(row, 1),
          label: labels.indexOf(named[row]),
          name: readableName(names[row]),
        },
        ...(await shown(picture, await map?.(picture, row))),
      });
    }
    async function shown(picture: P, own: HeatMap | undefined): Promise<Pick<FeaturePoint, "uri" | "aspect" | "map">> {
      const side = size / SMALLER;
      const { file } = picture;
      if (!own) {
        const photo = await orBlank(
          file,
          shownPhoto(file, { side, ...(picture.region && { region: picture.region }) }),
        );
        return photo ? { uri: photo.uri, aspect: photo.width / photo.height } : { uri: BLANK, aspect: 1 };
      }
      const photo = await orBlank(file, pictureWithMap(file, own, side, colours));
      if (!photo) return { uri: BLANK, aspect: 1 };
      const { uri, mutedUri, heatUri, frame, unseen } = photo;
      return {
        uri,
        aspect: frame.width / frame.height,
        map: { mutedUri, heatUri, of: readableName(own.label ?? "map"), unseen },
      };
    }
    const axisOf = (nth: string, axis: number) =>
      `${nth} principal component, ${percentText(shares[axis])} of the variance`;
    return featureExplorerSpec({
      ...{ title: readableName(title), labels, points, size, opacity: heat.opacity, dimming: heat.dimming },
      subtitle: subtitleOf(rows.length, features.rows),
      axes: [axisOf("first", 0), axisOf("second", 1)],
      ...(map && { ramp: heatRamp(colours) }),
    });
  }, options);
}

/** Photos of which one is seen at a time are kept small: about a pixel for a pixel. */
const SMALLER = 1.4;

function subtitleOf(shown: number, all: number): string {
  const which =
    shown < all
      ? `${countText(shown)} of ${countText(all)} pictures, as many of each label`
      : `${countText(all)} pictures`;
  return `${which}; near each other: alike to the network. Point at one to see it.`;
}

/** Rows of each label in turn until there are enough, evenly from all of its rows. */
function evenly(named: readonly string[], labels: readonly string[], count: number): number[] {
  const groups = labels.map((label) => named.flatMap((name, row) => (name === label ? [row] : [])));
  let [left, share] = [count, 0];
  const sizes = new Map<string, number>();
  [...groups.keys()]
    .sort((a, b) => groups[a].length - groups[b].length)
    .forEach((group, nth) => {
      share = Math.min(groups[group].length, Math.floor(left / (groups.length - nth)));
      sizes.set(labels[group], share);
      left -= share;
    });
  return groups.flatMap((group, g) => {
    const wanted = sizes.get(labels[g])!;
    return Array.from({ length: wanted }, (_, i) => group[Math.floor(((i + 0.5) * group.length) / wanted)]);
  });
}
