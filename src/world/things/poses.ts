/** x to the right, y downwards; the ground is at 0. */
export type Point = readonly [number, number];

/** How a figure of 100 units holds itself: where its ends are; elbows and knees follow. */
export interface Pose {
  readonly hip: Point;
  readonly neck: Point;
  readonly nearHand: Point;
  readonly farHand: Point;
  readonly nearFoot: Point;
  readonly farFoot: Point;
  /** Where the face turns: 1 to the right, −1 to the left, 0 to the viewer. */
  readonly face: number;
  readonly kneeForward: boolean;
  readonly elbowDown: boolean;
}

const upright: Pose = {
  hip: [0, -46],
  neck: [0, -80],
  nearHand: [11, -46],
  farHand: [-11, -46],
  nearFoot: [4, -2],
  farFoot: [-5, -3],
  face: 0,
  kneeForward: true,
  elbowDown: false,
};

const seated: Pose = {
  ...upright,
  hip: [0, -26],
  neck: [-1, -60],
  nearFoot: [20, -2],
  farFoot: [24, -3],
  nearHand: [16, -32],
  farHand: [20, -34],
  face: 1,
};

/** Everything that figures do, by name. The figure faces right; a placed figure may be mirrored. */
export const POSES: Readonly<Record<string, Pose>> = {
  standing: upright,
  akimbo: {
    ...upright,
    nearHand: [9, -50],
    farHand: [-9, -50],
    nearFoot: [8, -2],
    farFoot: [-8, -3],
    elbowDown: false,
  },
  waving: { ...upright, nearHand: [20, -96], elbowDown: true },
  walking: { ...upright, nearFoot: [13, -2], farFoot: [-14, -4], nearHand: [-10, -48], farHand: [14, -50], face: 1 },
  pointing: { ...upright, nearHand: [30, -74], farHand: [-10, -46], face: 1, elbowDown: true },
  sitting: seated,
  cycling: {
    ...upright,
    hip: [-11, -58],
    neck: [8, -86],
    nearHand: [25, -60],
    farHand: [27, -60],
    nearFoot: [2, -13],
    farFoot: [-6, -22],
    face: 1,
    elbowDown: true,
  },
  horseRiding: {
    ...upright,
    hip: [0, -64],
    neck: [0, -98],
    nearHand: [17, -74],
    farHand: [19, -76],
    nearFoot: [8, -30],
    farFoot: [10, -34],
    face: 1,
    elbowDown: true,
  },
  skating: {
    ...upright,
    hip: [-3, -50],
    neck: [6, -82],
    nearHand: [30, -78],
    farHand: [-24, -82],
    nearFoot: [17, -16],
    farFoot: [-17, -16],
    face: 1,
    elbowDown: true,
  },
  texting: { ...upright, nearHand: [15, -66], farHand: [11, -64], face: 0.7, elbowDown: true },
  calling: { ...upright, nearHand: [11, -88], farHand: [-10, -46], face: 0.5, elbowDown: true },
  reading: { ...seated, nearHand: [20, -48], farHand: [16, -47], face: 0.8, elbowDown: true },
  readingUp: { ...upright, nearHand: [17, -64], farHand: [12, -62], face: 0.8, elbowDown: true },
  cooking: { ...upright, nearHand: [23, -58], farHand: [16, -56], face: 1, elbowDown: true },
  fishing: { ...upright, nearHand: [20, -62], farHand: [15, -56], face: 1, elbowDown: true },
  guitar: { ...upright, nearHand: [5, -54], farHand: [-21, -68], face: -0.4, elbowDown: true },
  leash: {
    ...upright,
    nearFoot: [12, -2],
    farFoot: [-13, -4],
    nearHand: [19, -56],
    farHand: [-11, -48],
    face: 1,
    elbowDown: true,
  },
  umbrella: { ...upright, nearHand: [13, -66], farHand: [-11, -46], face: 0.6, elbowDown: true },
  kicking: {
    ...upright,
    hip: [-3, -47],
    neck: [-9, -80],
    nearFoot: [26, -14],
    farFoot: [-8, -2],
    nearHand: [-26, -66],
    farHand: [14, -66],
    face: 1,
    elbowDown: true,
  },
  drinking: { ...upright, nearHand: [15, -82], farHand: [-10, -46], face: 0.8, elbowDown: true },
  carrying: { ...upright, nearHand: [15, -56], farHand: [13, -56], face: 0.4, elbowDown: true },
};
