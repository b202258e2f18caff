import { CamlabError } from "../../../support/errors.js";
import type { GraphBuilder } from "../../graph-builder.js";
import { blobOf, type Blob } from "../blob.js";
import type { Layer } from "../layers-of.js";

/** What a layer is converted with. */
export interface Conversion {
  readonly builder: GraphBuilder;
  readonly layer: Layer;
  /** The values that it reads. */
  readonly inputs: readonly string[];
}

/** The values that a layer gives, one for each of its tops. A value that it reads may be given on as it is. */
export type Convert = (conversion: Conversion) => readonly string[];

/** The first value that a layer reads. */
export function inputOf({ layer, inputs }: Conversion): string {
  if (inputs.length === 0) throw problem(layer, "it reads nothing");
  return inputs[0];
}

/**
 * A learned blob of a layer.
 *
 * @throws CamlabError when the layer has none
 */
export function learned({ layer }: Conversion, index: number): Blob {
  const blob = layer.blobs.at(index);
  if (blob === undefined)
    throw problem(layer, `it has ${layer.blobs.length} blobs of weights, ${index + 1} are needed`);
  return blobOf(blob, `the weights of the layer "${layer.name}"`);
}

/** What is wrong with a layer. */
export function problem({ name, type }: Layer, what: string): CamlabError {
  return new CamlabError(`the layer "${name}" (${type}): ${what}`);
}

/** An axis counted from the front. */
export function axisOf(conversion: Conversion, axis: number, value: string): number {
  if (axis >= 0) return axis;
  const axes = conversion.builder.shapeOf(value)?.length;
  if (axes === undefined) throw problem(conversion.layer, `its axis ${axis} counts from the end of an unknown shape`);
  return axes + axis;
}

/** Rows and columns of a field that may be given once, once an axis, or as `NAME_h` and `NAME_w`. */
export function bothSides(
  { fields, layer }: { readonly fields: Layer["fields"]; readonly layer: Layer },
  names: { readonly repeated: string; readonly stem: string },
  usual: number | undefined,
  least: number,
): [number, number] {
  const { repeated, stem } = names;
  const list = fields.numbers(repeated);
  if (list.length > 2) throw problem(layer, `${repeated} has ${list.length} sizes, pictures have two`);
  const side = (name: string, index: number) => {
    const value = fields.has(name) ? fields.number(name, 0) : (list[index] ?? list[0] ?? usual);
    if (value === undefined) throw problem(layer, `${repeated} is missing`);
    if (!Number.isSafeInteger(value) || value < least || value > LARGEST) {
      throw problem(layer, `${repeated} is ${value}`);
    }
    return value;
  };
  return [side(`${stem}_h`, 0), side(`${stem}_w`, 1)];
}

/** No window, stride or pad is wider. */
const LARGEST = 2 ** 16;
