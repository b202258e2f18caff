/** Table 1 of Tan and Le (2019), stages 2 to 8. */
export const EFFICIENTNET_STAGES = [
  { growth: 1, kernel: 3, stride: 1, channels: 16, count: 1 },
  { growth: 6, kernel: 3, stride: 2, channels: 24, count: 2 },
  { growth: 6, kernel: 5, stride: 2, channels: 40, count: 2 },
  { growth: 6, kernel: 3, stride: 2, channels: 80, count: 3 },
  { growth: 6, kernel: 5, stride: 1, channels: 112, count: 3 },
  { growth: 6, kernel: 5, stride: 2, channels: 192, count: 4 },
  { growth: 6, kernel: 3, stride: 1, channels: 320, count: 1 },
] as const;
