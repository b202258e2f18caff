import { parentPort, workerData } from "node:worker_threads";
import { createOnnxRuntimeEngine } from "../../engines/onnxruntime.js";
import { messageOf } from "../../support/errors.js";
import { engineVectors } from "../engine-vectors.js";
import type { NetworkReply, NetworkRequest, NetworkThreadSetting } from "./network-threads.js";
import { beginWork, endWork } from "./thread-state.js";

const port = parentPort!;
const { model, cores, state } = workerData as NetworkThreadSetting;
const requests: NetworkRequest[] = [];
let onRequest = (): void => {};

port.on("message", (request: NetworkRequest) => {
  // To end is not put off by batches that wait.
  if (request === "end") requests.length = 0;
  requests.push(request);
  onRequest();
});
void serve();

async function serve(): Promise<void> {
  try {
    using engine = await createOnnxRuntimeEngine(model.bytes, { device: "cpu", threads: cores });
    const run = engineVectors(engine, model);
    endWork(state);
    reply({ ready: true });
    for (let request = await next(); request !== "end"; request = await next()) {
      const { batch, count, size } = request;
      await beginWork(state);
      try {
        const vectors = await run(batch, count, size);
        endWork(state);
        reply({ vectors, batch }, [batch.buffer as ArrayBuffer]);
      } catch (error) {
        endWork(state);
        reply({ error: messageOf(error) });
      }
    }
  } catch (error) {
    endWork(state);
    reply({ error: messageOf(error) });
  } finally {
    port.close();
  }
}

async function next(): Promise<NetworkRequest> {
  while (requests.length === 0) await new Promise<void>((resolve) => (onRequest = resolve));
  return requests.shift()!;
}

function reply(message: NetworkReply, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}
