// Begins an extraction that threads run, and ends the process in the middle of it, as a cell or a script may; or, told so,
// comes to its own end, the network still open.
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";

async function main([photo, how]: string[]): Promise<void> {
  const network = await openNetwork();
  await extractFeatures(network, Array<string>(how === "ends" ? 200 : 2000).fill(photo), {
    cache: false,
    onProgress: ({ done }) => {
      if (done === 40 && how !== "ends") process.exit(3);
    },
  });
}

void main(process.argv.slice(2));
