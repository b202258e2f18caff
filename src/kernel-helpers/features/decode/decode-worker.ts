import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../support/errors.js";
import type { DecodeReply, DecodeRequest } from "./decoder.js";
import { prepareViews, type PrepareSetting } from "./prepare-views.js";

const port = parentPort!;
port.on("message", ({ id, task, memory }: DecodeRequest) => {
  void prepareViews(task, workerData as PrepareSetting, memory).then(
    (views) => port.postMessage({ id, ...views } satisfies DecodeReply, [views.inputs.buffer as ArrayBuffer]),
    (error: unknown) => port.postMessage({ id, error: messageOf(error) } satisfies DecodeReply),
  );
});
