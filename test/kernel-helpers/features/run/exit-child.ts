// Begins an extraction that threads run, and ends the process in the middle of it, as a cell or a script may.
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";

async function main([photo]: string[]): Promise<void> {
  const network = await openNetwork();
  await extractFeatures(network, Array<string>(2000).fill(photo), {
    cache: false,
    onProgress: ({ done }) => {
      if (done === 40) process.exit(3);
    },
  });
}

void main(process.argv.slice(2));
