/** Nodes and weights of Gauss's rule of 8 points on 0 … 1 (Abramowitz and Stegun, table 25.4). */
export const GAUSS: readonly (readonly [node: number, weight: number])[] = (
  [
    [0.1834346424956498, 0.362683783378362],
    [0.525532409916329, 0.3137066458778873],
    [0.7966664774136267, 0.2223810344533745],
    [0.9602898564975363, 0.1012285362903763],
  ] as const
).flatMap(([x, w]) => [
  [(1 - x) / 2, w / 2],
  [(1 + x) / 2, w / 2],
]);
