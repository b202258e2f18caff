/** An estimate with its interval, all shares. */
interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A share in per cent: "88 %".
 *
 * @param digits after the point; 0 unless given
 */
export function percentText(share: number, digits = 0): string {
  return `${percentNumber(share, digits)} %`;
}

/** A share in per cent without the sign, for columns and ranges whose text has it: "88". */
export function percentNumber(share: number, digits = 0): string {
  return withMinus((100 * share).toFixed(digits));
}

/**
 * A share in per cent with as many digits as it needs, up to `significant` of them: "0.5 %", "12 %".
 */
export function shortPercentText(share: number, significant = 3): string {
  return `${withMinus(String(Number((100 * share).toPrecision(significant))))} %`;
}

/** A share in per cent with its interval: "88.3 %  (87.0–89.5)". */
export function intervalText({ value, low, high }: Interval): string {
  return `${percentText(value, 1)}  (${percentNumber(low, 1)}–${percentNumber(high, 1)})`;
}

/** A probability: 0.93, 0.004, <0.001. */
export function probabilityText(probability: number): string {
  if (probability < 0.001) return "<0.001";
  return probability.toFixed(probability < 0.01 ? 3 : 2);
}

/** A score, with a real minus: "−1.24". */
export function scoreText(score: number, digits = 2): string {
  return withMinus(score.toFixed(digits));
}

/** A number that is to be added, with its sign: "+1.2", "−0.3", "±0.0". */
export function signedText(value: number, digits = 1): string {
  const size = Math.abs(value).toFixed(digits);
  return `${Number(size) === 0 ? "±" : value < 0 ? "−" : "+"}${size}`;
}

/** A share as it is written in lists of shares: ".98", "1.0". */
export function shortShare(share: number): string {
  return share > 0.995 ? "1.0" : share.toFixed(2).slice(1);
}

/** How many, whatever the machine's language: 2985 as "2,985". */
export function countText(count: number): string {
  return count.toLocaleString("en-US");
}

function withMinus(text: string): string {
  return text.replace("-", "−");
}
