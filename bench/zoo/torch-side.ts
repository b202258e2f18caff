// PyTorch in a process of its own: commands in, answers out, one line each.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** What PyTorch is asked: see torch_side.py. */
export type TorchCommand =
  | { readonly torchvision: string; readonly folder: string }
  | { readonly graph: string; readonly folder: string }
  | { readonly golden: string; readonly torchvision?: string; readonly classes?: number }
  | { readonly run: number };

/** A running PyTorch. */
export interface TorchSide extends Disposable {
  ask(command: TorchCommand): Promise<TorchAnswer>;
}

/** What it answers, by what it was asked. */
export interface TorchAnswer {
  readonly ms?: readonly number[];
  readonly torch?: string;
  readonly scores?: readonly number[];
}

/** @param python a Python that has torch, torchvision, onnx and safetensors */
export function startTorch(python: string, threads: number): TorchSide {
  const child = spawn(python, [join(import.meta.dirname, "torch_side.py"), String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { value, done } = (await lines.next()) as IteratorResult<string, unknown>;
      if (done) throw new Error(`${python} ended: is torch installed there?`);
      return JSON.parse(value) as TorchAnswer;
    },
    [Symbol.dispose]: () => child.stdin.end(),
  };
}
