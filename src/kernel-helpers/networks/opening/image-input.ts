import { withDynamicBatch } from "../../graph/surgery/dynamic-batch.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { Preprocessing } from "../../images/input/preprocessing.js";
import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";

/** A network's only input: pictures. */
export interface ImageInput {
  readonly name: string;
  readonly height?: number;
  readonly width?: number;
}

/**
 * The input that takes pictures.
 *
 * @throws CamlabError when there are several, or it takes something else
 */
export function imageInput(graph: Graph, path: string): ImageInput {
  const refuse = (found: string) =>
    new CamlabError(
      `cannot look through ${path}: it takes ${found}, camlab feeds one batch of images, count × 3 × height × width`,
    );
  if (graph.inputs.length !== 1)
    throw refuse(`${graph.inputs.length} inputs (${graph.inputs.map(({ name }) => name).join(", ")})`);
  const [{ name, dims }] = graph.inputs;
  if (dims === undefined) return { name };
  if (dims.length !== 4) throw refuse(`a ${dims.length}-dimensional input (${dims.join(" × ")})`);
  const [, channels, height, width] = dims;
  if (typeof channels === "number" && channels !== 3) {
    throw refuse(
      width === 3 ? `channels last (${dims.join(" × ")}): export it channels first` : `${channels} channels`,
    );
  }
  const fixed = (size: unknown) => (typeof size === "number" ? size : undefined);
  return { name, height: fixed(height), width: fixed(width) };
}

/**
 * @param given sizes that were asked for instead, which are checked in their turn
 * @throws CamlabError when pictures are brought to another size than the input has, or to one no machine could hold
 */
export function checkInputSize(
  input: Omit<ImageInput, "name">,
  { width, height }: Preprocessing,
  given: { readonly width?: number; readonly height?: number; readonly crop?: number } = {},
): void {
  if (given.width !== undefined || given.height !== undefined || (given.crop ?? 0) > 1) return;
  const fits = (input.width ?? width) === width && (input.height ?? height) === height;
  if (!fits)
    throw invalid("preprocessing", `${width}×${height}`, `${input.width}×${input.height}, the network's input`);
  if (width * height > LARGEST_SIDE ** 2) {
    throw invalid("input size", `${width}×${height}`, `at most ${LARGEST_SIDE ** 2 / 2 ** 20} megapixels`);
  }
}

/** A mistyped size would take all memory before anything could say so. */
const LARGEST_SIDE = 4096;

/** The size of a network's input: the side of a square, or both sides. */
export type InputSize = number | { readonly width: number; readonly height: number };

/**
 * Both sides of a size.
 *
 * @param name what it is called
 * @throws CamlabError for sides that are no whole numbers from 1 to 4096
 */
export function checkSize(size: InputSize, name: string): { readonly width: number; readonly height: number } {
  const isBoth = typeof size === "object" && size !== null;
  const { width, height } = isBoth ? size : { width: size, height: size };
  check.wholeNumber(isBoth ? `${name}.width` : name, width, { from: 1, to: LARGEST_SIDE });
  check.wholeNumber(isBoth ? `${name}.height` : name, height, { from: 1, to: LARGEST_SIDE });
  return { width, height };
}

/** The same view of a picture on another grid. */
export function sizedPreprocessing(usual: Preprocessing, size: InputSize): Preprocessing {
  const to = checkSize(size, "size");
  const { width, height } = to;
  const { resize } = usual;
  return { ...usual, width, height, ...(resize && { resize: scaledResize(resize, usual, to) }) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is cut from for an input of another size: it keeps its share of the input. */
export function scaledResize(
  resize: NonNullable<Preprocessing["resize"]>,
  from: Size,
  to: Size,
): NonNullable<Preprocessing["resize"]> {
  const scaled = (length: number, side: number, newSide: number) =>
    Math.max(newSide, Math.round((length * newSide) / side));
  return "shorterSide" in resize
    ? {
        shorterSide: scaled(resize.shorterSide, Math.max(from.width, from.height), Math.max(to.width, to.height)),
      }
    : {
        width: scaled(resize.width, from.width, to.width),
        height: scaled(resize.height, from.height, to.height),
      };
}

/** More pictures at once than this are freed from their number, or refused: most would be empty. */
const LARGEST_BATCH = 64;

/**
 * A network freed from a great number of pictures that it takes at once.
 *
 * @throws CamlabError when it can't be freed
 */
export function freedGraph(graph: Graph, path: string): Graph {
  if (graph.batch === "any" || graph.batch <= LARGEST_BATCH) return graph;
  const { graph: free, problems } = withDynamicBatch(graph);
  if (problems.length === 0) return free;
  throw new CamlabError(
    `cannot open ${path}: it takes exactly ${graph.batch} pictures at once (${problems[0]}); export it with an open batch, or ` +
      "with a batch of 1",
  );
}
