/**
 * Side at which the embedded network is shown drawn streets: letters are smaller than anything that it was trained on,
 * and at this size twice as large as at its own.
 */
export const DRAWN_LETTERS_SIZE = 336;
