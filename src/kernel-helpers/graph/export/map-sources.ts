/** The values that maps are made of. */
export interface MapSources {
  /** Feature maps, `N × K × height × width`. */
  readonly maps: string;
  /** Pooled features, `N × K × 1 × 1`. */
  readonly features: string;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}
