import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { drawPhotos, temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { RedisServer, withoutRedis } from "../../../kernel-helpers/queue/redis-server.js";
import { runHere } from "../../bare-network.js";

describe("camlab work and camlab submit", { skip: withoutRedis() }, () => {
  const folder = temporaryFolder();
  const photos = join(folder, "photos");
  const at = (name: string) => join(folder, name);
  let server: RedisServer;
  before(async () => {
    mkdirSync(at("redis"));
    server = await RedisServer.start(at("redis"));
    const files = [...(await drawPhotos(join(photos, "red"), 3)), ...(await drawPhotos(join(photos, "blue"), 2))];
    writeFileSync(files[1], "broken");
  });
  after(async () => {
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const submit = (out: string, ...more: string[]) =>
    runHere("submit", "features", photos, "--folders", "--queue", server.url, "--out", at(out), ...more);

  test("a worker makes what one command makes, byte for byte, and Ctrl-C ends it", async () => {
    const whole = await runHere("features", photos, "--folders", "--no-cache", "--out", at("whole.arrow"));
    assert.equal(whole.code, 0, whole.stderr);
    const working = runHere("work", "--queue", server.url, "--root", folder, "--no-cache");
    const merged = await submit("merged.arrow", "--shard-size", "2");
    const parts = await submit("parts.arrow", "--shard-size", "3", "--no-merge");
    process.emit("SIGINT");
    const worked = await working;

    assert.equal(merged.code, 0, merged.stderr);
    assert.match(merged.stdout, /^4 images × \d+ features in .*merged\.arrow, 1 skipped$/m);
    assert.match(merged.stdout, /^.*merged\.arrow\.parts 3: \d pictures$/m);
    assert.match(merged.stderr, /photo-001\.png/);
    assert.deepEqual(readFileSync(at("merged.arrow")), readFileSync(at("whole.arrow")));
    assert.equal(existsSync(at("merged.arrow.parts")), false);

    assert.match(parts.stdout, /^5 pictures in 2 parts in .*parts\.arrow\.parts$/m);
    assert.equal(existsSync(at("parts.arrow")), false);
    const made = readdirSync(at("parts.arrow.parts")).filter((name) => name.endsWith(".arrow"));
    const shards = made.map((name) => join(at("parts.arrow.parts"), name));
    assert.equal((await runHere("features", "merge", ...shards, "--out", at("again.arrow"))).code, 0);
    assert.deepEqual(readFileSync(at("again.arrow")), readFileSync(at("whole.arrow")));

    assert.equal(worked.code, 130);
    assert.match(merged.stdout + worked.stdout, /^working, for what lies under .*; Ctrl-C ends it$/m);
  });

  test("a list of labels is what camlab features makes of it", async () => {
    const list = at("list.csv");
    writeFileSync(list, `image,label\n${join(photos, "red/photo-000.png")},sunset\n`);
    const working = runHere("work", "--queue", server.url, "--root", folder, "--no-cache");
    const { code, stderr } = await runHere(
      "submit",
      "features",
      list,
      "--queue",
      server.url,
      "--out",
      at("listed.csv"),
    );
    process.emit("SIGINT");
    await working;
    assert.equal(code, 0, stderr);
    assert.match(readFileSync(at("listed.csv"), "utf8"), /sunset/);
  });

  test("wrong usage is said", async () => {
    for (const [args, code, message] of [
      [["work", "--queue", server.url], 2, /--root <folders\.\.\.>/],
      [["work", "--root", folder], 2, /--queue/],
      [["work", "--queue", "http://me:secret@head", "--root", folder], 1, /invalid queue: "http:\/\/me:…@head"/],
      [["work", "--queue", server.url, "--root", at("nowhere")], 1, /the root .*nowhere cannot be used/],
      [["submit", "features", photos, "--out", at("x.arrow")], 2, /--queue/],
      [["submit", "features", photos, "--queue", server.url, "--out", at("x.txt")], 1, /x\.txt/],
    ] as const) {
      const ran = await runHere(...args);
      assert.equal(ran.code, code, ran.stderr);
      assert.match(ran.stderr, message);
    }
    assert.match((await submit("x.arrow", photos)).stderr, /--folders takes one folder/);
  });
});
