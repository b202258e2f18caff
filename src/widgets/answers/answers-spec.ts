import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Everything that a view of answered questions shows, as plain data. */
export interface AnswersData {
  readonly rows: readonly AnswersRow[];
  /** What the heat's colours mean, from none to strongest. */
  readonly colours: readonly string[];
  /** How strongly the map is laid over the photo, 0–1. */
  readonly opacity: number;
  /** Height of the photos in pixels. */
  readonly size: number;
}

/** A question of a photo, answered. */
export interface AnswersRow {
  readonly question: string;
  /** What a person should know: unknown words, say. */
  readonly note?: string;
  readonly photo: {
    readonly name: string;
    /** The photo and the same in grey, as data URIs. */
    readonly uri: string;
    readonly greyUri: string;
    /** Width by height. */
    readonly aspect: number;
  };
  /** The best answer's map on the photo, as a data URI. */
  readonly heatUri: string;
  /** Best first. */
  readonly answers: readonly { readonly answer: string; readonly probability: number }[];
  /** What the best answer's score is made of: the words in order, the photo, the answer's own start. */
  readonly parts: readonly AnswerPart[];
}

/** A summand of an answer's score. */
export interface AnswerPart {
  readonly name: string;
  readonly kind: "word" | "photo" | "bias";
  readonly contribution: number;
}

const KIND_COLOUR = { word: CATEGORY_COLOURS[0], photo: CATEGORY_COLOURS[1], bias: COLOUR.muted } as const;
const BARS = 210;
/** Room at the left of bars for what they are of. */
const NAMES = 108;

/**
 * Answered questions as a Vega-Lite spec, one a row: the photo, the best answer's map over it, the most probable
 * answers, and what the best one's score is made of: each word, the photo. Pure: same data, same spec.
 *
 * @example
 * answersSpec({ rows, colours: ["#000", "#fff"], opacity: 0.6, size: 170 });
 */
export function answersSpec(data: AnswersData): VegaSpec {
  const widest = Math.max(1, ...data.rows.flatMap(({ parts }) => parts.map((part) => Math.abs(part.contribution))));
  return {
    ...litePreamble(describe(data)),
    spacing: 26,
    vconcat: [...data.rows.map((row) => rowView(row, data, 1.08 * widest)), legend(data)],
  };
}

function describe({ rows }: AnswersData): string {
  return rows
    .map(({ question, answers: [best], photo }) => {
      return `${photo.name}: “${question}” ${best.answer}, probability ${shown(best.probability)}.`;
    })
    .join(" ");
}

function rowView(row: AnswersRow, { size, opacity }: AnswersData, widest: number): unknown {
  const height = size;
  const width = Math.round(Math.min(2 * size, Math.max(0.5 * size, size * row.photo.aspect)));
  const [best] = row.answers;
  return {
    bounds: "flush",
    spacing: 20,
    hconcat: [
      picture(
        width,
        height,
        row,
        [],
        [
          text(row.question, { y: -26, fontWeight: "bold", fontSize: FONT_SIZE.heading, limit: 2 * width + 20 }),
          text(row.note ?? row.photo.name, { y: -9, color: COLOUR.muted, limit: 2 * width + 20 + NAMES }),
        ],
      ),
      picture(
        width,
        height,
        { ...row, photo: { ...row.photo, uri: row.photo.greyUri } },
        [image(row.heatUri, width, height, `map of the answer ${best.answer}`, opacity)],
        [],
      ),
      bars(
        row.answers.map(({ answer, probability }) => ({
          name: answer,
          value: probability,
          text: shown(probability),
          colour: COLOUR.accent,
        })),
        height,
        [0, 1],
        "probability of the answers",
      ),
      bars(
        row.parts.map(({ name, kind, contribution }) => ({
          name,
          value: contribution,
          text: signed(contribution),
          colour: KIND_COLOUR[kind],
        })),
        height,
        [-widest, widest],
        `what “${best.answer}” owes to`,
      ),
    ],
  };
}

