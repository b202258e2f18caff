import { UsageError } from "./usage-error.js";

/**
 * Options that say where something comes from: one of them at most.
 *
 * @throws UsageError that names those that were given
 * @example
 * giveOne({ coco, yolo }); // give one of --coco and --yolo, not both
 */
export function giveOne(sources: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(sources).filter((name) => sources[name] !== undefined);
  if (given.length < 2) return;
  const names = given.map((name) => `--${name}`);
  const last = names.pop();
  throw new UsageError(`give one of ${names.join(", ")} and ${last}, not ${given.length === 2 ? "both" : "several"}`);
}
