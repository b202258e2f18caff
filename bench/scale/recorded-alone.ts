// A worker's work without a queue, to compare with: node --import tsx bench/scale/recorded-alone.ts OPTIONS-AS-JSON
import { join } from "node:path";
import { featuresToArrow } from "../../src/kernel-helpers/features/feature-arrow.js";
import { writeWhole } from "../../src/kernel-helpers/support/write-file.js";
import { type Recording, recorded } from "./recorded.js";

/** What one is started with. */
export interface RecordedAlone extends Recording {
  readonly folder: string;
  readonly shards: number;
  readonly shardSize: number;
}

const { folder, shards, shardSize, ...recording } = JSON.parse(process.argv[2]) as RecordedAlone;
const play = recorded(recording);
const began = performance.now();
let extracting = 0;
for (let index = 1; index <= shards; index++) {
  const pictures = Array.from({ length: shardSize }, (_, i) => ({ file: `${folder}/photo-${index}-${i}.jpg` }));
  const from = performance.now();
  const table = await play(undefined!, pictures);
  extracting += performance.now() - from;
  await writeWhole(join(folder, `alone-${process.pid}-${index}.arrow`), featuresToArrow(table));
}
process.stdout.write(`${JSON.stringify({ beside: performance.now() - began - extracting })}\n`);
