import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Command } from "commander";
import { addTrainCommand } from "../../../../src/cli/commands/train/train-cli.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { draw } from "../../../kernel-helpers/images/pictures.js";

const folder = temporaryFolder();
const photos = join(folder, "photos");
const at = (name: string) => join(folder, name);
const SMALL = ["--size", "16", "--channels", "6,8", "--batch", "8", "--validation", "0"];

/** Noise of two colours: what a network of a few filters tells apart. */
async function drawClasses(): Promise<void> {
  for (const [split, count] of [
    ["train", 16],
    ["test", 4],
  ] as const) {
    for (const [label, colour] of [
      ["red", [200, 60, 60]],
      ["blue", [60, 60, 200]],
    ] as const) {
      mkdirSync(join(photos, split, label), { recursive: true });
      for (let i = 0; i < count; i++) {
        const picture = draw(16, 16, (x, y) => {
          const [r, g, b] = colour.map((value) => value + ((x * 7 + y * 13 + i * 31) % 40) - 20);
          return [r, g, b];
        });
        writeFileSync(join(photos, split, label, `${i}.png`), await encodePng(picture));
      }
    }
  }
}

/** Runs `camlab train` in this process. `interruptAfter`: Ctrl-C when so many epochs are told of. */
async function train(args: readonly string[], interruptAfter = Infinity) {
  const exit = { code: -1 };
  const program = new Command().exitOverride();
  addTrainCommand(program, exit);
  program.commands.forEach((command) => command.exitOverride().configureOutput({ writeErr: () => {} }));
  const said = { stdout: "", stderr: "" };
  let epochs = 0;
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const write = stream.write.bind(stream);
    stream.write = (text: string | Uint8Array) => {
      if (typeof text !== "string") return write(text); // the test runner's own
      said[name] += text;
      if (name === "stderr" && text.startsWith("epoch ") && ++epochs === interruptAfter) process.emit("SIGINT");
      return true;
    };
    return () => void (stream.write = write);
  });
  let error: unknown;
  try {
    await program.parseAsync(["train", ...args], { from: "user" });
  } catch (thrown) {
    error = thrown;
  } finally {
    for (const undo of restore) undo();
  }
  return { ...said, code: exit.code, error };
}

describe("camlab train", () => {
  before(drawClasses);
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("interrupted and called again, it ends with the weights of an undisturbed training, in a network that opens", async () => {
    const recipe = ["--data", photos, ...SMALL, "--epochs", "4", "--learning-rate", "0.02", "--json"];
    const whole = await train([...recipe, "--out", at("whole")]);
    assert.equal(whole.code, 0, String(whole.error));
    const told = JSON.parse(whole.stdout) as {
      classes: string[];
      history: { loss: number }[];
      images: { learnedFrom: number };
      test: { images: number; accuracy: number };
    };
    assert.deepEqual([told.classes, told.images.learnedFrom, told.history.length], [["blue", "red"], 32, 4]);
    assert.ok(told.history[3].loss < told.history[0].loss);
    assert.deepEqual([told.test.images, told.test.accuracy], [8, 1]);

    const broken = await train([...recipe, "--out", at("broken")], 2);
    assert.equal((broken.error as Error).name, "AbortError");
    assert.match(broken.stderr, /kept in .*unfinished: the same command goes on from there, --fresh starts anew/);
    assert.ok(!existsSync(at("broken/model.onnx")));
    const other = await train([...recipe, "--epochs", "5", "--out", at("broken")]);
    assert.match(
      String(other.error),
      /holds an interrupted training with other pictures or settings \(other network, settings or backend\): .*--fresh/,
    );

    const resumed = await train([...recipe, "--out", at("broken")]);
    assert.equal(resumed.code, 0, String(resumed.error));
    assert.doesNotMatch(resumed.stderr, /epoch 1\/4/);
    assert.deepEqual(readFileSync(at("broken/model.onnx")), readFileSync(at("whole/model.onnx")));
    assert.ok(!existsSync(at("broken/unfinished")));
    using network = await openNetwork(at("broken"));
    assert.deepEqual(network.classes, ["blue", "red"]);
  });

  test("fine-tunes the head of a network; text for people; a picture that cannot be read is named", async () => {
    writeFileSync(join(photos, "train/red/broken.png"), "no picture");
    const { code, stdout, stderr, error } = await train([
      "--data",
      photos,
      "--network",
      "teaching",
      "--epochs",
      "3",
      "--device",
      "wasm",
      "--out",
      at("tuned"),
    ]);
    assert.equal(code, 0, String(error));
    assert.match(stderr, /epoch 3\/3: loss 0\.\d+, validation accuracy \d+\.\d %/);
    assert.match(stderr, /skipped .*broken\.png: /);
    assert.match(stdout, /^2 classes from \d+ images in \d+ s on wasm.*\ntest accuracy \d+\.\d % of 8 images/);
    assert.match(stdout, /wrote .*tuned: camlab look PHOTO --network .*tuned\n$/);
    rmSync(join(photos, "train/red/broken.png"));
  });

  test("--seed draws another world; what was skipped is named in the document as everywhere", async () => {
    const args = ["--data", "scenes", ...SMALL, "--train", "12", "--test", "0", "--epochs", "1", "--json"];
    const before = process.env.CAMLAB_CACHE;
    process.env.CAMLAB_CACHE = at("cache");
    try {
      const { stdout, error } = await train([...args, "--seed", "7", "--out", at("drawn")]);
      assert.equal(error, undefined);
      const { skipped, errors } = JSON.parse(stdout) as { skipped: unknown; errors?: unknown };
      assert.deepEqual([skipped, errors], [[], undefined]);
      const [version] = readdirSync(at("cache/world"));
      assert.deepEqual(readdirSync(join(at("cache/world"), version)), ["scenes-seed7-12-0-0"]);
    } finally {
      if (before === undefined) delete process.env.CAMLAB_CACHE;
      else process.env.CAMLAB_CACHE = before;
    }

    const broken = join(photos, "train/red/broken.png");
    writeFileSync(broken, "no picture");
    const { stdout } = await train(["--data", photos, ...SMALL, "--epochs", "1", "--out", at("some"), "--json"]);
    const { skipped } = JSON.parse(stdout) as { skipped: { file: string; error: string }[] };
    assert.deepEqual(
      skipped.map(({ file, error }) => [file, typeof error]),
      [[broken, "string"]],
    );
    rmSync(broken);
  });

  test("wrong usage is told before anything is read", async () => {
    const tried = async (...args: string[]) => String((await train(["--out", at("none"), ...args])).error);
    assert.match(await tried("--data", "nowhere"), /^UsageError: .*nowhere: no such file or folder, nor a drawn part/);
    assert.match(await tried("--data", photos, "--trainable", "head"), /UsageError: --trainable head needs --network/);
    assert.match(await tried("--data", photos, "--trainable", "0"), /expected head, all or a number of layers/);
    assert.match(await tried("--data", photos, "--channels", "32,x"), /expected whole numbers such as 32,64,128/);
    assert.ok(!existsSync(at("none")));
  });
});
