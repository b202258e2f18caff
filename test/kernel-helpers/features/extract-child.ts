// Extracts features in a process of its own, to be killed: prints a line an image, and at the end the table's checksum.
import { createHash } from "node:crypto";
import { extractFeatures } from "../../../src/kernel-helpers/features/extract-features.js";
import { listImages } from "../../../src/kernel-helpers/images/files/list-images.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";

async function main([photos, cache]: string[]): Promise<void> {
  const network = await openNetwork();
  const features = await extractFeatures(network, await listImages([photos]), {
    cache,
    crops: "ten",
    cropRows: "apart",
    onProgress: ({ done }) => process.stdout.write(`done ${done}\n`),
  });
  const hash = createHash("sha256").update(new Uint8Array(features.data.buffer, 0, features.data.byteLength));
  process.stdout.write(`table ${features.rows} ${hash.digest("hex")} notes ${features.notes.length}\n`);
}

void main(process.argv.slice(2));
