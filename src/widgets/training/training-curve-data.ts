/** Everything that the curves of trainings show, as plain data. */
export interface TrainingCurveData {
  /** Stands above both panels. */
  readonly title: string;
  /** What the right panel shows, e.g. "validation accuracy, %"; absent when no training was judged. */
  readonly figureName?: string;
  /** Trainings that are told apart by colour, in the legend's order. */
  readonly names: readonly string[];
  /** One a training and repetition, e.g. a seed: repetitions share a name and a colour. */
  readonly lines: readonly TrainingLine[];
}

/** One training. */
export interface TrainingLine {
  readonly name: string;
  readonly points: readonly TrainingPoint[];
}

/** After one epoch. */
export interface TrainingPoint {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  /** On images that are not learned from, in percent. */
  readonly figure?: number;
}
