// The explorer in a kernel whose front end has anywidget, or not: without a kernel process.
import assert from "node:assert/strict";
import { join } from "node:path";
import { afterEach, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import type { Comm, CommMessage } from "../../../src/kernel/comms/comm.js";
import { type KernelHook, installKernelHook } from "../../../src/kernel/display/kernel-hook.js";
import { mimeBundle, type MimeBundle, plainBundle } from "../../../src/kernel/display/mime-bundle.js";
import { explore } from "../../../src/kernel/explore/explore.js";

const VIEW = "application/vnd.jupyter.widget-view+json";

describe("explore", () => {
  afterEach(() => Reflect.deleteProperty(globalThis, Symbol.for("camlab.kernel")));

  /** A kernel that notes what it is to show, and a front end that a test speaks for. */
  function kernel() {
    const shown: { bundle: MimeBundle; id?: string; update?: boolean }[] = [];
    const sent: unknown[] = [];
    let receive: (message: CommMessage) => void = () => assert.fail("no comm is open");
    const comm: Partial<Comm> = {
      id: "its-model",
      send: ({ data }) => sent.push(data.content),
      onMessage: (callback) => void (receive = callback),
    };
    const hook: Partial<KernelHook> = {
      display: (bundle, options) => shown.push({ bundle: plainBundle(bundle), ...options }),
      comms: { open: () => comm as Comm, accept: () => undefined },
    };
    return { hook, shown, sent, say: (content: object) => receive({ data: { method: "custom", content } }) };
  }

  test("shows the still view itself; the live one takes its place once the front end is ready, and answers", async () => {
    using network = await openNetwork(join(packageRoot(), "models/teaching"));
    const seen = await look(network, join(packageRoot(), "models/teaching/beach.png"));
    const widget = explore(seen, { classes: 2 });
    const still = await mimeBundle(widget);
    assert.ok(still["image/png"] && !(VIEW in still), "without a kernel it is the Vega view");

    const { hook, shown, sent, say } = kernel();
    installKernelHook(hook as KernelHook);
    assert.deepEqual(await mimeBundle(widget), {});
    assert.ok(isDeepStrictEqual(shown, [{ bundle: still, id: shown[0].id }]));
    say({ kind: "ready" });
    while (shown.length < 2) await new Promise(setImmediate);
    const view = { version_major: 2, version_minor: 0, model_id: "its-model" };
    const live = { bundle: { [VIEW]: view, ...still }, id: shown[0].id, update: true };
    assert.ok(isDeepStrictEqual(shown[1], live));
    say({ kind: "names", id: "a", text: "ball" });
    assert.deepEqual(sent, [
      { kind: "heard", id: "a" },
      { kind: "answer", id: "a", names: ["red ball"] },
    ]);
  });
});
