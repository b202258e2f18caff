// `npm run fuzz`: the long runs of test/hostile, one kind after the other. `npm run fuzz -- models 1000 seed` runs one kind
// with a count and a seed of its own; the same seed gives the same inputs.
import { fuzzData } from "../test/hostile/data/fuzz-data.js";
import { fuzzFormats } from "../test/hostile/formats/fuzz-formats.js";
import { fuzzImages } from "../test/hostile/images/fuzz-images.js";
import { fuzzModels } from "../test/hostile/models/fuzz-models.js";

/** One kind of damaged input. */
interface Kind {
  /** Inputs of a long run. */
  readonly count: number;
  /** Tries `count` seeded inputs and calls `onFault` with each crash, hang, flood of memory or silent wrong result. */
  readonly run: (count: number, seed: string, onFault: (fault: string) => void) => Promise<{ readonly tried: number }>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  images: { count: 10_000, run: fuzzImages },
  models: { count: 10_000, run: fuzzModels },
  formats: { count: 10_000, run: fuzzFormats },
  data: { count: 5_000, run: fuzzData },
};

const [only, count, seed = "fuzz"] = process.argv.slice(2);
if (only !== undefined && !Object.hasOwn(KINDS, only)) {
  console.error(`no kind is called ${only}: known are ${Object.keys(KINDS).join(", ")}`);
  process.exit(2);
}
let faults = 0;
for (const [name, kind] of Object.entries(KINDS)) {
  if (only !== undefined && name !== only) continue;
  const start = performance.now();
  let found = 0;
  const { tried } = await kind.run(Number(count ?? kind.count), seed, (fault) => {
    found++;
    console.log(`FAULT ${name}: ${fault}`);
  });
  faults += found;
  console.log(`${name}: ${tried} tried, ${found} faults, ${Math.round((performance.now() - start) / 1000)} s`);
}
process.exit(faults === 0 ? 0 : 1);
