// What the values of options may be; commander prints the messages beside the option's name.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Shard } from "../kernel-helpers/support/shard.js";

/** Which device to run on. */
export function deviceOption(): Option {
  return new Option("--device <device>", "what to run on").choices(["auto", "cpu", "webgpu", "cuda"]).default("auto");
}

/**
 * What reads a number.
 *
 * @param holds whether it may be this one
 * @param expected what it may be, in words
 */
export function numberWhere(holds: (value: number) => boolean, expected: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !holds(value)) throw new InvalidArgumentError(`expected ${expected}.`);
    return value;
  };
}

/** A whole number from 1. */
export const positiveInteger = numberWhere(
  (value) => Number.isInteger(value) && value >= 1,
  "a whole number of at least 1",
);

/** A whole number from 0. */
export const wholeNumber = numberWhere((value) => Number.isInteger(value) && value >= 0, "a whole number");

/** A number above 0. */
export const positiveNumber = numberWhere((value) => value > 0 && value < Infinity, "a number above 0");

/** 0 ≤ t < 1. */
export const share = numberWhere((value) => value >= 0 && value < 1, "0 ≤ t < 1");

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
