import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
export const beach = join(root, "models/teaching/beach.png");

/** Runs the built command line as a person would. */
export async function camlab(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(root, "bin/camlab.js"), ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { code, stdout, stderr };
}

/** Runs a command as nobody should: what it says on stderr, once it has ended as wrong usage ends. */
export async function wrongUsage(...args: string[]): Promise<string> {
  const { code, stderr } = await camlab(...args);
  assert.equal(code, 2, stderr);
  return stderr;
}

export async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}
