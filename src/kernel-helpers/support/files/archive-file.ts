/** A file inside an archive that lies in memory. */
export interface ArchiveFile {
  readonly name: string;
  /** Bytes when unpacked, as the archive says. */
  readonly size: number;
  /**
   * Its content: a view of the archive's own bytes where they are stored as they are.
   *
   * @throws CamlabError when the archive is damaged
   */
  bytes(): Uint8Array;
}

/** No file of an archive in memory is larger when unpacked. */
export const LARGEST_UNPACKED = 2 ** 31;
