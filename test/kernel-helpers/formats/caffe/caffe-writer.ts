import { numbers } from "../run-imported.js";

/** A learned blob. */
export interface WrittenBlob {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Seeded weights of a shape. */
export function weights(dims: readonly number[], seed: string): WrittenBlob {
  return {
    dims,
    data: numbers(
      dims.reduce((a, b) => a * b, 1),
      seed,
    ),
  };
}

/** A `.caffemodel` in the form of today: layers with a name, a type and blobs; `more` is put into a layer as it is. */
export function caffemodel(layers: Readonly<Record<string, readonly WrittenBlob[]>>, name = "net"): Uint8Array {
  const parts = [sized(1, text(name))];
  for (const [layer, blobs] of Object.entries(layers)) {
    parts.push(
      sized(
        100,
        Buffer.concat([
          sized(1, text(layer)),
          sized(2, text("Any")),
          ...blobs.map((blob) => sized(7, blobBytes(blob))),
        ]),
      ),
    );
  }
  return Buffer.concat(parts);
}

/** A blob in today's form. */
export function blobBytes({ dims, data }: WrittenBlob): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([sized(5, bytes), sized(7, sized(1, Buffer.concat(dims.map(varint))))]);
}

/** A field with a length. */
export function sized(number: number, data: Uint8Array): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(data.length), data]);
}

function text(value: string): Buffer {
  return Buffer.from(value);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}
