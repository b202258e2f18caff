/** Which pictures of a part are learned from and judged by. The network was trained on seed 1; others are held out. */
export interface Sample {
  readonly seed: number;
  readonly train: number;
  readonly test: number;
}
