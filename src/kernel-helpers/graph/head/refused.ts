/** Why two things cannot be put together. */
export interface Refused {
  readonly refused: string;
  /** Why nothing like it could be: what a person should do instead differs. */
  readonly because?: "one token" | "whole numbers";
}
