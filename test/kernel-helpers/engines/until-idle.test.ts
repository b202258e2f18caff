import assert from "node:assert/strict";
import { test } from "node:test";
import { UntilIdle } from "../../../src/kernel-helpers/engines/until-idle.js";

test("what is held is freed once, when nothing runs any more, and not run again", async () => {
  let freed = 0;
  const held = new UntilIdle(() => freed++);
  let end = () => {};
  const running = held.run(() => new Promise<string>((resolve) => (end = () => resolve("done"))));
  held.dispose();
  held.dispose();
  assert.equal(freed, 0);
  await assert.rejects(
    held.run(() => Promise.resolve()),
    /this engine was disposed/,
  );
  end();
  assert.equal(await running, "done");
  assert.equal(freed, 1);
});

test("work that fails is work that ended", async () => {
  let freed = 0;
  const held = new UntilIdle(() => freed++);
  await assert.rejects(
    held.run(() => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.equal(freed, 0);
  held.dispose();
  assert.equal(freed, 1);
});
