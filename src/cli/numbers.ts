import type { HeatMap } from "../kernel-helpers/cam/heat-map.js";
import type { Interval } from "../kernel-helpers/support/statistics.js";
import { percentText } from "../widgets/kit/text/numbers.js";

/** A share and where it likely lies: "88.3 % (87.0 % to 89.5 %)". */
export function estimateText({ value, low, high }: Pick<Interval, "value" | "low" | "high">): string {
  return `${percentText(value, 1)} (${percentText(low, 1)} to ${percentText(high, 1)})`;
}

/** A map in a document for programs: what it speaks for where that is known, its size and its values to six digits. */
export function mapJson({ label, width, height, data }: HeatMap) {
  return { ...(label !== undefined && { label }), width, height, data: sixDigits(data) };
}

/** Numbers in a document for programs, each to six digits. */
export function sixDigits(values: Float32Array): number[] {
  return Array.from(values, (value) => Number(value.toPrecision(6)));
}
