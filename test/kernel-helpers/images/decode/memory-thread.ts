// A thread that holds as much of the pictures' memory as it is told, until it is told to give it back.
import { parentPort, workerData } from "node:worker_threads";
import { holdMemory } from "../../../../src/kernel-helpers/images/decode/decode-memory.js";

const { bytes, limit } = workerData as { bytes: number; limit: number };
void holdMemory(bytes, limit).then((release) => {
  parentPort!.postMessage("held");
  parentPort!.once("message", () => {
    release();
    parentPort!.postMessage("released");
  });
});