function picture(width: number, height: number, { photo }: AnswersRow, over: unknown[], heading: unknown[]): unknown {
  return { width, height, layer: [image(photo.uri, width, height, `photo ${photo.name}`), ...over, ...heading] };
}

function image(uri: string, width: number, height: number, description: string, opacity = 1): unknown {
  const mark = { type: "image", x: 0, y: 0, width, height, align: "left", baseline: "top", aspect: false };
  return {
    data: { values: [{ uri }] },
    mark: { ...mark, opacity, description },
    encoding: { url: { field: "uri", type: "nominal" } },
  };
}

interface Bar {
  readonly name: string;
  readonly value: number;
  readonly text: string;
  readonly colour: string;
}

function bars(values: readonly Bar[], height: number, domain: readonly number[], title: string): unknown {
  const step = Math.min(26, height / Math.max(1, values.length));
  const width = NAMES + BARS;
  // Bars are told apart by their place: a question may have a word twice.
  const placed = values.map((bar, row) => ({ ...bar, row: (row + 0.5) * step }));
  const y = {
    field: "row",
    type: "quantitative",
    axis: null,
    scale: { domain: [height, 0], nice: false, zero: false },
  };
  const [from, to] = [NAMES + 8, width - 42];
  const x = { type: "quantitative", axis: null, scale: { domain, range: [from, to], nice: false, zero: false } };
  const label = (field: string, mark: object) => ({
    mark: { type: "text", baseline: "middle", ...mark },
    encoding: { y, text: { field, type: "nominal" }, tooltip: { field, type: "nominal" } },
  });
  return {
    width,
    height,
    data: { values: placed },
    layer: [
      {
        mark: { type: "bar", height: 0.62 * step, tooltip: true },
        encoding: {
          x: { field: "value", ...x },
          x2: { datum: 0 },
          y,
          color: { field: "colour", type: "nominal", scale: null, legend: null },
        },
      },
      label("name", { x: NAMES, align: "right", limit: NAMES - 4 }),
      label("text", { x: width, align: "right", color: COLOUR.muted }),
      {
        data: { values: [{ zero: 0 }] },
        mark: { type: "rule", color: COLOUR.text, y: 0, y2: step * values.length },
        encoding: { x: { field: "zero", ...x } },
      },
      text(title, { x: NAMES + 8, y: -9, color: COLOUR.muted, limit: BARS }),
    ],
  };
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function text(value: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ text: value }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "text", type: "nominal" }, tooltip: { field: "text", type: "nominal" } },
  };
}

function legend({ colours }: AnswersData): unknown {
  const stops = colours.map((color, i) => ({ offset: i / (colours.length - 1), color }));
  const gradient = { x1: 0, y1: 0, x2: 1, y2: 0, gradient: "linear", stops };
  const swatch = (x: number, fill: unknown, width: number, label: string) => [
    {
      data: { values: [{}] },
      mark: { type: "rect", color: fill, cornerRadius: 2 },
      encoding: { x: { value: x }, x2: { value: x + width }, y: { value: 0 }, y2: { value: 10 } },
    },
    text(label, { x: x + width + 8, y: 5, color: COLOUR.muted }),
  ];
  return {
    width: 900,
    height: 12,
    layer: [
      ...swatch(0, gradient, 120, "no evidence → strongest of the map"),
      ...swatch(400, KIND_COLOUR.word, 12, "a word"),
      ...swatch(490, KIND_COLOUR.photo, 12, "the photo"),
      ...swatch(600, KIND_COLOUR.bias, 12, "the answer itself"),
    ],
  };
}

function shown(probability: number): string {
  return probability < 0.005 ? "<0.01" : probability.toFixed(2);
}

function signed(value: number): string {
  const size = Math.abs(value).toFixed(1);
  return `${size === "0.0" ? "±" : value < 0 ? "−" : "+"}${size}`;
}
