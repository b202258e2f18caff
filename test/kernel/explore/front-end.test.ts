// The explorer's front end without a browser: its asks end, whatever becomes of the kernel and of the view.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { EXPLORE_FRONT_END } from "../../../src/kernel/explore/front-end.js";

type Content = { readonly kind: string; readonly id?: string };
type Ask = (content: Content) => { readonly answer: Promise<{ buffers: DataView[] }>; readonly cancel: () => void };

interface FrontEnd {
  talk(model: object): { readonly ask: Ask; readonly end: () => void };
  vegaOf(ask: Ask): Promise<{ readonly vegaEmbed: unknown }>;
}

describe("the explorer's front end", () => {
  let frontEnd: FrontEnd;
  before(async () => {
    const source = `${EXPLORE_FRONT_END}\nexport { talk, vegaOf };`;
    frontEnd = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as FrontEnd;
  });
  beforeEach(() => mock.timers.reset());
  after(() => mock.timers.reset());

  /** A model whose messages go to the test, and come from it. */
  function modelOf() {
    const sent: Content[] = [];
    const listeners = new Set<(content: Content, buffers?: readonly DataView[]) => void>();
    return {
      sent,
      say: (content: Content, buffers?: readonly DataView[]) => listeners.forEach((each) => each(content, buffers)),
      send: (content: Content) => sent.push(content),
      on: (_: string, listener: (content: Content) => void) => listeners.add(listener),
      off: (_: string, listener: (content: Content) => void) => listeners.delete(listener),
    };
  }

  test("nobody hears: said after three seconds; who has heard may take longer, and answers", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const model = modelOf();
    const { ask } = frontEnd.talk(model);
    const unheard = assert.rejects(ask({ kind: "start" }).answer, /does not answer/);
    const heard = ask({ kind: "start" }).answer;
    const { id } = model.sent[1];
    model.say({ kind: "heard", id });
    mock.timers.tick(60_000);
    await unheard;
    model.say({ kind: "answer", id });
    assert.equal(((await heard) as unknown as Content).kind, "answer");
  });

  test("a kernel that is lost after it has heard does not answer to the word to cancel: said, too", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const model = modelOf();
    const { answer, cancel } = frontEnd.talk(model).ask({ kind: "start" });
    model.say({ kind: "heard", id: model.sent[0].id });
    cancel();
    assert.deepEqual(model.sent[1], { kind: "cancel", id: model.sent[0].id });
    const failed = assert.rejects(answer, /does not answer/);
    mock.timers.tick(3000);
    await failed;
  });

  test("a view that goes while it asks for Vega leaves no other waiting: the next asks itself", async () => {
    const [gone, stays] = [modelOf(), modelOf()];
    const [first, second] = [gone, stays].map((model) => frontEnd.talk(model));
    const lost = assert.rejects(frontEnd.vegaOf(first.ask), /view is gone/);
    gone.say({ kind: "heard", id: gone.sent[0].id });
    const loaded = frontEnd.vegaOf(second.ask);
    assert.equal(stays.sent.length, 0, "one asks for all");
    first.end();
    await lost;
    await new Promise(setImmediate);
    const packed = gzipSync("globalThis.vega = globalThis.vegaLite = globalThis.vegaEmbed = 7;");
    const bytes = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
    stays.say({ kind: "answer", id: stays.sent[0].id }, [bytes]);
    assert.equal((await loaded).vegaEmbed, 7);
    assert.equal((await frontEnd.vegaOf(first.ask)).vegaEmbed, 7, "once for all");
  });
});
