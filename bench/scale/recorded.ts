// Features as if a network had made them: of a real size, after a real time, the same for the same picture.
import { setTimeout as sleep } from "node:timers/promises";
import { FeatureTable } from "../../src/kernel-helpers/features/feature-table.js";
import { nameOf, type Picture } from "../../src/kernel-helpers/images/picture.js";
import type { Extract } from "../../src/kernel-helpers/queue/do-shard.js";

/** How features are played back. */
export interface Recording {
  readonly columns: number;
  /** Milliseconds a picture. */
  readonly delay: number;
  /** A name that ends the process that comes upon it. */
  readonly deadly?: string;
}

/** A source of recorded features. */
export function recorded({ columns, delay, deadly }: Recording): Extract {
  return async (_, pictures) => {
    const started = performance.now();
    const data = new Float32Array(pictures.length * columns);
    const kept: Picture[] = [];
    const skipped: { picture: Picture; error: string }[] = [];
    for (const [i, picture] of pictures.entries()) {
      const name = nameOf(picture);
      if (deadly !== undefined && name.endsWith(deadly)) process.exit(9);
      if (/broken/.test(name)) skipped.push({ picture, error: `cannot read ${name}: it is damaged` });
      else {
        fill(data.subarray(kept.length * columns, (kept.length + 1) * columns), name);
        kept.push(picture);
      }
      const late = started + (i + 1) * delay - performance.now();
      if (late >= 20 || (i === pictures.length - 1 && late >= 1)) await sleep(late);
    }
    const rows = kept.length;
    const origin = {
      software: "recorded",
      network: "recorded",
      layer: "pool",
      pooling: "average",
      preprocessing: "none",
    } as const;
    return new FeatureTable({ rows, columns, data: data.slice(0, rows * columns), pictures: kept, skipped, origin });
  };
}

function fill(row: Float32Array, name: string): void {
  let state = 2166136261;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 16777619);
  for (let k = 0; k < row.length; k++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    row[k] = Math.max(0, state / 2 ** 31);
  }
}
