// Trains on shards in a process of its own, to be killed: prints a line a step, and at the end the weights' checksum.
import { sha256 } from "../../../../src/kernel-helpers/support/hash.js";
import { trainOnShards } from "../../../../src/kernel-helpers/svm/shards/train-on-shards.js";

async function main([folder, ...files]: string[]): Promise<void> {
  let steps = 0;
  const onProgress = () => process.stdout.write(`done ${++steps}\n`);
  const { weights, bias } = await trainOnShards(files, { folder, storage: "float16", tolerance: 1e-8, onProgress });
  const bytes = [weights.data, bias].map((numbers) => new Uint8Array(Float32Array.from(numbers).buffer));
  process.stdout.write(`weights ${sha256(...bytes)}\n`);
}

void main(process.argv.slice(2));
