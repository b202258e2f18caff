// node --import tsx bench/ways/verify.ts FOLDER …: camlab's ways beside those of pytorch-grad-cam and captum, on networks and
// a picture that bench/ways/reference.py wrote. Prints the cosine of each pair of maps and the largest difference of logits.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Network, openNetwork } from "../../src/index.js";
import { Questioner } from "../../src/kernel-helpers/cam/ways/questions.js";
import { WAYS } from "../../src/kernel-helpers/cam/ways/ways.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";
import { cosine } from "../../test/kernel-helpers/svm/fixtures.js";

interface Reference {
  readonly size: number;
  readonly label: number;
  readonly logits: readonly number[];
  readonly maps: Readonly<
    Record<string, { readonly width: number; readonly height: number; readonly data: readonly number[] }>
  >;
}

/** One whose scores come from a class token is opened for its tokens. */
async function openEither(file: string): Promise<Network> {
  try {
    return await openNetwork(file, { device: "cpu" });
  } catch {
    return openNetwork(file, { device: "cpu", head: "tokens" });
  }
}

async function main(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const { size, label, logits, maps } = JSON.parse(readFileSync(join(folder, "reference.json"), "utf8")) as Reference;
    const bytes = readFileSync(join(folder, "photo.f32"));
    const input = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    using network = await openEither(join(folder, "model.onnx"));
    const { featureMaps, ...out } = await network.run(input, 1);
    const seen = {
      network,
      picture: { file: "photo" },
      photo: { file: "photo", width: size, height: size },
      placement: undefined as never,
      ...out,
      featureMaps,
      probabilities: out.logits,
      top: [],
    };
    using questioner = new Questioner(network);
    const questions = questioner.of(label, input, { width: size, height: size });
    console.log(`${folder}: ${network.head.summary}`);
    const scores = network.ownGraph ? (await questions.attention()).scores! : out.logits;
    console.log(`  logits differ by ${Math.max(...scores.map((value, i) => Math.abs(value - logits[i])))}`);
    for (const [name, theirs] of Object.entries(maps)) {
      const way = WAYS.find((each) => each.name === name)!;
      const [random, randomOfPhoto] = [seededRandom(name), seededRandom(name)];
      const ours = await way.map({
        ...{ seen, index: label, input, size: { width: size, height: size } },
        ...{ random, randomOfPhoto, network: questions },
      });
      const same = ours.width === theirs.width && ours.height === theirs.height;
      console.log(
        `  ${name.padEnd(22)} ${same ? cosine(ours.data, theirs.data).toFixed(6) : `${ours.width}×${ours.height} against ${theirs.width}×${theirs.height}`}`,
      );
    }
  }
}

await main(process.argv.slice(2));
