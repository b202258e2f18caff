/** The bytes of an archive, on disk or in memory. */
export interface ArchiveBytes {
  readonly size: number;
  /** Some of them; fewer where the archive ends. */
  readonly bytesAt: (start: number, size: number) => Buffer | Promise<Buffer>;
}
