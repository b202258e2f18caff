import { parentPort } from "node:worker_threads";
import { decodePlain } from "../wasm/decode-plain.js";
import type { ThreadReply, ThreadRequest } from "./decode-threads.js";

const port = parentPort!;
port.on("message", ({ bytes, jpeg, plan }: ThreadRequest) => {
  const pixels = decodePlain(bytes, jpeg, plan);
  port.postMessage({ pixels } satisfies ThreadReply, pixels ? [pixels.buffer as ArrayBuffer] : []);
});
port.postMessage("ready" satisfies ThreadReply);
