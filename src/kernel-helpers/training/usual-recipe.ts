import type { Augmentation } from "./data/augment.js";
import type { Optimizer } from "./loop/optimizer.js";
import type { Recipe, Trainable } from "./train-options.js";

/**
 * How pictures are changed at random while a network learns: not at all; cuts and mirroring; colours too.
 *
 * @example
 * await trainGapNetwork({ graph: net, pictures, augmentation: networks.AUGMENTATIONS.light });
 */
export const AUGMENTATIONS = {
  none: {},
  light: { scale: [0.6, 1], flip: true },
  strong: { scale: [0.4, 1], aspect: [0.8, 1.25], flip: true, brightness: 0.2, contrast: 0.2, saturation: 0.2 },
} as const satisfies Readonly<Record<string, Augmentation>>;

/** What a recipe is for, and what of it is given. */
export interface UsualRecipeOptions {
  /** Whether the network was trained before; false unless given. */
  readonly trained?: boolean;
  /** `head` for a network that was trained before, else `all`, unless given. */
  readonly trainable?: Trainable;
  /** `adamw` unless given; for the head alone stochastic gradient descent with momentum. */
  readonly optimizer?: Optimizer["kind"];
}

/**
 * The recipe that `camlab train` follows where it is not told otherwise: AdamW with a limit on the gradient and light
 * augmentation; for the head alone, whose features are computed once, what `fineTune` does by itself.
 *
 * @example
 * const recipe = networks.usualRecipe();
 * await trainGapNetwork({ ...recipe, graph: net, pictures });
 */
export function usualRecipe(options: UsualRecipeOptions = {}): Recipe {
  const { trained = false, optimizer, trainable = trained ? "head" : "all" } = options;
  const headOnly = trained && trainable === "head";
  const kind = optimizer ?? (headOnly ? undefined : "adamw");
  const rate = headOnly || kind === "sgd" ? undefined : trained ? 5e-4 : 2e-3;
  return {
    trainable,
    ...(kind !== undefined && { optimizer: { kind } }),
    ...(rate !== undefined && { learningRate: rate }),
    ...(!headOnly && { clipNorm: 1 }),
    augmentation: headOnly ? AUGMENTATIONS.none : AUGMENTATIONS.light,
  };
}
