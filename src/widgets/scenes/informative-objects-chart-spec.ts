import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** What is known beforehand about an object in a scene. */
export type ObjectKind = "own" | "common" | "other";

/** A bar of a list. */
export interface ListedObject {
  readonly name: string;
  /** Length of the bar, 0–1. */
  readonly share: number;
  readonly kind?: ObjectKind;
  /** What is said of it when pointed at: "in 24 of 30 photos". */
  readonly detail: string;
}

/** Two lists of objects for each scene, as plain data. */
export interface ObjectListsData {
  readonly scenes: readonly {
    readonly scene: string;
    readonly caption: string;
    readonly frequent: readonly ListedObject[];
    readonly informative: readonly ListedObject[];
  }[];
  /** What common objects are called. */
  readonly commonWord: string;
  /** Scenes a row. */
  readonly columns: number;
  /** Width of a list of bars, in pixels. */
  readonly width: number;
}

const ROW = 17;
const NAMES = 96;

const KIND_COLOURS: Readonly<Record<ObjectKind, string>> = {
  own: CATEGORY_COLOURS[0],
  common: CATEGORY_COLOURS[1],
  other: "#a9b3bd",
};

/**
 * For each scene its two lists side by side: how often objects occur at all, and how much of them lies under the map. With kinds, bars are coloured by them. Pure: same data, same spec.
 */
export function objectListsSpec(data: ObjectListsData): VegaSpec {
  const kinds = (["own", "common", "other"] as const).filter((kind) =>
    data.scenes.some(({ frequent, informative }) => [...frequent, ...informative].some((each) => each.kind === kind)),
  );
  return {
    ...litePreamble(describe(data)),
    spacing: 22,
    vconcat: [
      ...(kinds.length ? [legend(kinds, data.commonWord)] : []),
      {
        columns: data.columns,
        spacing: { row: 30, column: 44 },
        concat: data.scenes.map((scene) => block(scene, data)),
      },
    ],
  };
}

function describe({ scenes }: ObjectListsData): string {
  const list = (objects: readonly ListedObject[]) => objects.map(({ name, share }) => `${name} ${shortShare(share)}`);
  const said = scenes.map(
    ({ scene, frequent, informative }) =>
      `${scene}: frequent ${list(frequent).join(", ")}; under the map ${list(informative).join(", ")}`,
  );
  return `Frequent and informative objects of scenes. ${said.join(". ")}.`;
}

/** .98, 1.0: as lists of shares are written. */
export function shortShare(share: number): string {
  return share > 0.995 ? "1.0" : share.toFixed(2).slice(1);
}

function block({ scene, caption, frequent, informative }: ObjectListsData["scenes"][number], data: ObjectListsData) {
  const rows = Math.max(frequent.length, informative.length, 1);
  return {
    spacing: 30,
    bounds: "flush",
    hconcat: [
      bars(frequent, "how often it is there", rows, data.width, [
        text(scene, { y: -40, fontSize: FONT_SIZE.heading, fontWeight: "bold", limit: data.width }),
        text(caption, { y: -40, x: data.width + 30, align: "left", color: COLOUR.muted, limit: data.width + NAMES }),
      ]),
      bars(informative, "how much under the map", rows, data.width, []),
    ],
  };
}

/** Names stand in a column of their own, left of the bars; the list fills its rows from the top. */
function bars(objects: readonly ListedObject[], title: string, rows: number, width: number, above: unknown[]) {
  const values = objects.map((object, row) => ({ ...object, row, value: shortShare(object.share) }));
  const start = Math.min(NAMES, width / 2);
  const y = (offset: number) => ({
    field: "row",
    type: "quantitative",
    axis: null,
    scale: {
      domain: [-0.5 - offset, rows - 0.5 - offset],
      reverse: false,
      nice: false,
      zero: false,
      range: [0, rows * ROW],
    },
  });
  const kinds = values.some(({ kind }) => kind !== undefined);
  return {
    width,
    height: rows * ROW,
    layer: [
      ...above,
      text(title, { y: -14, color: COLOUR.muted, limit: width + 28 }),
      {
        data: { values },
        layer: [
          {
            mark: { type: "text", x: start - 6, align: "right", baseline: "middle", limit: start - 8 },
            encoding: {
              y: y(0),
              text: { field: "name", type: "nominal" },
              tooltip: { field: "detail", type: "nominal" },
            },
          },
          {
            mark: { type: "bar", height: ROW - 6, cornerRadiusEnd: 2 },
            encoding: {
              y: y(0),
              x: {
                field: "share",
                type: "quantitative",
                axis: null,
                scale: { domain: [0, 1], range: [start, width - 30] },
              },
              x2: { datum: 0 },
              color: kinds
                ? {
                    field: "kind",
                    type: "nominal",
                    legend: null,
                    scale: { domain: Object.keys(KIND_COLOURS), range: Object.values(KIND_COLOURS) },
                  }
                : { value: COLOUR.accent },
              tooltip: { field: "detail", type: "nominal" },
            },
          },
          {
            mark: { type: "text", align: "left", baseline: "middle", dx: 4, color: COLOUR.muted },
            encoding: {
              y: y(0),
              x: {
                field: "share",
                type: "quantitative",
                axis: null,
                scale: { domain: [0, 1], range: [start, width - 30] },
              },
              text: { field: "value", type: "nominal" },
            },
          },
        ],
      },
    ],
  };
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function text(words: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ words }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "words", type: "nominal" } },
  };
}

function legend(kinds: readonly ObjectKind[], commonWord: string) {
  const words: Record<ObjectKind, string> = { own: "the scene's own object", common: commonWord, other: "neither" };
  return {
    width: 520,
    height: 14,
    layer: kinds.flatMap((kind, i) => [
      {
        data: { values: [{}] },
        mark: { type: "rect", color: KIND_COLOURS[kind], cornerRadius: 2 },
        encoding: { x: { value: i * 180 }, x2: { value: i * 180 + 11 }, y: { value: 2 }, y2: { value: 13 } },
      },
      text(words[kind], { x: i * 180 + 17, y: 8 }),
    ]),
  };
}
