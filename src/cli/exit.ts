/** Set by a command's action: what the process should exit with. */
export interface Exit {
  code: number;
}
