// What `camlab kernel` registers it also lists. A user's data folder of its own; no Jupyter is needed.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { camlab } from "../../camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-kernels-"));
process.env.JUPYTER_DATA_DIR = join(folder, "user");
delete process.env.JUPYTER_PATH;
after(() => rmSync(folder, { recursive: true, force: true }));

const list = async (...flags: string[]) => (await camlab("kernel", "list", ...flags)).stdout;

test("lists what it registered for the user", async () => {
  assert.match(await list(), /^the camlab kernel is not registered: camlab kernel install/);
  assert.equal((await camlab("kernel", "install", "--user")).code, 0);
  assert.match(await list(), /user[/\\]kernels[/\\]camlab {2}ready\n/);
  assert.equal((await camlab("kernel", "uninstall")).code, 0);
  assert.match(await list(), /not registered/);
});

test("lists what it registered below a prefix, and who looks there, without being told the prefix again", async () => {
  const prefix = join(folder, "my environment");
  const { stdout } = await camlab("kernel", "install", "--prefix", prefix);
  assert.match(stdout, /registered the camlab kernel in .*my environment/);
  assert.match(stdout, /only a Jupyter of that environment looks there: .*my environment.*jupyter lab/);
  assert.match(await list(), /my environment.*camlab {2}ready; only a Jupyter of that environment looks there/);
  const { kernels } = JSON.parse(await list("--json")) as { kernels: { folder: string; onlyIn?: string }[] };
  assert.deepEqual(
    kernels.map(({ onlyIn }) => onlyIn),
    [prefix],
  );
  assert.equal((await list("--prefix", prefix)).split("\n").filter((line) => line.includes("ready")).length, 1);
  assert.equal((await camlab("kernel", "uninstall", "--prefix", prefix)).code, 0);
  assert.match(await list(), /not registered/);
  assert.deepEqual(readdirSync(join(folder, "user")), ["kernels"]);
  assert.equal((await camlab("kernel", "uninstall", "--prefix", prefix)).code, 1);
});

test("a prefix whose folder is gone is not listed, a damaged registration is, with what to do", async () => {
  const [gone, damaged] = [join(folder, "gone"), join(folder, "damaged")];
  await camlab("kernel", "install", "--prefix", gone);
  rmSync(gone, { recursive: true });
  await camlab("kernel", "install", "--prefix", damaged);
  const spec = join(damaged, "share/jupyter/kernels/camlab/kernel.json");
  for (const text of ["{", "null", '{"argv":5}', '{"argv":["node"]}', '{"argv":[1,2]}']) {
    writeFileSync(spec, text);
    const listed = await list();
    assert.match(
      listed,
      /damaged.*kernel\.json (cannot be read|does not say what to start).*camlab kernel install/,
      text,
    );
    assert.doesNotMatch(listed, /gone[/\\]/);
  }
});

test("refuses two places, and a place that cannot be written", async () => {
  const both = await camlab("kernel", "install", "--user", "--prefix", folder);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--user and --prefix are two places/);
  mkdirSync(join(folder, "blocked"));
  writeFileSync(join(folder, "blocked", "share"), "");
  const blocked = await camlab("kernel", "install", "--prefix", join(folder, "blocked"));
  assert.equal(blocked.code, 1);
  assert.match(blocked.stderr, /cannot register the kernel in .*blocked/);
});
