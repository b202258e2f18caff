// What the values of options may be; commander prints the messages beside the option's name.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Shard } from "../kernel-helpers/support/shard.js";

/** Which device to run on. */
export function deviceOption(): Option {
  return new Option("--device <device>", "what to run on").choices(["auto", "cpu", "webgpu", "cuda"]).default("auto");
}

/** A whole number from 1. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number of at least 1.");
  return value;
}

/** A whole number from 0. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError("expected a whole number.");
  return value;
}

/** Which part of several, such as 3/16. */
export function shard(text: string): Shard {
  const [, index, of] = /^(\d{1,7})\/(\d{1,7})$/.exec(text.trim()) ?? [];
  const given = { index: Number(index), of: Number(of) };
  if (given.index >= 1 && given.index <= given.of) return given;
  throw new InvalidArgumentError("expected I/N with 1 ≤ I ≤ N, such as 3/16.");
}

/** Objects that make photographs one of a kind, by the kind's name: one `kitchen=oven,sink` more. */
export function probes(text: string, before: Readonly<Record<string, readonly string[]>>) {
  const [name, ...rest] = text.split("=");
  const objects = rest.join("=").split(",");
  if (name.trim() === "" || objects.some((object) => object.trim() === ""))
    throw new InvalidArgumentError("expected a name and objects: kitchen=oven,sink.");
  if (name.trim() in before) throw new InvalidArgumentError(`${name.trim()} is given twice.`);
  return { ...before, [name.trim()]: objects.map((object) => object.trim()) };
}

/** 0 ≤ t < 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < 1)) throw new InvalidArgumentError("expected 0 ≤ t < 1.");
  return value;
}

/** A number above 0. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value > 0 && value < Infinity))
    throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** What the numbers of drawn pictures are for, as help says it; a number that is not named is not offered. */
export interface DrawnOptionsHelp {
  readonly train?: string;
  readonly test?: string;
  readonly seed: string;
}

/** Adds how many pictures are drawn, by the part unless given, and from which seed. */
export function addDrawnOptions(command: Command, { train, test, seed }: DrawnOptionsHelp): Command {
  if (train !== undefined) command.option("--train <count>", `drawn pictures to ${train}`, positiveInteger);
  if (test !== undefined) command.option("--test <count>", `drawn pictures to ${test}`, positiveInteger);
  return command.option("--seed <number>", seed, wholeNumber, 0);
}
