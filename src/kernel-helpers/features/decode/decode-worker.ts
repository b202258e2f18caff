import { parentPort, workerData } from "node:worker_threads";
import { loadSharp } from "../../images/files/open-image.js";
import { fillInput } from "../../images/input/fill-input.js";
import { messageOf } from "../../support/errors.js";
import type { DecodeReply, DecodeRequest, DecodeThreadSetting } from "./decoder.js";
import { prepareViews, type PreparedViews } from "./prepare-views.js";

const port = parentPort!;
const { setting, ahead } = workerData as DecodeThreadSetting;
const waiting: DecodeRequest[] = [];
let running = 0;

port.on("message", (request: DecodeRequest) => {
  waiting.push(request);
  startSome();
});
void loadSharp().then(() => port.postMessage("ready" satisfies DecodeReply));

/**
 * While most of what was asked for is ready and waits for the network, one image at a time: decoding then fills the
 * gaps that the network leaves on the processor all along, instead of crowding it out for a moment and leaving it alone
 * after. Once the network might have to wait, all at once.
 */
function startSome(): void {
  while (waiting.length > 0 && (running === 0 || waiting.length + running > ahead / 2)) {
    running += 1;
    void prepare(waiting.shift()!);
  }
}

async function prepare({ id, task, memory }: DecodeRequest): Promise<void> {
  try {
    const { identity, ...views } = await prepareViews(task, setting);
    const inputs = inputsOf(views, memory);
    const { width, height } = views;
    port.postMessage({ id, inputs, width, height, identity } satisfies DecodeReply, [inputs.buffer as ArrayBuffer]);
  } catch (error) {
    port.postMessage({ id, error: messageOf(error) } satisfies DecodeReply);
  }
  running -= 1;
  startSome();
}

/** `views × 3 × height × width`, in the memory given when it is large enough. */
function inputsOf({ pixels, width, height }: PreparedViews, memory: ArrayBuffer | undefined): Float32Array {
  const input = { ...setting.preprocessing, width, height };
  const length = pixels.length * 3 * width * height;
  const inputs =
    memory && memory.byteLength >= 4 * length ? new Float32Array(memory, 0, length) : new Float32Array(length);
  pixels.forEach((view, slot) => fillInput(inputs, slot, view, input));
  return inputs;
}
