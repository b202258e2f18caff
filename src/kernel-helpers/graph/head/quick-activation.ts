// Activations that take exponentials, from tables: where units are followed along a path they are computed thousands of times.
import { activationFunction, type Activation, type ActivationFunction } from "./activations.js";

/** Cubics through four points each stand from −LAST to LAST, so many in a unit: exact to about 1e-9. */
const LAST = 16;
const PER_UNIT = 32;
const COUNT = 2 * LAST * PER_UNIT;
const EXACT = 1e-8;

const known = new Map<string, ActivationFunction>();

/** The function behind an activation, from a table where that is quicker and as good. */
export function quickFunction(activation: Activation): ActivationFunction {
  const key = JSON.stringify(activation);
  let made = known.get(key);
  if (!made) known.set(key, (made = quickOf(activation)));
  return made;
}

function quickOf(activation: Activation): ActivationFunction {
  const exact = activationFunction(activation);
  if (!SLOW.includes(activation.kind)) return exact;
  const [value, slope] = [tabled(exact.value), tabled(exact.slope)];
  return { ...exact, value: value ?? exact.value, slope: slope ?? exact.slope };
}

const SLOW: readonly Activation["kind"][] = [
  ...(["sigmoid", "tanh", "gelu", "gelu-tanh", "softplus", "mish", "erf", "silu", "elu", "celu"] as const),
];

/** Undefined where a cubic is too far off, as where a function jumps. */
function tabled(of: (x: number) => number): ((x: number) => number) | undefined {
  const table = new Float64Array(4 * COUNT);
  for (let i = 0; i < COUNT; i++) {
    const at = (u: number) => of((i + u) / PER_UNIT - LAST);
    const [a, b, c, d] = [at(0), at(1 / 3), at(2 / 3), at(1)];
    const one = (-11 * a + 18 * b - 9 * c + 2 * d) / 2;
    const two = (18 * a - 45 * b + 36 * c - 9 * d) / 2;
    const three = (-9 * a + 27 * b - 27 * c + 9 * d) / 2;
    table.set([a, one, two, three], 4 * i);
    for (const u of [1 / 6, 1 / 2, 5 / 6]) {
      if (!(Math.abs(a + u * (one + u * (two + u * three)) - at(u)) < EXACT)) return undefined;
    }
  }
  return (x) => {
    const t = (x + LAST) * PER_UNIT;
    if (!(t >= 0 && t < COUNT)) return of(x);
    const i = t | 0;
    const u = t - i;
    const k = 4 * i;
    return table[k] + u * (table[k + 1] + u * (table[k + 2] + u * table[k + 3]));
  };
}
